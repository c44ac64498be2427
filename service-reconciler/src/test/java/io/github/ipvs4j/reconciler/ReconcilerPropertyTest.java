// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.ipvs.TransportProtocol;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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
            for (int i = 0; i < steps.size(); i++) {
                steps.get(i).tell(reconciler);
                if (syncs.get(i)) {
                    reconciler.sync();
                }
            }
            reconciler.sync();
            assertThat(reconciler.drain().draining()).isZero();
        }
        SimulatedNode other = node();
        try (Reconciler reconciler = other.start()) {
            last(steps).forEach(step -> step.tell(reconciler));
            reconciler.sync();
        }

        assertThat(node.servers()).isEqualTo(other.servers());
        assertThat(node.addresses()).isEqualTo(other.addresses());
        assertThat(node.entries()).isEqualTo(other.entries());
        assertThat(node.iptables.save("iptables")).isEqualTo(other.iptables.save("iptables"));
        assertThat(node.iptables.save("ip6tables")).isEqualTo(other.iptables.save("ip6tables"));
        node.kernel.assertQuiescent();
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
        Arbitrary<Step> putService = Combinators.combine(serviceName, ports(), addresses(), policy(), policy())
                .as((name, ports, addresses, inside, outside) -> new PutService(Service.builder(name)
                        .type(ServiceType.NODE_PORT)
                        .clusterIps(addresses)
                        .ports(ports)
                        .internalPolicy(inside)
                        .externalPolicy(outside)
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

    private static Arbitrary<TrafficPolicy> policy() {
        return Arbitraries.of(TrafficPolicy.class);
    }

    private static Arbitrary<List<Endpoint>> endpoints() {
        return Combinators.combine(
                        Arbitraries.of("10.244.0.1", "10.244.0.2", "10.244.0.3"),
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
        return new EndpointSlice(name, service.name(), IpFamily.IPV4, ports, endpoints, Map.of());
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
