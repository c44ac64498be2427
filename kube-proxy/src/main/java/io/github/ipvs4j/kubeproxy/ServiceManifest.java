// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import io.github.ipvs4j.ipvs.TransportProtocol;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.IpPrefix;
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
 * end in the kernel.
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
        List<IpAddress> loadBalancerIps = loadBalancerIps();
        List<IpPrefix> sourceRanges = sourceRanges();
        int healthCheckNodePort = spec.get("healthCheckNodePort").number(0, HIGHEST_PORT, 0);
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
                .sourceRanges(sourceRanges)
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
        Map<IpFamily, IpAddress> addresses = new EnumMap<>(IpFamily.class);
        List<IpAddress> inOrder = new ArrayList<>();
        for (Field field : fields) {
            field.address().ifPresent(address -> {
                IpAddress other = addresses.putIfAbsent(address.family(), address);
                if (other != null) {
                    field.wrong("'" + address + "' is of the same family as " + other
                            + "; write one address of each family");
                } else if (address.isUnspecified() || address.isMulticast() || address.isLoopback()) {
                    field.wrong("'" + address + "' cannot be a cluster address; write one of the service range");
                } else {
                    inOrder.add(address);
                }
            });
        }
        checkFamilies(inOrder);
        if (fields.stream().allMatch(field -> field.text().isEmpty())) {
            single.require(
                    "there is no API server here that picks one: write a free address of the service range, or None"
                            + " for a headless Service");
        }
        return inOrder;
    }

    /** Returns those that this node serves: not names, and not those that lead to a proxy. */
    private List<IpAddress> loadBalancerIps() {
        List<Field> served = ingress.items().stream()
                .filter(entry -> entry.get("ipMode").oneOf(Words.IP_MODES, Boolean.TRUE))
                .map(entry -> entry.get("ip"))
                .toList();
        return addresses(served, "an address of a load balancer");
    }

    private static List<IpAddress> addresses(List<Field> fields, String what) {
        List<IpAddress> addresses = new ArrayList<>();
        for (Field field : fields) {
            field.address().ifPresent(address -> {
                if (address.isUnspecified() || address.isMulticast() || address.isLoopback()) {
                    field.wrong("'" + address + "' cannot be " + what + "; write one that clients reach");
                } else if (!addresses.contains(address)) {
                    addresses.add(address);
                }
            });
        }
        return addresses;
    }

    private List<IpPrefix> sourceRanges() {
        List<IpPrefix> ranges = new ArrayList<>();
        spec.get("loadBalancerSourceRanges")
                .items()
                .forEach(item -> item.block().ifPresent(ranges::add));
        return ranges;
    }

    private void checkFamilies(List<IpAddress> addresses) {
        List<Field> families = spec.get("ipFamilies").items();
        for (int i = 0; i < families.size(); i++) {
            IpFamily family = families.get(i).oneOf(Words.FAMILIES, IpFamily.IPV4);
            if (i < addresses.size() && addresses.get(i).family() != family) {
                families.get(i)
                        .wrong("does not fit the cluster address " + addresses.get(i)
                                + "; list the families in the order of spec.clusterIPs, or leave them out");
            }
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
            Field number = field.get("port");
            number.require("write the port on which clients reach the Service");
            Field nameField = field.get("name");
            TransportProtocol protocol = field.get("protocol").oneOf(Words.PROTOCOLS, TransportProtocol.TCP);
            int portNumber = number.number(1, HIGHEST_PORT, 0);
            ServicePort port = new ServicePort(nameField.text(), protocol, Math.max(1, portNumber), nodePort(field));
            if (fields.size() > 1) {
                nameField.require("a Service with several ports needs a name for each");
            }
            if (portNumber != 0) {
                numbers.check(field, port);
            }
            ports.add(port);
        }
        return ports;
    }

    private int nodePort(Field port) {
        Field field = port.get("nodePort");
        int number = field.number(0, HIGHEST_PORT, 0);
        if (number != 0 && typeKnown && type == ServiceType.CLUSTER_IP) {
            field.wrong(number + " in a Service of type ClusterIP; set spec.type to NodePort, or remove the node port");
        }
        return number;
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

        void check(Field field, ServicePort port) {
            once(field.get("port"), port.protocol() + " port " + port.port());
            if (port.nodePort() != 0) {
                once(field.get("nodePort"), port.protocol() + " node port " + port.nodePort());
            }
            if (!port.name().isEmpty()) {
                once(field.get("name"), "name '" + port.name() + "'");
            }
        }

        private void once(Field field, String what) {
            String first = seen.putIfAbsent(what, field.path());
            if (first != null) {
                field.wrong(what + " is already that of " + first + "; give each port its own");
            }
        }
    }
}
