// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.ipvs.TransportProtocol;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One scenario recorded from kube-proxy 1.36: the objects it was given, and the state it left. */
final class Recording {
    final List<Service> services = new ArrayList<>();
    final List<EndpointSlice> slices = new ArrayList<>();
    final List<Node> nodes = new ArrayList<>();
    private final String scenario;

    private Recording(String scenario) {
        this.scenario = scenario;
    }

    static Recording of(String scenario) {
        Recording recording = new Recording(scenario);
        Map<String, Object> list = map(Json.parse(recording.file("objects.json")));
        list(list.get("items")).forEach(item -> recording.add(map(item)));
        return recording;
    }

    /** Returns the lines of a file of what was left. */
    List<String> lines(String file) {
        return file(file).lines().toList();
    }

    void feed(ObjectStore store) {
        services.forEach(store::put);
        slices.forEach(store::put);
        nodes.forEach(store::put);
    }

    private void add(Map<String, Object> object) {
        Map<String, Object> metadata = map(object.get("metadata"));
        switch (text(object.get("kind"))) {
            case "Service" -> services.add(service(metadata, map(object.get("spec"))));
            case "EndpointSlice" -> {
                if (!text(object.get("addressType")).equals("FQDN")) {
                    slices.add(slice(metadata, object));
                }
            }
            case "Node" -> nodes.add(new Node(text(metadata.get("name")), List.of(), labels(metadata), List.of()));
            default -> {
                // Nothing else counts.
            }
        }
    }

    private static Service service(Map<String, Object> metadata, Map<String, Object> spec) {
        Service.Builder service = Service.builder(name(metadata)).labels(labels(metadata));
        service.type(
                switch (text(spec.get("type"))) {
                    case "NodePort" -> ServiceType.NODE_PORT;
                    case "LoadBalancer" -> ServiceType.LOAD_BALANCER;
                    case "ExternalName" -> ServiceType.EXTERNAL_NAME;
                    default -> ServiceType.CLUSTER_IP;
                });
        service.clusterIps(list(spec.get("clusterIPs")).stream()
                .map(Recording::text)
                .filter(ip -> !ip.equals("None"))
                .map(IpAddress::of)
                .toList());
        service.ports(list(spec.get("ports")).stream()
                .map(Recording::map)
                .map(port -> new ServicePort(
                        text(port.get("name")), protocol(port), number(port.get("port")), number(port.get("nodePort"))))
                .toList());
        if ("ClientIP".equals(spec.get("sessionAffinity"))) {
            Map<String, Object> config =
                    map(map(spec.get("sessionAffinityConfig")).get("clientIP"));
            service.affinity(SessionAffinity.clientIp(Duration.ofSeconds(number(config.get("timeoutSeconds")))));
        }
        service.internalPolicy(policy(spec.get("internalTrafficPolicy")));
        service.externalPolicy(policy(spec.get("externalTrafficPolicy")));
        return service.build();
    }

    private static EndpointSlice slice(Map<String, Object> metadata, Map<String, Object> object) {
        Map<String, String> labels = labels(metadata);
        List<EndpointPort> ports = list(object.get("ports")).stream()
                .map(Recording::map)
                .filter(port -> port.get("name") != null && port.get("port") != null)
                .map(port -> new EndpointPort(text(port.get("name")), protocol(port), number(port.get("port"))))
                .toList();
        List<Endpoint> endpoints = list(object.get("endpoints")).stream()
                .map(endpoint -> endpoint(map(endpoint)))
                .toList();
        IpFamily family = text(object.get("addressType")).equals("IPv6") ? IpFamily.IPV6 : IpFamily.IPV4;
        String service = Objects.requireNonNullElse(labels.get("kubernetes.io/service-name"), "");
        return new EndpointSlice(name(metadata), service, family, ports, endpoints, labels);
    }

    private static Endpoint endpoint(Map<String, Object> endpoint) {
        Map<String, Object> conditions = map(endpoint.get("conditions"));
        Map<String, Object> hints = map(endpoint.get("hints"));
        return new Endpoint(
                IpAddress.of(text(list(endpoint.get("addresses")).get(0))),
                !Boolean.FALSE.equals(conditions.get("ready")),
                !Boolean.FALSE.equals(conditions.get("serving")),
                Boolean.TRUE.equals(conditions.get("terminating")),
                text(endpoint.get("nodeName")),
                names(hints.get("forZones")),
                names(hints.get("forNodes")));
    }

    private static Set<String> names(@Nullable Object hints) {
        Set<String> names = new HashSet<>();
        list(hints).forEach(hint -> names.add(text(map(hint).get("name"))));
        return names;
    }

    private static ObjectName name(Map<String, Object> metadata) {
        return new ObjectName(text(metadata.get("namespace")), text(metadata.get("name")));
    }

    private static Map<String, String> labels(Map<String, Object> metadata) {
        Map<String, String> labels = new HashMap<>();
        map(metadata.get("labels")).forEach((key, value) -> labels.put(key, text(value)));
        return labels;
    }

    private static TrafficPolicy policy(@Nullable Object policy) {
        return "Local".equals(policy) ? TrafficPolicy.LOCAL : TrafficPolicy.CLUSTER;
    }

    private static TransportProtocol protocol(Map<String, Object> port) {
        return TransportProtocol.valueOf(text(port.get("protocol")));
    }

    private static int number(@Nullable Object value) {
        return value == null ? 0 : (Integer) value;
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(@Nullable Object value) {
        return value == null ? Map.of() : (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked")
    private static List<Object> list(@Nullable Object value) {
        return value == null ? List.of() : (List<Object>) value;
    }

    private String file(String name) {
        String path = "/golden/" + scenario + "/" + name;
        try (InputStream in = Recording.class.getResourceAsStream(path)) {
            return new String(Objects.requireNonNull(in, path).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(path, e);
        }
    }
}
