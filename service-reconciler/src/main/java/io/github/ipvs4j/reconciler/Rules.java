// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.ipset.SetEntry;
import io.github.ipvs4j.ipvs.ServiceKey;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.IpPrefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The iptables rules of one family: own chains, and the jumps to them from the built-in ones. Every text is as
 * {@code iptables-save} prints it, so that what stands in the kernel can be compared with what is wanted.
 *
 * @param chains for each table its chains in the order of declaration, each with its rules
 */
record Rules(Map<String, Map<String, List<String>>> chains) {
    private static final String NAT = "nat";
    private static final String FILTER = "filter";
    private static final Pattern MATCHED_SET = Pattern.compile("--match-set (\\S+)");

    /** In the order in which they are inserted, each before the first rule. */
    static final List<Jump> JUMPS = List.of(
            new Jump(NAT, "OUTPUT", "kubernetes service portals", "KUBE-SERVICES"),
            new Jump(NAT, "PREROUTING", "kubernetes service portals", "KUBE-SERVICES"),
            new Jump(NAT, "POSTROUTING", "kubernetes postrouting rules", "KUBE-POSTROUTING"),
            new Jump(FILTER, "FORWARD", "kubernetes forwarding rules", "KUBE-FORWARD"),
            new Jump(FILTER, "INPUT", "kubernetes health check rules", "KUBE-NODE-PORT"),
            new Jump(FILTER, "INPUT", "kube-proxy firewall rules", "KUBE-PROXY-FIREWALL"),
            new Jump(FILTER, "FORWARD", "kube-proxy firewall rules", "KUBE-PROXY-FIREWALL"),
            new Jump(FILTER, "INPUT", "kubernetes ipvs access filter", "KUBE-IPVS-FILTER"),
            new Jump(FILTER, "OUTPUT", "kubernetes ipvs access filter", "KUBE-IPVS-OUT-FILTER"));

    /** A rule of a built-in chain that leads to one of ours. */
    record Jump(String table, String from, String comment, String to) {
        String rule() {
            return "-m comment --comment \"" + comment + "\" -j " + to;
        }
    }

    /**
     * What the rules of a family are made from.
     *
     * @param node the own node
     * @param filled the sets that have entries; the others are matched by no rule, but for a few that always are
     * @param closedToNode the virtual servers of both families that the node itself may not reach
     * @param allowed source ranges that should be in a set of the family and are not, because it did not take them
     */
    record Inputs(
            NodeFacts node,
            Set<KubeSet> filled,
            List<ServiceKey.Address> closedToNode,
            List<SetEntry.IpPortNet> allowed) {
        // Written out: the JVM makes a record's own when it is first called, which a first sync would wait for.
        @Override
        public boolean equals(@Nullable Object object) {
            return object instanceof Inputs other
                    && node.equals(other.node)
                    && filled.equals(other.filled)
                    && closedToNode.equals(other.closedToNode)
                    && allowed.equals(other.allowed);
        }

        @Override
        public int hashCode() {
            return ((node.hashCode() * 31 + filled.hashCode()) * 31 + closedToNode.hashCode()) * 31
                    + allowed.hashCode();
        }
    }

    /** Makes the rules of a family. */
    static Rules of(IpFamily family, Inputs inputs) {
        return new Writer(family, inputs).write();
    }

    /** Returns how many rules match each set: so many references the kernel counts, beside those of others. */
    Map<String, Integer> references() {
        Map<String, Integer> references = new HashMap<>();
        chains.values().stream()
                .flatMap(table -> table.values().stream())
                .flatMap(List::stream)
                .forEach(rule -> {
                    Matcher match = MATCHED_SET.matcher(rule);
                    while (match.find()) {
                        references.merge(match.group(1), 1, Integer::sum);
                    }
                });
        return references;
    }

