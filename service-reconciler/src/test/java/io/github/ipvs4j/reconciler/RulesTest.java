// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.IpPrefix;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RulesTest {
    private static final Settings SETTINGS = Samples.SETTINGS;

    @Test
    void writesTheWholeInputOfIptablesRestore() {
        Rules rules = rules(
                IpFamily.IPV4,
                SETTINGS,
                EnumSet.of(KubeSet.CLUSTER_IP, KubeSet.LOOP_BACK, KubeSet.NODE_PORT_TCP, KubeSet.IPVS_IPS));

        assertThat(rules.restoreInput(List.of())).isEqualTo(file("cluster-ips-and-node-ports.restore"));
    }

    @Test
    void insertsMissingJumpsAtTheTopInTheirOrder() {
        String input = rules(IpFamily.IPV4, SETTINGS, Set.of()).restoreInput(Rules.JUMPS);

        assertThat(input.lines().filter(line -> line.startsWith("-I")))
                .containsExactly(
                        "-I OUTPUT 1 -m comment --comment \"kubernetes service portals\" -j KUBE-SERVICES",
                        "-I PREROUTING 1 -m comment --comment \"kubernetes service portals\" -j KUBE-SERVICES",
                        "-I POSTROUTING 1 -m comment --comment \"kubernetes postrouting rules\" -j KUBE-POSTROUTING",
                        "-I FORWARD 1 -m comment --comment \"kubernetes forwarding rules\" -j KUBE-FORWARD",
                        "-I INPUT 1 -m comment --comment \"kubernetes health check rules\" -j KUBE-NODE-PORT",
                        "-I INPUT 1 -m comment --comment \"kube-proxy firewall rules\" -j KUBE-PROXY-FIREWALL",
                        "-I FORWARD 1 -m comment --comment \"kube-proxy firewall rules\" -j KUBE-PROXY-FIREWALL",
                        "-I INPUT 1 -m comment --comment \"kubernetes ipvs access filter\" -j KUBE-IPVS-FILTER",
                        "-I OUTPUT 1 -m comment --comment \"kubernetes ipvs access filter\" -j KUBE-IPVS-OUT-FILTER");
    }

    @Test
    void masqueradesWhatComesFromOutsideTheFirstClusterBlockOfTheFamily() {
        Settings settings = settings(false, 14, "10.244.0.0/16", "fd00:10:244::/48", "10.245.0.0/16");

        assertThat(clusterIpRule(IpFamily.IPV4, settings))
                .startsWith("! -s 10.244.0.0/16 -m comment")
                .endsWith("--match-set KUBE-CLUSTER-IP dst,dst -j KUBE-MARK-MASQ");
        assertThat(clusterIpRule(IpFamily.IPV6, settings))
                .startsWith("! -s fd00:10:244::/48 -m comment")
                .endsWith("--match-set KUBE-6-CLUSTER-IP dst,dst -j KUBE-MARK-MASQ");
    }

    @Test
    void masqueradesBySourceWhereNoClusterBlockIsOfTheFamily() {
        assertThat(clusterIpRule(IpFamily.IPV6, settings(false, 14, "10.244.0.0/16")))
                .startsWith("-m comment")
                .endsWith("--match-set KUBE-6-CLUSTER-IP src,dst -j KUBE-MARK-MASQ");
    }

    @Test
    void masqueradesEverythingIfAskedEvenWithAClusterBlock() {
        assertThat(clusterIpRule(IpFamily.IPV4, settings(true, 14, "10.244.0.0/16")))
                .startsWith("-m comment")
                .endsWith("--match-set KUBE-CLUSTER-IP dst,dst -j KUBE-MARK-MASQ");
    }

    @Test
    void marksWithTheChosenBit() {
        String rules = rules(IpFamily.IPV4, settings(false, 31), Set.of()).restoreInput(List.of());

        assertThat(rules)
                .contains(
                        "-A KUBE-MARK-MASQ -j MARK --set-xmark 0x80000000/0x80000000\n",
                        "-A KUBE-POSTROUTING -j MARK --set-xmark 0x80000000/0x0\n",
                        "--mark 0x80000000/0x80000000 -j ACCEPT\n")
                .doesNotContain("0x4000");
    }

    @Test
    void returnsLocalNodePortsBeforeItMarksTheOthers() {
        Set<KubeSet> filled = EnumSet.of(
                KubeSet.NODE_PORT_TCP,
                KubeSet.NODE_PORT_LOCAL_TCP,
                KubeSet.NODE_PORT_UDP,
                KubeSet.NODE_PORT_LOCAL_UDP,
                KubeSet.NODE_PORT_SCTP,
                KubeSet.NODE_PORT_LOCAL_SCTP);

        assertThat(rules(IpFamily.IPV6, SETTINGS, filled, "nat", "KUBE-NODE-PORT"))
                .containsExactlyElementsOf(
                        file("node-ports-of-all-kinds.txt").lines().toList());
    }

    @Test
    void returnsLocalhostOfTheFamilyFirst() {
        assertThat(rules(IpFamily.IPV6, SETTINGS, Set.of(), "nat", "KUBE-SERVICES"))
                .containsExactly("-s ::1/128 -j RETURN", "-m addrtype --dst-type LOCAL -j KUBE-NODE-PORT");
    }

    private static Settings settings(boolean masqueradeAll, int bit, String... cidrs) {
        return Samples.settings()
                .localDetection(new LocalDetection.ClusterCidrs(
                        Stream.of(cidrs).map(IpPrefix::of).toList()))
                .masqueradeAll(masqueradeAll)
                .masqueradeBit(bit)
                .settings();
    }

    private static Rules rules(IpFamily family, Settings settings, Set<KubeSet> filled) {
        return Rules.of(family, new Rules.Inputs(Samples.node(settings), filled, List.of(), List.of()));
    }

    private static String clusterIpRule(IpFamily family, Settings settings) {
        return rules(family, settings, EnumSet.of(KubeSet.CLUSTER_IP), "nat", "KUBE-SERVICES")
                .get(1);
    }

    private static List<String> rules(
            IpFamily family, Settings settings, Set<KubeSet> filled, String table, String chain) {
        return rules(family, settings, filled)
                .chains()
                .getOrDefault(table, Map.of())
                .getOrDefault(chain, List.of());
    }

    private static String file(String name) {
        try (InputStream in = RulesTest.class.getResourceAsStream("/rules/" + name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(name, e);
        }
    }
}
