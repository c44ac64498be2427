// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import io.github.ipvs4j.ipvs.TransportProtocol;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.reconciler.Service;
import io.github.ipvs4j.reconciler.ServicePort;
import io.github.ipvs4j.reconciler.ServiceType;
import io.github.ipvs4j.reconciler.SessionAffinity;
import io.github.ipvs4j.reconciler.TrafficPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a Service: fills in what the API server would fill in, and refuses what it would refuse as far as that would
 * end in the kernel. An address or port that is wrong is left out, and the rest of the Service is used, as long as
 * there is a cluster address and a port; where a word is wrong that changes what the Service means, it is refused.
 */
final class ServiceManifest {
    private static final String HEADLESS = "None";
    private static final int HIGHEST_PORT = 65_535;
    private static final int DEFAULT_AFFINITY_SECONDS = 10_800;
    private static final int LONGEST_AFFINITY_SECONDS = 86_400;

    private final Metadata metadata;
    private final Field spec;
    private final Field ingress;
    private final ServiceType type;
    private final boolean typeKnown;

    private ServiceManifest(Field object, Metadata metadata, ObjectReport report) {
        this.metadata = metadata;
        this.spec = object.get("spec");
        this.ingress = object.get("status").get("loadBalancer").get("ingress");
        int before = report.problems().size();
        this.type = spec.get("type").oneOf(Words.SERVICE_TYPES, ServiceType.CLUSTER_IP);
        this.typeKnown = report.problems().size() == before;
    }

    /** Returns the Service; empty if something was wrong with it, which has been reported then. */
    static Optional<Service> read(Field object, Metadata metadata, ObjectReport report) {
        return new ServiceManifest(object, metadata, report).read(report);
    }

    private Optional<Service> read(ObjectReport report) {
        boolean headless = isHeadless();
        List<IpAddress> clusterIps = headless || type == ServiceType.EXTERNAL_NAME ? List.of() : clusterIps();
        List<ServicePort> ports = type == ServiceType.EXTERNAL_NAME ? List.of() : ports(headless);
        SessionAffinity affinity = affinity();
        TrafficPolicy internal = spec.get("internalTrafficPolicy").oneOf(Words.POLICIES, TrafficPolicy.CLUSTER);
        TrafficPolicy external = spec.get("externalTrafficPolicy").oneOf(Words.POLICIES, TrafficPolicy.CLUSTER);
        List<IpAddress> externalIps = addresses(spec.get("externalIPs").items(), "an external address");
        SourceRanges sourceRanges = SourceRanges.read(spec.get("loadBalancerSourceRanges"));
        List<IpAddress> loadBalancerIps = sourceRanges.allowed(loadBalancerIps(), ingress);
        int healthCheckNodePort = portNumber(spec.get("healthCheckNodePort"));
        if (!report.clean()) {
            return Optional.empty();
        }
        return Optional.of(Service.builder(metadata.objectName())
                .type(type)
                .clusterIps(clusterIps)
                .ports(ports)
                .affinity(affinity)
                .internalPolicy(internal)
                .externalPolicy(external)
                .externalIps(externalIps)
                .loadBalancerIps(loadBalancerIps)
                .sourceRanges(sourceRanges.blocks())
                .healthCheckNodePort(healthCheckNodePort)
                .labels(metadata.labels())
                .annotations(metadata.annotations())
                .build());
    }

    private boolean isHeadless() {
        List<Field> all = spec.get("clusterIPs").items();
        Field first = all.isEmpty() ? spec.get("clusterIP") : all.get(0);
        return first.text().equals(HEADLESS);
    }