    /**
     * Writes what {@code iptables-restore --noflush} makes the rules from: it replaces our chains and inserts jumps. It
     * commits each table by itself, so that a failure in one leaves those before it changed.
     *
     * @param missing the jumps that are not there
     */
    String restoreInput(List<Jump> missing) {
        StringBuilder text = new StringBuilder();
        chains.forEach((table, ofTable) -> {
            text.append('*').append(table).append('\n');
            ofTable.keySet().forEach(chain -> text.append(':').append(chain).append(" - [0:0]\n"));
            ofTable.forEach((chain, rules) -> rules.forEach(rule ->
                    text.append("-A ").append(chain).append(' ').append(rule).append('\n')));
            missing.stream()
                    .filter(jump -> jump.table().equals(table))
                    .forEach(jump -> text.append("-I ")
                            .append(jump.from())
                            .append(" 1 ")
                            .append(jump.rule())
                            .append('\n'));
            text.append("COMMIT\n");
        });
        return text.toString();
    }

    /**
     * Writes what {@code iptables-restore --noflush} removes jumps and chains of a table by.
     *
     * @param chains those to be removed, where they are
     * @param present all chains of the table with their rules
     * @param inUse takes those that stay, as TABLE CHAIN, because rules of others lead to them
     */
    static String removal(String table, Set<String> chains, Map<String, List<String>> present, Set<String> inUse) {
        Set<String> gone = new LinkedHashSet<>(chains);
        gone.retainAll(present.keySet());
        StringBuilder jumps = new StringBuilder();
        for (Jump jump : JUMPS) {
            if (jump.table().equals(table)) {
                present.getOrDefault(jump.from(), List.of()).stream()
                        .filter(jump.rule()::equals)
                        .forEach(rule -> jumps.append("-D " + jump.from() + " " + rule + "\n"));
            }
        }
        // A chain that stays may itself lead to others of ours, which then must stay, too.
        Set<String> used;
        do {
            used = gone.stream()
                    .filter(chain -> isUsedOutside(table, chain, gone, present))
                    .collect(Collectors.toSet());
        } while (gone.removeAll(used));
        chains.stream()
                .filter(chain -> present.containsKey(chain) && !gone.contains(chain))
                .forEach(chain -> inUse.add(table + " " + chain));
        StringBuilder text = new StringBuilder();
        gone.forEach(chain -> text.append(':').append(chain).append(" - [0:0]\n"));
        text.append(jumps);
        gone.forEach(chain -> text.append("-X ").append(chain).append('\n'));
        return text.toString();
    }

    private static boolean isUsedOutside(
            String table, String chain, Set<String> gone, Map<String, List<String>> present) {
        return present.entrySet().stream()
                .filter(other -> !gone.contains(other.getKey()))
                .anyMatch(other -> other.getValue().stream()
                        .filter(rule -> JUMPS.stream()
                                .noneMatch(jump -> jump.table().equals(table)
                                        && jump.from().equals(other.getKey())
                                        && jump.rule().equals(rule)))
                        .anyMatch(rule -> (rule + " ").matches(".*-[jg] " + Pattern.quote(chain) + " .*")));
    }

    /** Writes the rules down, chain by chain. */
    private static final class Writer {
        private final IpFamily family;
        private final Inputs inputs;
        private final Settings settings;
        private final Set<KubeSet> filled;
        private final String mark;
        private final Map<String, Map<String, List<String>>> chains = new LinkedHashMap<>();

        Writer(IpFamily family, Inputs inputs) {
            this.family = family;
            this.inputs = inputs;
            this.settings = inputs.node().settings();
            this.filled = inputs.filled();
            this.mark = "0x" + Integer.toHexString(1 << settings.masqueradeBit());
        }

