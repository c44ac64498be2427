// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.ipvs.Scheduler;
import io.github.ipvs4j.ipvs.TransportProtocol;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.IpPrefix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One step of a scenario recorded from kube-proxy 1.36: the objects it was given, and the state it left. */
final class Recording {
    /** Beside the tests that compare the same recordings with a real kernel. */
    private static final Path FOLDER = Path.of("../src/it/src/test/resources/golden");

    final List<Service> services = new ArrayList<>();
    final List<EndpointSlice> slices = new ArrayList<>();
    final List<Node> nodes = new ArrayList<>();
    private final String scenario;
    private final String step;

    private Recording(String scenario, String step) {
        this.scenario = scenario;
        this.step = step;
    }

    /** Returns all steps of all scenarios. */
    static Stream<Recording> all() {
        try (Stream<Path> folders = Files.list(FOLDER)) {
            return folders.filter(Files::isDirectory).sorted().toList().stream().flatMap(Recording::steps);
        } catch (IOException e) {
            throw new IllegalStateException(FOLDER.toString(), e);
        }
    }

    private static Stream<Recording> steps(Path folder) {
        return Stream.of("", "-step2", "-step3")
                .filter(step -> Files.exists(folder.resolve("objects" + step + ".json")))
                .map(step -> of(folder.getFileName().toString(), step));
    }

    static Recording of(String scenario) {
        return of(scenario, "");
    }

    private static Recording of(String scenario, String step) {
        Recording recording = new Recording(scenario, step);
        Map<String, Object> list = map(Json.parse(recording.file("objects" + step + ".json")));
        list(list.get("items")).forEach(item -> recording.add(map(item)));
        return recording;
    }

    /** Returns the lines of a file of what was left. */
    List<String> lines(String file) {
        return file("expected" + step + "/" + file).lines().toList();
    }

    /** Returns the names of the files of what was left that begin with some text. */
    List<String> files(String start) {
        Path expected = FOLDER.resolve(scenario).resolve("expected" + step);
        try (Stream<Path> files = Files.list(expected)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(start))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(expected.toString(), e);
        }
    }

    /** Returns kube-proxy's configuration of the scenario. */
    Settings settings() {
        ReconcilerBuilder settings = Reconciler.builder().nodeName("node-a");
        value("scheduler").map(Scheduler::named).ifPresent(settings::scheduler);
        value("masqueradeAll").map(Boolean::valueOf).ifPresent(settings::masqueradeAll);
        value("masqueradeBit").map(Integer::valueOf).ifPresent(settings::masqueradeBit);
        value("strictARP").map(Boolean::valueOf).ifPresent(settings::strictArp);
        settings.excludeCidrs(blocks("excludeCIDRs"));
        settings.nodePortAddresses(new NodePortAddresses.Within(blocks("nodePortAddresses")));
        settings.localDetection(
                switch (value("detectLocalMode").orElse("ClusterCIDR")) {
                    case "NodeCIDR" -> new LocalDetection.NodeCidrs();
                    case "BridgeInterface" ->
                        new LocalDetection.BridgeInterface(
                                value("bridgeInterface").orElseThrow());
                    case "InterfaceNamePrefix" ->
                        new LocalDetection.InterfaceNamePrefix(
                                value("interfaceNamePrefix").orElseThrow());
                    default ->
                        new LocalDetection.ClusterCidrs(value("clusterCIDR").stream()
                                .flatMap(text -> Stream.of(text.split(",")))
                                .map(IpPrefix::of)
                                .toList());
                });
        return settings.settings();
    }

    private Optional<String> value(String key) {
        return file("config.yaml")
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith(key + ": "))
                .map(line -> line.substring(key.length() + 2).replace("'", "").strip())
                .findFirst();
    }

    private List<IpPrefix> blocks(String key) {
        return file("config.yaml")
                .lines()
                .dropWhile(line -> !line.strip().equals(key + ":"))
                .skip(1)
                .map(line -> line.strip().replace("'", "").replace("\"", ""))
                .takeWhile(line -> line.startsWith("- "))
                .map(line -> IpPrefix.of(line.substring(2)))
                .toList();
    }

    @Override
    public String toString() {
        return scenario + step;
    }

    void feed(ObjectStore store) {
        services.forEach(store::put);
        slices.forEach(store::put);
        nodes.forEach(store::put);
    }

    private void add(Map<String, Object> object) {
        Map<String, Object> metadata = map(object.get("metadata"));
        switch (text(object.get("kind"))) {
            case "Service" -> services.add(service(metadata, map(object.get("spec")), map(object.get("status"))));
            case "EndpointSlice" -> {
                if (!text(object.get("addressType")).equals("FQDN")) {
                    slices.add(slice(metadata, object));
                }
            }
            case "Node" -> nodes.add(node(metadata, map(object.get("spec")), map(object.get("status"))));
            default -> {
                // Nothing else counts.
            }
        }
    }

    private static Node node(Map<String, Object> metadata, Map<String, Object> spec, Map<String, Object> status) {
        List<IpAddress> addresses = list(status.get("addresses")).stream()
                .map(Recording::map)
                .filter(address -> "InternalIP".equals(address.get("type")))
                .map(address -> IpAddress.of(text(address.get("address"))))
                .toList();
        List<IpPrefix> podCidrs = list(spec.get("podCIDRs")).stream()
                .map(cidr -> IpPrefix.of(text(cidr)))
                .toList();
        return new Node(text(metadata.get("name")), addresses, labels(metadata), podCidrs);
    }

    private static Service service(Map<String, Object> metadata, Map<String, Object> spec, Map<String, Object> status) {
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
        service.externalIps(list(spec.get("externalIPs")).stream()
                .map(ip -> IpAddress.of(text(ip)))
                .toList());
        service.loadBalancerIps(list(map(status.get("loadBalancer")).get("ingress")).stream()
                .map(Recording::map)
                .filter(ingress -> ingress.get("ip") != null && !"Proxy".equals(ingress.get("ipMode")))
                .map(ingress -> IpAddress.of(text(ingress.get("ip"))))
                .toList());
        service.sourceRanges(list(spec.get("loadBalancerSourceRanges")).stream()
                .map(range -> IpPrefix.of(text(range).strip()))
                .toList());
        service.healthCheckNodePort(number(spec.get("healthCheckNodePort")));
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
        Path path = FOLDER.resolve(scenario).resolve(name);
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new IllegalStateException(path.toString(), e);
        }
    }
}
