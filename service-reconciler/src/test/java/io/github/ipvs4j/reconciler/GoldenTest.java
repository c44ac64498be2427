// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.ipvs.IpvsState;
import io.github.ipvs4j.ipvs.Scheduler;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.IpPrefix;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is compiled from the objects of a recording is the state that kube-proxy left. Left out of the comparison is
 * what belongs to external addresses, load balancers and their health checks.
 */
class GoldenTest {
    /** Addresses of load balancers and external ones, as all recordings choose them. */
    private static final Pattern EXTERNAL_ADDRESS = Pattern.compile("203\\.0\\.113\\.|2001:db8:ee:");

    private static final Pattern EXTERNAL_SET = Pattern.compile(
            "KUBE-(6-)?(EXTERNAL-IP|LOAD-BALANCER|HEALTH-CHECK)[^ ]* |KUBE-SERVICES .*-j KUBE-LOAD-BALANCER");

    private static final List<IpAddress> NODE_ADDRESSES = Stream.of(
                    "192.168.100.10", "172.30.0.10", "10.244.1.1", "fd00:100::10", "fd00:172::10", "fd00:10:244:1::1")
            .map(IpAddress::of)
            .toList();

    private static final Settings DEFAULTS =
            new Settings("node-a", Scheduler.ROUND_ROBIN, List.of(), false, 14, List.of());