        Rules write() {
            services(chain(NAT, "KUBE-SERVICES"));
            postrouting(chain(NAT, "KUBE-POSTROUTING"));
            nodePorts(chain(NAT, "KUBE-NODE-PORT"));
            loadBalancer(chain(NAT, "KUBE-LOAD-BALANCER"));
            chain(NAT, "KUBE-MARK-MASQ").add("-j MARK --set-xmark " + mark + "/" + mark);
            forward(chain(FILTER, "KUBE-FORWARD"));
            chain(FILTER, "KUBE-NODE-PORT")
                    .add(commented(KubeSet.HEALTH_CHECK_NODE_PORT) + match(KubeSet.HEALTH_CHECK_NODE_PORT, "dst")
                            + "-j ACCEPT");
            ifFilled(
                    chain(FILTER, "KUBE-PROXY-FIREWALL"),
                    KubeSet.LOAD_BALANCER_FW,
                    "dst,dst",
                    "-j KUBE-SOURCE-RANGES-FIREWALL");
            sourceRanges(chain(FILTER, "KUBE-SOURCE-RANGES-FIREWALL"));
            accessFilter(chain(FILTER, "KUBE-IPVS-FILTER"));
            closedToNode(chain(FILTER, "KUBE-IPVS-OUT-FILTER"));
            return new Rules(chains);
        }

        private void services(List<String> rules) {
            // What comes from localhost cannot leave through IPVS (__ip_vs_get_out_rt, crosses_local_route_boundary).
            rules.add("-s " + (family == IpFamily.IPV4 ? "127.0.0.0/8" : "::1/128") + " -j RETURN");
            ifFilled(rules, KubeSet.LOAD_BALANCER, "dst,dst", "-j KUBE-LOAD-BALANCER");
            if (filled.contains(KubeSet.CLUSTER_IP)) {
                rules.add(masqueradeToClusterIps());
            }
            ifFilled(rules, KubeSet.EXTERNAL_IP, "dst,dst", "-j KUBE-MARK-MASQ");
            acceptFromOutside(rules, KubeSet.EXTERNAL_IP);
            acceptFromOutside(rules, KubeSet.EXTERNAL_IP_LOCAL);
            rules.add("-m addrtype --dst-type LOCAL -j KUBE-NODE-PORT");
            for (KubeSet set : List.of(KubeSet.CLUSTER_IP, KubeSet.LOAD_BALANCER)) {
                if (filled.contains(set)) {
                    rules.add(match(set, "dst,dst") + "-j ACCEPT");
                }
            }
        }

        private void acceptFromOutside(List<String> rules, KubeSet set) {
            ifFilled(rules, set, "dst,dst", "-m physdev ! --physdev-is-in -m addrtype ! --src-type LOCAL -j ACCEPT");
            ifFilled(rules, set, "dst,dst", "-m addrtype --dst-type LOCAL -j ACCEPT");
        }

        private String masqueradeToClusterIps() {
            String rest = commented(KubeSet.CLUSTER_IP) + match(KubeSet.CLUSTER_IP, "dst,dst") + "-j KUBE-MARK-MASQ";
            if (settings.masqueradeAll()) {
                return rest;
            }
            // A connection of the node itself to a cluster address has that address as its source, too.
            return notLocal()
                    .map(match -> match + " " + rest)
                    .orElseGet(() ->
                            commented(KubeSet.CLUSTER_IP) + match(KubeSet.CLUSTER_IP, "src,dst") + "-j KUBE-MARK-MASQ");
        }

        private Optional<String> notLocal() {
            if (settings.localDetection() instanceof LocalDetection.BridgeInterface bridge) {
                return Optional.of("! -i " + bridge.name());
            }
            if (settings.localDetection() instanceof LocalDetection.InterfaceNamePrefix prefix) {
                return Optional.of("! -i " + prefix.prefix() + "+");
            }
            return inputs.node().localBlock(family).map(block -> "! -s " + block);
        }

        private void loadBalancer(List<String> rules) {
            ifFilled(rules, KubeSet.LOAD_BALANCER_LOCAL, "dst,dst", "-j RETURN");
            rules.add("-j KUBE-MARK-MASQ");
        }

        private void sourceRanges(List<String> rules) {
            ifFilled(rules, KubeSet.LOAD_BALANCER_SOURCE_CIDR, "dst,dst,src", "-j RETURN");
            ifFilled(rules, KubeSet.LOAD_BALANCER_SOURCE_IP, "dst,dst,src", "-j RETURN");
            // Else the rule below would shut out who is allowed, and without it everybody would be let in.
            for (SetEntry.IpPortNet range : inputs.allowed()) {
                String protocol = range.protocol().toString();
                rules.add("-s " + range.second() + " -d " + IpPrefix.single(range.address()) + " -p " + protocol
                        + " -m " + protocol + " --dport " + range.port() + " -j RETURN");
            }
            rules.add("-j DROP");
        }

