// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.ipvs.IpvsState;
import io.github.ipvs4j.ipvs.ServiceKey;
import io.github.ipvs4j.ipvs.TransportProtocol;
import io.github.ipvs4j.ipvs.VirtualServer;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.IpPrefix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterTry;

/** Whatever is put and removed, in whatever order and grouping, ends in the state that the last objects ask for. */
class ReconcilerPropertyTest {
    private static final NodeFacts NODE = Samples.node("192.168.1.10", "fd00:1::10");

    private final List<Path> folders = new ArrayList<>();

    /** One thing that the owner tells. */
    private interface Step {
        void tell(Reconciler reconciler);

        void tell(ObjectStore store);

        /** Notes it among the objects that there are at last. */
        void note(Map<Object, Step> last);
    }

    private record PutService(Service service) implements Step {
        @Override
        public void tell(Reconciler reconciler) {
            reconciler.put(service);
        }

        @Override
        public void tell(ObjectStore store) {
            store.put(service);
        }

        @Override
        public void note(Map<Object, Step> last) {
            last.put("service " + service.name(), this);
        }
    }

    private record RemoveService(ObjectName name) implements Step {
        @Override
        public void tell(Reconciler reconciler) {
            reconciler.removeService(name);
        }

        @Override
        public void tell(ObjectStore store) {
            store.remove(name);
        }

        @Override
        public void note(Map<Object, Step> last) {
            last.remove("service " + name);
        }
    }

    private record PutSlice(EndpointSlice slice) implements Step {
        @Override
        public void tell(Reconciler reconciler) {
            reconciler.put(slice);
        }

        @Override
        public void tell(ObjectStore store) {
            store.put(slice);
        }

        @Override
        public void note(Map<Object, Step> last) {
            last.put("slice " + slice.name(), this);
        }
    }

    private record RemoveSlice(ObjectName name) implements Step {
        @Override
        public void tell(Reconciler reconciler) {
            reconciler.removeEndpointSlice(name);
        }

        @Override
        public void tell(ObjectStore store) {
            store.removeSlice(name);
        }

