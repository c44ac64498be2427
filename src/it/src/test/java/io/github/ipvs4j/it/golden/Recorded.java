// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.golden;

import io.github.ipvs4j.it.lab.Place;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The state of a node's kernel, in the form in which kube-proxy's was recorded: one text for each file. */
final class Recorded {
    /** Random, and printed by newer kernels only. */
    private static final Pattern SET_NOISE = Pattern.compile(" (bucketsize \\d+|initval 0x[0-9a-f]+)");

    private static final Pattern COUNTERS = Pattern.compile(" \\[\\d+:\\d+]$");

    private Recorded() {}

    /** Reads the kernel. */
    static Map<String, List<String>> now() {
        Map<String, List<String>> state = new LinkedHashMap<>();
        state.put("ipvs.txt", lines("ipvsadm", "-Sn").sorted().toList());
        state.put(
                "ipset.txt",
                lines("ipset", "save")
                        .map(line -> SET_NOISE.matcher(line).replaceAll(""))
                        .sorted()
                        .toList());
        state.put("iptables.txt", rules(lines("iptables-save").toList()));
        state.put("ip6tables.txt", rules(lines("ip6tables-save").toList()));
        state.put("addrs.txt", addresses());
        state.put("ipvs-timeout.txt", lines("ipvsadm", "-L", "--timeout").toList());
        return state;
    }

    /** Reads the addresses of the device for Services, if it is there. */
    private static List<String> addresses() {
        return Place.HERE
                .attempt("ip", "-oneline", "address", "show", "dev", "kube-ipvs0")
                .output()
                .lines()
                .map(line -> line.split("\\s+")[3])
                .sorted()
                .toList();
    }

    /** Reads the kernel's settings of the network. */
    static Map<String, String> sysctls() {
        Map<String, String> values = new TreeMap<>();
        lines("sh", "-c", "sysctl -a 2>/dev/null || true")
                .filter(line -> line.startsWith("net."))
                .map(line -> line.split(" = ", 2))
                .forEach(pair -> values.put(pair[0], pair.length == 2 ? pair[1] : ""));
        return values;
    }

    /**
     * Brings what iptables-save prints to a form in which equal states are equal: without counters, the tables and
     * chains in the order of their names, the rules of each chain in their own order. That of {@code
     * KUBE-IPVS-OUT-FILTER} is no order, but that of a hash table, and the rules exclude each other.
     */
    static List<String> rules(List<String> saved) {
        Map<String, List<String>> chains = new TreeMap<>();
        String table = "";
        for (String line : saved) {
            if (line.startsWith("*")) {
                table = line;
            } else if (line.startsWith(":")) {
                String declared = COUNTERS.matcher(line).replaceAll("");
                chains.computeIfAbsent(table + " " + declared.substring(1).split(" ")[0], added -> new ArrayList<>())
                        .add(0, declared);
            } else if (line.startsWith("-A ")) {
                chains.computeIfAbsent(table + " " + line.split(" ")[1], added -> new ArrayList<>())
                        .add(line);
            }
        }
        chains.computeIfPresent(
                "*filter KUBE-IPVS-OUT-FILTER",
                (chain, rules) -> rules.stream().sorted().toList());
        List<String> all = new ArrayList<>();
        chains.forEach((chain, rules) ->
                rules.forEach(rule -> all.add(chain.substring(0, chain.indexOf(' ')) + " " + rule)));
        return all;
    }

    private static Stream<String> lines(String... command) {
        return Place.HERE.run(command).lines();
    }
}