    static Stream<Arguments> recordings() {
        Settings clusterCidr = withClusterCidrs("10.244.0.0/16");
        Settings clusterCidrs = withClusterCidrs("10.244.0.0/16", "fd00:10:244::/48");
        Settings all = new Settings("node-a", Scheduler.ROUND_ROBIN, List.of(), true, 14, List.of());
        Settings maglev = new Settings("node-a", Scheduler.MAGLEV_HASHING, List.of(), false, 14, List.of());
        List<IpAddress> primary = List.of(IpAddress.of("192.168.100.10"), IpAddress.of("fd00:100::10"));
        return Stream.of(
                Arguments.of("clusterip-basic", DEFAULTS, NODE_ADDRESSES),
                Arguments.of("nodeport", DEFAULTS, NODE_ADDRESSES),
                Arguments.of("no-endpoints", DEFAULTS, NODE_ADDRESSES),
                Arguments.of("dual-stack", clusterCidrs, NODE_ADDRESSES),
                Arguments.of("endpoint-conditions", DEFAULTS, NODE_ADDRESSES),
                Arguments.of("session-affinity", DEFAULTS, NODE_ADDRESSES),
                Arguments.of("udp-sctp", DEFAULTS, NODE_ADDRESSES),
                Arguments.of("cluster-cidr", clusterCidr, NODE_ADDRESSES),
                Arguments.of("topology-hints", DEFAULTS, NODE_ADDRESSES),
                Arguments.of("etp-local", DEFAULTS, NODE_ADDRESSES),
                Arguments.of("nodeport-addresses", DEFAULTS, primary),
                Arguments.of("masquerade-all", all, NODE_ADDRESSES),
                Arguments.of("scheduler-mh", maglev, NODE_ADDRESSES),
                Arguments.of("headless-externalname", DEFAULTS, NODE_ADDRESSES));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("recordings")
    void compilesToTheRecordedVirtualServers(String scenario, Settings settings, List<IpAddress> addresses) {
        DesiredState state = compiled(Recording.of(scenario), settings, addresses);

        String text = IpvsState.of(state.servers().allWanted().values().stream()
                        .map(PackedServer::unpack)
                        .toList())
                .toString();

        assertThat(text.lines().toList())
                .containsExactlyInAnyOrderElementsOf(
                        internal(Recording.of(scenario).lines("ipvs.txt")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("recordings")
    void compilesToTheRecordedAddresses(String scenario, Settings settings, List<IpAddress> addresses) {
        DesiredState state = compiled(Recording.of(scenario), settings, addresses);

        List<String> bound = state.addresses().allWanted().keySet().stream()
                .map(address -> IpPrefix.single(address).toString())
                .toList();

        assertThat(bound)
                .containsExactlyInAnyOrderElementsOf(
                        internal(Recording.of(scenario).lines("addrs.txt")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("recordings")
    void compilesToTheRecordedSetEntries(String scenario, Settings settings, List<IpAddress> addresses) {
        DesiredState state = compiled(Recording.of(scenario), settings, addresses);

        List<String> entries = new ArrayList<>();
        for (IpFamily family : IpFamily.values()) {
            for (KubeSet set : KubeSet.values()) {
                state.set(set, family)
                        .allWanted()
                        .keySet()
                        .forEach(entry -> entries.add("add " + set.nameIn(family) + " " + entry));
            }
        }

        assertThat(entries)
                .containsExactlyInAnyOrderElementsOf(internal(Recording.of(scenario).lines("ipset.txt").stream()
                        .filter(line -> line.startsWith("add "))
                        .toList()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("recordings")
    void writesTheRecordedRules(String scenario, Settings settings, List<IpAddress> addresses) {
        DesiredState state = compiled(Recording.of(scenario), settings, addresses);

        for (IpFamily family : IpFamily.values()) {
            Set<KubeSet> filled = EnumSet.noneOf(KubeSet.class);
            for (KubeSet set : KubeSet.values()) {
                if (!state.set(set, family).allWanted().isEmpty()) {
                    filled.add(set);
                }
            }
            String file = family == IpFamily.IPV4 ? "iptables.txt" : "ip6tables.txt";

            assertThat(chains(Rules.of(family, settings, filled)))
                    .isEqualTo(chains(Recording.of(scenario).lines(file)));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("recordings")
    void namesTheRecordedSets(String scenario, Settings settings, List<IpAddress> addresses) {
        List<String> sets = new ArrayList<>();
        for (IpFamily family : IpFamily.values()) {
            for (KubeSet set : KubeSet.values()) {
                sets.add("create " + set.definitionIn(family));
            }
        }

        assertThat(Recording.of(scenario).lines("ipset.txt").stream()
                        .filter(line -> line.startsWith("create ") && !line.contains("-SOURCE-CID")))
                .containsExactlyInAnyOrderElementsOf(sets);
    }

    private static Settings withClusterCidrs(String... cidrs) {
        return new Settings(
                "node-a",
                Scheduler.ROUND_ROBIN,
                Stream.of(cidrs).map(IpPrefix::of).toList(),
                false,
                14,
                List.of());
    }

    private static DesiredState compiled(Recording recording, Settings settings, List<IpAddress> addresses) {
        ObjectStore store = new ObjectStore(settings.nodeName());
        recording.feed(store);
        NodeFacts node = new NodeFacts(settings, store.zone(), EnumSet.allOf(IpFamily.class), addresses);
        DesiredState state = new DesiredState();
        store.takeChanges().forEach((name, inputs) -> state.put(name, compile(inputs, node)));
        return state;
    }

    private static Fragment compile(Optional<ObjectStore.Inputs> inputs, NodeFacts node) {
        return inputs.map(it -> ServiceCompiler.compile(it.service(), it.slices(), node))
                .orElse(Fragment.EMPTY);
    }

    private static List<String> internal(Collection<String> lines) {
        return lines.stream()
                .filter(line -> !EXTERNAL_ADDRESS.matcher(line).find())
                .filter(line -> !EXTERNAL_SET.matcher(line).find())
                .toList();
    }

    /** Returns for each table and chain of ours its rules in their order. */
    private static Map<String, List<String>> chains(Rules rules) {
        return chains(rules.restoreInput(List.of()).lines().toList());
    }

    private static Map<String, List<String>> chains(List<String> lines) {
        String table = "";
        List<String> rules = new ArrayList<>();
        for (String line : lines) {
            if (line.startsWith("*")) {
                table = line.substring(1);
            } else if (line.startsWith("-A KUBE-")
                    && (line.contains("KUBE-IPVS-FILTER")
                            || internal(List.of(line)).size() == 1
                            || line.contains("health check node port"))) {
                rules.add(table + " " + line.substring("-A ".length()));
            }
        }
        return rules.stream().collect(Collectors.groupingBy(rule -> rule.split(" ")[0] + " " + rule.split(" ")[1]));
    }
}