        @Override
        public void note(Map<Object, Step> last) {
            last.remove("slice " + name);
        }
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void incrementalChangesEndInTheSameDesiredStateAsOneFromNothing(@ForAll("steps") List<Step> steps) {
        ObjectStore store = new ObjectStore("node-a");
        DesiredState state = new DesiredState();
        for (Step step : steps) {
            step.tell(store);
            compile(store, state);
        }

        assertThat(wanted(state)).isEqualTo(wanted(fromNothing(last(steps))));
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void removingEverythingLeavesNothingBehind(@ForAll("steps") List<Step> steps) {
        ObjectStore store = new ObjectStore("node-a");
        DesiredState state = new DesiredState();
        steps.forEach(step -> step.tell(store));
        compile(store, state);

        for (int i = 1; i <= 3; i++) {
            store.remove(Samples.name("s" + i));
            for (int j = 1; j <= 4; j++) {
                store.removeSlice(Samples.name("slice" + j));
            }
        }
        compile(store, state);
        settle(state);

        assertThat(store.isEmpty()).isTrue();
        assertThat(state.isEmpty()).isTrue();
    }

    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
    void theKernelEndsInTheSameStateHoweverChangesAreGroupedIntoSyncs(
            @ForAll("steps") List<Step> steps, @ForAll("groups") List<Boolean> syncs) throws IOException {
        SimulatedNode node = node();
        try (Reconciler reconciler = node.start()) {
            tell(reconciler, steps, syncs);
            reconciler.sync();
            assertThat(reconciler.drain().draining()).isZero();
        }
        SimulatedNode other = node();
        try (Reconciler reconciler = other.start()) {
            last(steps).forEach(step -> step.tell(reconciler));
            reconciler.sync();
        }

        Compiled compiled = Compiled.of(last(steps));
        assertThat(node.servers()).isEqualTo(compiled.servers());
        assertThat(node.addresses())
                .hasSize(compiled.addresses().size())
                .allSatisfy(line -> assertThat(compiled.addresses()).anyMatch(line::contains));
        assertThat(node.entries()).isEqualTo(compiled.entries());
        assertThat(node.servers()).isEqualTo(other.servers());
        assertThat(node.addresses()).isEqualTo(other.addresses());
        assertThat(node.entries()).isEqualTo(other.entries());
        assertThat(node.iptables.save("iptables")).isEqualTo(other.iptables.save("iptables"));
        assertThat(node.iptables.save("ip6tables")).isEqualTo(other.iptables.save("ip6tables"));
        node.kernel.assertQuiescent();
    }

    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
    void removingEverythingLeavesTheKernelAndTheMemoryEmpty(
            @ForAll("steps") List<Step> steps, @ForAll("groups") List<Boolean> syncs) throws IOException {
        SimulatedNode node = node();
        try (Reconciler reconciler = node.start()) {
            tell(reconciler, steps, syncs);
            for (int i = 1; i <= 4; i++) {
                reconciler.removeService(Samples.name("s" + i));
                reconciler.removeEndpointSlice(Samples.name("slice" + i));
            }
            reconciler.sync();

            assertThat(reconciler.remembersNothing()).isTrue();
        }
        assertThat(node.servers()).isEmpty();
        assertThat(node.addresses()).isEmpty();
        assertThat(node.entries()).isEmpty();
    }

    private static void tell(Reconciler reconciler, List<Step> steps, List<Boolean> syncs) {
        for (int i = 0; i < steps.size(); i++) {
            steps.get(i).tell(reconciler);
            if (syncs.get(i)) {
                reconciler.sync();
            }
        }
    }

    @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
    void aRestartAtAnyTimeChangesNothing(@ForAll("steps") List<Step> steps) throws IOException {
        SimulatedNode node = node();
        try (Reconciler reconciler = node.start()) {
            steps.forEach(step -> step.tell(reconciler));
            reconciler.sync();
        }
        String before = node.everything();
        try (Reconciler reconciler = node.start()) {
            steps.forEach(step -> step.tell(reconciler));

            assertThat(reconciler.sync().changed()).isZero();
            assertThat(reconciler.resync().changed()).isZero();
        }
        assertThat(node.everything()).isEqualTo(before);
    }

    @AfterTry
    void removeFolders() throws IOException {
        for (Path folder : folders) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
        folders.clear();
    }

    @Provide
    Arbitrary<List<Boolean>> groups() {
        return Arbitraries.of(true, false).list().ofSize(25);
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<ObjectName> serviceName = Arbitraries.integers().between(1, 3).map(i -> Samples.name("s" + i));
        Arbitrary<ObjectName> sliceName = Arbitraries.integers().between(1, 4).map(i -> Samples.name("slice" + i));
        Arbitrary<Step> putService = Combinators.combine(
                        serviceName, ports(), addresses(), policy(), policy(), outside())
                .as((name, ports, addresses, inside, outside, reach) -> new PutService(reach.apply(Service.builder(name)
                                .clusterIps(addresses)
                                .ports(ports)
                                .internalPolicy(inside)
                                .externalPolicy(outside))
                        .build()));
        Arbitrary<Step> putSlice = Combinators.combine(sliceName, serviceName, endpoints())
                .as((name, service, endpoints) -> new PutSlice(slice(name, service, endpoints)));
        return Arbitraries.frequencyOf(
                        Tuple.of(4, putService),
                        Tuple.of(4, putSlice),
                        Tuple.of(1, serviceName.map(RemoveService::new)),
                        Tuple.of(1, sliceName.map(RemoveSlice::new)))
                .list()
                .ofMaxSize(25);
    }

    /** Addresses and ports are few, so that Services clash and share. */
    private static Arbitrary<List<ServicePort>> ports() {
        return Combinators.combine(
                        Arbitraries.of(TransportProtocol.class),
                        Arbitraries.of(80, 81),
                        Arbitraries.of(0, 30_080, 30_081))
                .as((protocol, port, nodePort) -> new ServicePort("http", protocol, port, nodePort))
                .list()
                .uniqueElements(port -> port.protocol() + " " + port.port())
                .uniqueElements(port -> port.protocol() + " " + (port.nodePort() == 0 ? port.port() : port.nodePort()))
                .ofMaxSize(3);
    }

    private static Arbitrary<List<IpAddress>> addresses() {
        return Arbitraries.of("10.96.0.1", "10.96.0.2", "fd00:96::1", "fd00:96::2")
                .map(IpAddress::of)
                .list()
                .uniqueElements(IpAddress::family)
                .ofMaxSize(2);
    }

    /** How a Service is reached from outside, and by whom: addresses are few here, too. */
    private static Arbitrary<UnaryOperator<Service.Builder>> outside() {
        return Combinators.combine(
                        Arbitraries.of(ServiceType.class),
                        someOf("198.51.100.1", "198.51.100.2", "192.168.1.10", "2001:db8::1", "10.96.0.1"),
                        someOf("198.51.100.1", "203.0.113.1", "203.0.113.2", "2001:db8::2"),
                        Arbitraries.of("10.0.0.0/8", "192.168.1.0/24", "198.51.100.7/32", "0.0.0.0/0", "2001:db8::/32")
                                .map(IpPrefix::of)
                                .list()
                                .uniqueElements()
                                .ofMaxSize(2),
                        Arbitraries.of(0, 10, 10_800),
                        Arbitraries.of(0, 30_000, 30_001))
                .as((type, external, balanced, ranges, affinity, health) -> service -> service.type(type)
                        .externalIps(external)
                        .loadBalancerIps(balanced)
                        .sourceRanges(ranges)
                        .affinity(
                                affinity == 0
                                        ? SessionAffinity.none()
                                        : SessionAffinity.clientIp(Duration.ofSeconds(affinity)))
                        .healthCheckNodePort(health));
    }

    private static Arbitrary<List<IpAddress>> someOf(String... addresses) {
        return Arbitraries.of(addresses)
                .map(IpAddress::of)
                .list()
                .uniqueElements()
                .ofMaxSize(2);
    }

    private static Arbitrary<TrafficPolicy> policy() {
        return Arbitraries.of(TrafficPolicy.class);
    }

    private static Arbitrary<List<Endpoint>> endpoints() {
        return Arbitraries.oneOf(
                endpoints("10.244.0.1", "10.244.0.2", "10.244.0.3"), endpoints("fd00:244::1", "fd00:244::2"));
    }

    private static Arbitrary<List<Endpoint>> endpoints(String... addresses) {
        return Combinators.combine(
                        Arbitraries.of(addresses),
                        Arbitraries.of(true, false),
                        Arbitraries.of(true, false),
                        Arbitraries.of("node-a", "node-b"))
                .as((address, ready, terminating, node) ->
                        new Endpoint(IpAddress.of(address), ready, true, terminating, node, Set.of(), Set.of()))
                .list()
                .ofMaxSize(3);
    }

    private static EndpointSlice slice(ObjectName name, ObjectName service, List<Endpoint> endpoints) {
        List<EndpointPort> ports = Stream.of(TransportProtocol.values())
                .map(protocol -> new EndpointPort("http", protocol, 8080))
                .toList();
        IpFamily family =
                endpoints.isEmpty() ? IpFamily.IPV4 : endpoints.get(0).address().family();
        return new EndpointSlice(name, service.name(), family, ports, endpoints, Map.of());
    }

    /** What the kernel must have, by nothing but {@link ServiceCompiler#compile} of each of the last objects. */
    private record Compiled(List<String> servers, Set<String> addresses, List<String> entries) {
        static Compiled of(List<Step> last) {
            Map<ServiceKey, VirtualServer> servers = new HashMap<>();
            Set<String> addresses = new TreeSet<>();
            Set<String> entries = new TreeSet<>();
            for (Step step : last) {
                if (step instanceof PutService put) {
                    Fragment fragment = ServiceCompiler.compile(put.service(), slicesOf(put.service(), last), NODE);
                    fragment.servers().forEach(server -> servers.putIfAbsent(server.key(), server));
                    fragment.addresses().forEach(address -> addresses.add(address.toString()));
                    fragment.members()
                            .forEach(
                                    member -> entries.add(member.set().nameIn(member.family()) + " " + member.entry()));
                }
            }
            return new Compiled(
                    IpvsState.of(servers.values()).toString().lines().sorted().toList(),
                    addresses,
                    List.copyOf(entries));
        }

        private static List<EndpointSlice> slicesOf(Service service, List<Step> last) {
            return last.stream()
                    .filter(step -> step instanceof PutSlice put
                            && put.slice().serviceName().equals(service.name().name()))
                    .map(step -> ((PutSlice) step).slice())
                    .toList();
        }
    }

    private static List<Step> last(List<Step> steps) {
        Map<Object, Step> last = new TreeMap<>();
        steps.forEach(step -> step.note(last));
        return List.copyOf(last.values());
    }

    private static DesiredState fromNothing(List<Step> steps) {
        ObjectStore store = new ObjectStore("node-a");
        DesiredState state = new DesiredState();
        steps.forEach(step -> step.tell(store));
        compile(store, state);
        return state;
    }

    private static void compile(ObjectStore store, DesiredState state) {
        Samples.changes(store)
                .forEach((name, inputs) -> state.put(
                        name,
                        inputs.map(it -> ServiceCompiler.compile(it.service(), it.slices(), NODE))
                                .orElse(Fragment.EMPTY)));
    }

    private static Map<String, Object> wanted(DesiredState state) {
        Map<String, Object> wanted = new TreeMap<>();
        wanted.put("servers", state.servers().allWanted());
        wanted.put("contested", state.servers().contested());
        wanted.put("addresses", state.addresses().allWanted());
        for (IpFamily family : IpFamily.values()) {
            for (KubeSet set : KubeSet.values()) {
                wanted.put(set.nameIn(family), state.set(set, family).allWanted());
            }
        }
        return wanted;
    }

    /** Does as if the kernel had followed. */
    private static void settle(DesiredState state) {
        state.servers().touched().forEach(state.servers()::settle);
        state.addresses().touched().forEach(state.addresses()::settle);
        for (IpFamily family : IpFamily.values()) {
            for (KubeSet set : KubeSet.values()) {
                state.set(set, family).touched().forEach(state.set(set, family)::settle);
            }
        }
    }

    private SimulatedNode node() throws IOException {
        Path folder = Files.createTempDirectory("ipvs4j");
        folders.add(folder);
        return new SimulatedNode(folder);
    }
}