        private void closedToNode(List<String> rules) {
            for (ServiceKey.Address server : inputs.closedToNode()) {
                if (server.family() == family) {
                    rules.add("-s " + IpPrefix.single(server.address()) + " -m ipvs --vproto "
                            + server.protocol().number() + " --vaddr " + server.address() + " --vport "
                            + server.port() + " -j DROP");
                }
            }
        }

        /** Adds a rule with the set's comment, if the set has entries. */
        private void ifFilled(List<String> rules, KubeSet set, String direction, String rest) {
            if (filled.contains(set)) {
                rules.add(commented(set) + match(set, direction) + rest);
            }
        }

        private void postrouting(List<String> rules) {
            ifFilled(rules, KubeSet.LOOP_BACK, "dst,dst,src", "-j MASQUERADE");
            rules.add("-m mark ! --mark " + mark + "/" + mark + " -j RETURN");
            rules.add("-j MARK --set-xmark " + mark + "/0x0");
            rules.add(
                    "-m comment --comment \"kubernetes service traffic requiring SNAT\" -j MASQUERADE --random-fully");
        }

        private void nodePorts(List<String> rules) {
            nodePorts(rules, "tcp", KubeSet.NODE_PORT_LOCAL_TCP, KubeSet.NODE_PORT_TCP, "dst");
            nodePorts(rules, "udp", KubeSet.NODE_PORT_LOCAL_UDP, KubeSet.NODE_PORT_UDP, "dst");
            nodePorts(rules, "sctp", KubeSet.NODE_PORT_LOCAL_SCTP, KubeSet.NODE_PORT_SCTP, "dst,dst");
        }

        private void nodePorts(List<String> rules, String protocol, KubeSet local, KubeSet all, String direction) {
            if (filled.contains(local)) {
                rules.add("-p " + protocol + " " + commented(local) + match(local, direction) + "-j RETURN");
            }
            if (filled.contains(all)) {
                rules.add("-p " + protocol + " " + commented(all) + match(all, direction) + "-j KUBE-MARK-MASQ");
            }
        }

        private void forward(List<String> rules) {
            rules.add("-m comment --comment \"kubernetes forwarding rules\" -m mark --mark " + mark + "/" + mark
                    + " -j ACCEPT");
            rules.add("-m comment --comment \"kubernetes forwarding conntrack rule\""
                    + " -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT");
        }

        private void accessFilter(List<String> rules) {
            rules.add(match(KubeSet.LOAD_BALANCER, "dst,dst") + "-j RETURN");
            rules.add(match(KubeSet.CLUSTER_IP, "dst,dst") + "-j RETURN");
            rules.add(match(KubeSet.EXTERNAL_IP, "dst,dst") + "-j RETURN");
            rules.add(match(KubeSet.EXTERNAL_IP_LOCAL, "dst,dst") + "-j RETURN");
            rules.add(match(KubeSet.HEALTH_CHECK_NODE_PORT, "dst") + "-j RETURN");
            rules.add("-m conntrack --ctstate NEW " + match(KubeSet.IPVS_IPS, "dst") + "-j REJECT --reject-with "
                    + (family == IpFamily.IPV4 ? "icmp-port-unreachable" : "icmp6-port-unreachable"));
        }

        private List<String> chain(String table, String name) {
            return Objects.requireNonNull(chains.computeIfAbsent(table, added -> new LinkedHashMap<>())
                    .computeIfAbsent(name, added -> new ArrayList<>()));
        }

        private static String commented(KubeSet set) {
            return "-m comment --comment \"" + set.comment().replace("'", "\\'") + "\" ";
        }

        private String match(KubeSet set, String direction) {
            return "-m set --match-set " + set.nameIn(family) + " " + direction + " ";
        }
    }
}