    private List<IpAddress> clusterIps() {
        Field single = spec.get("clusterIP");
        List<Field> fields = spec.get("clusterIPs").items();
        if (fields.isEmpty()) {
            fields = single.present() ? List.of(single) : List.of();
        } else if (single.present() && !single.text().equals(fields.get(0).text())) {
            single.wrong(
                    "'" + single.text() + "' is not the first of spec.clusterIPs; write the same address in both, or"
                            + " leave one of them out");
        }
        if (fields.stream().allMatch(field -> field.text().isEmpty())) {
            single.require(
                    "there is no API server here that picks one: write a free address of the service range, or None"
                            + " for a headless Service");
        }
        Map<IpFamily, IpAddress> addresses = new EnumMap<>(IpFamily.class);
        List<IpAddress> inOrder = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
            int index = i;
            // Without its only address a Service is nothing; of two one does.
            Optional<IpAddress> address = fields.size() == 1
                    ? clusterIp(fields.get(i), addresses)
                    : fields.get(i).orLeftOut(field -> clusterIp(field, addresses));
            address.ifPresent(ip -> {
                addresses.put(ip.family(), ip);
                inOrder.add(ip);
                checkFamily(index, ip);
            });
        }
        if (inOrder.isEmpty() && fields.size() > 1) {
            spec.get("clusterIPs").wrong("none of them can be used; correct one of them");
        }
        return inOrder;
    }

    private static Optional<IpAddress> clusterIp(Field field, Map<IpFamily, IpAddress> others) {
        return field.address().filter(address -> {
            IpAddress other = others.get(address.family());
            boolean possible = canBeReached(address) && !address.isLoopback();
            if (other != null) {
                field.wrong(
                        "'" + address + "' is of the same family as " + other + "; write one address of each family");
            } else if (!possible) {
                field.wrong("'" + address + "' cannot be a cluster address; write one of the service range");
            }
            return other == null && possible;
        });
    }

    private static boolean canBeReached(IpAddress address) {
        return !(address.isUnspecified() || address.isMulticast());
    }

    /** Returns those that this node serves: not names, and not those that lead to a proxy. */
    private List<IpAddress> loadBalancerIps() {
        List<Field> served = new ArrayList<>();
        for (Field entry : ingress.items()) {
            entry.orLeftOut(field -> Optional.of(field.get("ipMode").oneOf(Words.IP_MODES, Boolean.TRUE)))
                    .filter(Boolean::booleanValue)
                    .ifPresent(here -> served.add(entry.get("ip")));
        }
        return addresses(served, "an address of a load balancer");
    }

    private static List<IpAddress> addresses(List<Field> fields, String what) {
        List<IpAddress> addresses = new ArrayList<>();
        for (Field item : fields) {
            item.orLeftOut(field -> field.address().filter(address -> {
                        if (!canBeReached(address)) {
                            field.wrong("'" + address + "' cannot be " + what + "; write one that clients reach");
                        }
                        return canBeReached(address);
                    }))
                    .filter(address -> !addresses.contains(address))
                    .ifPresent(addresses::add);
        }
        return addresses;
    }

    private void checkFamily(int index, IpAddress address) {
        List<Field> families = spec.get("ipFamilies").items();
        if (index < families.size()
                && families.get(index).oneOf(Words.FAMILIES, address.family()) != address.family()) {
            families.get(index)
                    .wrong("does not fit the cluster address " + address
                            + "; list the families in the order of spec.clusterIPs, or leave them out");
        }
    }

    private List<ServicePort> ports(boolean headless) {
        Field list = spec.get("ports");
        List<Field> fields = list.items();
        if (fields.isEmpty() && !headless) {
            list.require("list at least one port");
        }
        List<ServicePort> ports = new ArrayList<>();
        PortNumbers numbers = new PortNumbers();
        for (Field field : fields) {
            field.orLeftOut(it -> port(it, fields.size() > 1, numbers)).ifPresent(ports::add);
        }
        if (ports.isEmpty() && !fields.isEmpty()) {
            list.wrong("none of them can be used; correct one of them");
        }
        return ports;
    }

    private Optional<ServicePort> port(Field field, boolean named, PortNumbers taken) {
        Field number = field.get("port");
        number.require("write the port on which clients reach the Service");
        Field nameField = field.get("name");
        String name = nameField.text();
        if (named) {
            nameField.require("a Service with several ports needs a name for each");
        }
        TransportProtocol protocol = field.get("protocol").oneOf(Words.PROTOCOLS, TransportProtocol.TCP);
        int port = number.number(1, HIGHEST_PORT, 0);
        if (port == 0 || !taken.take(number, protocol + " port " + port) || !taken.takeName(nameField)) {
            return Optional.empty();
        }
        int nodePort = field.get("nodePort")
                .orLeftOut(it -> nodePort(it, protocol, taken))
                .orElse(0);
        return Optional.of(new ServicePort(name, protocol, port, nodePort));
    }

    private Optional<Integer> nodePort(Field field, TransportProtocol protocol, PortNumbers taken) {
        int number = field.number(0, HIGHEST_PORT, 0);
        if (number != 0 && typeKnown && type == ServiceType.CLUSTER_IP) {
            field.wrong(number + " in a Service of type ClusterIP; set spec.type to NodePort, or remove the node port");
            return Optional.empty();
        }
        return number == 0 || taken.take(field, protocol + " node port " + number)
                ? Optional.of(number)
                : Optional.empty();
    }

    private static int portNumber(Field part) {
        return part.orLeftOut(field -> Optional.of(field.number(0, HIGHEST_PORT, 0)))
                .orElse(0);
    }

    private SessionAffinity affinity() {
        boolean byClient = spec.get("sessionAffinity").oneOf(Words.AFFINITIES, Boolean.FALSE);
        int seconds = spec.get("sessionAffinityConfig")
                .get("clientIP")
                .get("timeoutSeconds")
                .number(1, LONGEST_AFFINITY_SECONDS, DEFAULT_AFFINITY_SECONDS);
        return byClient ? SessionAffinity.clientIp(Duration.ofSeconds(seconds)) : SessionAffinity.none();
    }

    /** Finds names and numbers that stand twice in one Service. */
    private static final class PortNumbers {
        private final Map<String, String> seen = new HashMap<>();

        boolean takeName(Field field) {
            return field.text().isEmpty() || take(field, "name '" + field.text() + "'");
        }

        /** Returns whether nobody had it yet. */
        boolean take(Field field, String what) {
            String first = seen.putIfAbsent(what, field.path());
            if (first != null) {
                field.wrong(what + " is already that of " + first + "; give each port its own");
            }
            return first == null;
        }
    }
}
