// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.ipvs.IpvsState;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.IpPrefix;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is compiled from the objects of a recording is the state that kube-proxy left. The recordings are compared with
 * a real kernel, too, and there with all that they hold, in the integration tests.
 */
class GoldenTest {
    private static final Set<IpAddress> NODE_ADDRESSES = Stream.of(
                    "127.0.0.1",
                    "::1",
                    "192.168.100.10",
                    "172.30.0.10",
                    "10.244.1.1",
                    "fd00:100::10",
                    "fd00:172::10",
                    "fd00:10:244:1::1")
            .map(IpAddress::of)
            .collect(Collectors.toSet());

    /** What others had made before kube-proxy started (exclude-cidrs), and what it left alone of that. */
    private static final Predicate<String> OF_OTHERS =
            line -> line.matches("-A -f 77 .*|-[Aa] -t 10\\.200\\.0\\.5:80 .*|create (KUBE-OLD|MYSET) .*");

    static Stream<Recording> recordings() {
        return Recording.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("recordings")
    void compilesToTheRecordedVirtualServers(Recording recording) {
        String text = IpvsState.of(compiled(recording).servers().allWanted().values().stream()
                        .map(PackedServer::unpack)
                        .toList())
                .toString();

        assertThat(text.lines()).containsExactlyInAnyOrderElementsOf(ours(recording, "ipvs.txt"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("recordings")
    void compilesToTheRecordedAddresses(Recording recording) {
        assertThat(compiled(recording).addresses().allWanted().keySet().stream()
                        .map(address -> IpPrefix.single(address).toString()))
                .containsExactlyInAnyOrderElementsOf(recording.lines("addrs.txt"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("recordings")
    void compilesToTheRecordedSets(Recording recording) {
        DesiredState state = compiled(recording);

        List<String> lines = new ArrayList<>();
        for (IpFamily family : IpFamily.values()) {
            for (KubeSet set : KubeSet.values()) {
                lines.add("create " + set.definitionIn(family));
                state.set(set, family)
                        .allWanted()
                        .keySet()
                        .forEach(entry -> lines.add("add " + set.nameIn(family) + " " + entry));
            }
        }

        assertThat(lines).containsExactlyInAnyOrderElementsOf(ours(recording, "ipset.txt"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("recordings")
    void writesTheRecordedRules(Recording recording) {
        DesiredState state = compiled(recording);

        for (IpFamily family : IpFamily.values()) {
            Set<KubeSet> filled = EnumSet.noneOf(KubeSet.class);
            for (KubeSet set : KubeSet.values()) {
                if (!state.set(set, family).allWanted().isEmpty()) {
                    filled.add(set);
                }
            }
            Rules rules = Rules.of(
                    family,
                    new Rules.Inputs(node(recording, store(recording)), filled, state.closedToNode(), List.of()));
            String file = family == IpFamily.IPV4 ? "iptables.txt" : "ip6tables.txt";

            assertThat(chains(rules.restoreInput(List.of()).lines().toList())).isEqualTo(chains(recording.lines(file)));
        }
    }

    private static DesiredState compiled(Recording recording) {
        ObjectStore store = store(recording);
        NodeFacts node = node(recording, store);
        DesiredState state = new DesiredState();
        Samples.changes(store).forEach((name, inputs) -> state.put(name, compile(inputs, node)));
        return state;
    }

    private static ObjectStore store(Recording recording) {
        ObjectStore store = new ObjectStore("node-a");
        recording.feed(store);
        return store;
    }

    private static NodeFacts node(Recording recording, ObjectStore store) {
        return NodeFacts.of(recording.settings(), store.node(), EnumSet.allOf(IpFamily.class), NODE_ADDRESSES);
    }

    private static Fragment compile(Optional<ObjectStore.Inputs> inputs, NodeFacts node) {
        return inputs.map(it -> ServiceCompiler.compile(it.service(), it.slices(), node))
                .orElse(Fragment.EMPTY);
    }

    private static List<String> ours(Recording recording, String file) {
        return recording.lines(file).stream().filter(OF_OTHERS.negate()).toList();
    }

    /**
     * Returns for each table and chain of ours its rules in their order, but sorted where kube-proxy has none: it
     * writes what the node may not reach in the order of a hash table.
     */
    private static Map<String, List<String>> chains(List<String> lines) {
        String table = "";
        Map<String, List<String>> chains = new TreeMap<>();
        for (String line : lines) {
            if (line.startsWith("*")) {
                table = line.substring(1);
            } else if (line.startsWith("-A KUBE-")) {
                chains.computeIfAbsent(table + " " + line.split(" ")[1], added -> new ArrayList<>())
                        .add(line);
            }
        }
        chains.computeIfPresent(
                "filter KUBE-IPVS-OUT-FILTER",
                (chain, rules) -> rules.stream().sorted().toList());
        return chains;
    }
}
