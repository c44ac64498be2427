// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.ipset.IpsetClient;
import io.github.ipvs4j.ipset.ObservedSet;
import io.github.ipvs4j.ipset.SetEntry;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.IpPrefix;
import io.github.ipvs4j.netlink.NetlinkException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;

/** Brings the rules of all families that run on this node to what the sets' contents ask for. */
final class RuleApplier {
    private final IpsetClient ipset;
    private final DesiredState state;
    private final Map<IpFamily, Iptables> iptables = new EnumMap<>(IpFamily.class);

    RuleApplier(IpsetClient ipset, DesiredState state) {
        this.ipset = ipset;
        this.state = state;
    }

    /** Takes the rules of a family, which has been found to run on this node. */
    void manage(IpFamily family, Iptables rules) {
        iptables.put(family, rules);
    }

    /** Returns the families that run on this node, in their order. */
    Set<IpFamily> families() {
        return Collections.unmodifiableSet(iptables.keySet());
    }

    /** Has the rules looked at anew, though nothing speaks for a change of them. */
    void distrust() {
        iptables.values().forEach(Iptables::forget);
    }

    /**
     * Tells whether somebody has taken rules of ours out. Rules that match a set hold on to it, and the kernel counts
     * how many do, which is asked without running a program.
     *
     * @throws NetlinkException if the kernel cannot be asked
     */
    boolean isDisturbed() {
        Map<String, Integer> left = new HashMap<>();
        iptables.values().forEach(rules -> left.putAll(rules.references()));
        if (left.isEmpty()) {
            return false;
        }
        for (ObservedSet set : ipset.describe()) {
            left.computeIfPresent(set.name(), (name, ours) -> set.references() < ours ? ours : null);
        }
        return !left.isEmpty();
    }

    /**
     * Brings the rules to what the sets' contents ask for; programs are run only where they differ.
     *
     * @param ahead whether rules are needed for what will be in the sets, too
     * @param node the own node
     * @param broken tells the sets that cannot be used
     * @return whether none failed
     */
    boolean bring(boolean ahead, NodeFacts node, BiPredicate<KubeSet, IpFamily> broken, Pass pass) {
        boolean all = true;
        for (Map.Entry<IpFamily, Iptables> entry : iptables.entrySet()) {
            IpFamily family = entry.getKey();
            Set<KubeSet> filled = wanted(family, ahead, broken);
            for (KubeSet set : KubeSet.values()) {
                if (state.set(set, family).heldCount() > 0) {
                    filled.add(set);
                }
            }
            try {
                if (entry.getValue().bring(inputs(family, filled, node, broken))) {
                    pass.changed(ChangeKind.RULES);
                }
            } catch (IOException e) {
                all = false;
                pass.rulesFailed(family, String.valueOf(e.getMessage()));
            }
        }
        return all;
    }

    /**
     * Returns for each family what iptables-restore would be given, when the sets are as they are wanted.
     *
     * @param node the own node
     * @param broken tells the sets that cannot be used
     * @param pass takes what is known already that could not be done
     */
    Map<IpFamily, String> plan(NodeFacts node, BiPredicate<KubeSet, IpFamily> broken, Pass pass) {
        Map<IpFamily, String> inputs = new EnumMap<>(IpFamily.class);
        iptables.forEach((family, installed) -> {
            try {
                Set<KubeSet> filled = wanted(family, true, broken);
                inputs.put(family, installed.plan(Rules.of(family, inputs(family, filled, node, broken))));
            } catch (IOException e) {
                pass.rulesFailed(family, String.valueOf(e.getMessage()));
            }
        });
        return inputs;
    }

    private Set<KubeSet> wanted(IpFamily family, boolean ahead, BiPredicate<KubeSet, IpFamily> broken) {
        Set<KubeSet> wanted = EnumSet.noneOf(KubeSet.class);
        for (KubeSet set : KubeSet.values()) {
            if (ahead && state.set(set, family).wantedCount() > 0 && !broken.test(set, family)) {
                wanted.add(set);
            }
        }
        return wanted;
    }

    private Rules.Inputs inputs(
            IpFamily family, Set<KubeSet> filled, NodeFacts node, BiPredicate<KubeSet, IpFamily> broken) {
        return new Rules.Inputs(node, filled, state.closedToNode(), allowedBesideSets(family, broken));
    }

    /** Returns the source ranges that their set does not take: it is full, or was made by others as something else. */
    private List<SetEntry.IpPortNet> allowedBesideSets(IpFamily family, BiPredicate<KubeSet, IpFamily> broken) {
        List<SetEntry.IpPortNet> ranges = new ArrayList<>();
        for (KubeSet set : List.of(KubeSet.LOAD_BALANCER_SOURCE_CIDR, KubeSet.LOAD_BALANCER_SOURCE_IP)) {
            Ledger<SetEntry, Boolean> ledger = state.set(set, family);
            for (SetEntry entry : broken.test(set, family) ? ledger.missing() : ledger.failing()) {
                if (entry instanceof SetEntry.IpPortNet range) {
                    ranges.add(range);
                } else if (entry instanceof SetEntry.IpPortIp one) {
                    IpPrefix source = IpPrefix.single(one.second());
                    ranges.add(new SetEntry.IpPortNet(one.address(), one.protocol(), one.port(), source));
                }
            }
        }
        // No Comparator.comparing: of those the JVM keeps no code in an archive of classes.
        ranges.sort((one, other) -> one.toString().compareTo(other.toString()));
        return ranges;
    }

    /** Removes all rules of ours with what they refer to. */
    void remove(Removal removal, Observation seen, NodeFacts node) {
        Rules.Inputs none = new Rules.Inputs(node, Set.of(), state.closedToNode(), List.of());
        removal.remove(seen, iptables, family -> Rules.of(family, none));
    }
}
