// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.ipset.SetEntry;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.IpPrefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** Writes down what a sync would do, in the order in which it would, in the words of the tools for each part. */
final class Preview {
    private final DesiredState state;
    private final BiPredicate<KubeSet, IpFamily> broken;
    private final StringBuilder text = new StringBuilder();

    /**
     * Begins.
     *
     * @param state what is wanted and what is there
     * @param broken tells which sets cannot be used
     */
    Preview(DesiredState state, BiPredicate<KubeSet, IpFamily> broken) {
        this.state = state;
        this.broken = broken;
    }

    /** Writes the settings of the kernel. */
    void settings(List<String> commands) {
        part("settings of the kernel", commands);
    }

    /** Writes the sets that are missing, and the entries to be added. */
    void sets(Map<IpFamily, Set<KubeSet>> absent) {
        List<String> lines = new ArrayList<>();
        absent.forEach((family, sets) -> sets.forEach(set -> lines.add("create " + set.definitionIn(family))));
        absent.keySet().forEach(family -> entries(family, true, lines));
        part("sets, for ipset restore", lines);
    }

    private void entries(IpFamily family, boolean add, List<String> lines) {
        for (KubeSet set : KubeSet.values()) {
            if (!broken.test(set, family)) {
                Ledger<SetEntry, Boolean> ledger = state.set(set, family);
                String start = (add ? "add " : "del ") + set.nameIn(family) + " ";
                due(ledger, add).stream().map(entry -> start + entry).sorted().forEach(lines::add);
            }
        }
    }

    private static <K> List<K> due(Ledger<K, Boolean> ledger, boolean add) {
        return ledger.touched().stream()
                .filter(key -> (ledger.wanted(key) != null) == add && (ledger.held(key) != null) != add)
                .toList();
    }

    /** Writes what the rules of each family are made from. */
    void rules(Map<IpFamily, String> inputs) {
        inputs.forEach((family, input) -> {
            String program = family == IpFamily.IPV4 ? "iptables-restore" : "ip6tables-restore";
            part("rules, for " + program + " --noflush", input.lines().toList());
        });
    }

    /** Writes the device, if it is missing, and the addresses to be added. */
    void addresses(@Nullable String missingDevice) {
        List<String> lines = new ArrayList<>();
        if (missingDevice != null) {
            lines.add("ip link add " + missingDevice + " type dummy");
        }
        addresses(true, lines);
        part("addresses", lines);
    }

    private void addresses(boolean add, List<String> lines) {
        due(state.addresses(), add).stream()
                .sorted()
                .map(address -> "ip address " + (add ? "add " : "del ") + IpPrefix.single(address) + " dev "
                        + Observation.DEVICE)
                .forEach(lines::add);
    }

    /** Writes the virtual servers. */
    void servers(String plan) {
        part("virtual servers, for ipvsadm -R", plan.lines().toList());
    }

    /** Writes the addresses and entries to be removed. */
    void removals(Set<IpFamily> families) {
        List<String> addresses = new ArrayList<>();
        addresses(false, addresses);
        part("addresses of no Service", addresses);
        List<String> entries = new ArrayList<>();
        families.forEach(family -> entries(family, false, entries));
        part("entries of no Service, for ipset restore", entries);
    }

    private void part(String title, List<String> lines) {
        if (!lines.isEmpty()) {
            text.append("# ").append(title).append('\n');
            lines.forEach(line -> text.append(line).append('\n'));
        }
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
