// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The difference between two states of several sets, as changes in an order that is safe to carry out.
 *
 * <p>First come the new sets and all additions, then sets that must be made anew because their definitions differ, then
 * the deletions, last the sets to destroy. Where a set has no room for its additions, as many of its deletions as are
 * needed go before them. A set whose options differ is made anew under a name that begins with {@code ipvs4j~},
 * swapped in at one stroke, and destroyed under that name; only where type or family differ it is destroyed and
 * created. How the kernel hashes, counters and the time left never make a difference. {@code toString} gives the text
 * that
 * {@code ipset restore} takes. Immutable.
 *
 * <pre>{@code
 * SetPlan plan = SetPlan.between(ipset.list(), desired, name -> name.startsWith("KUBE-"));
 * AppliedSetPlan applied = ipset.apply(plan, SetPlan.OnFailure.ROLL_BACK);
 * }</pre>
 */
public final class SetPlan {
    /** What to do with the other changes when one fails. */
    public enum OnFailure {
        /** Take back what was carried out, in reverse order. */
        ROLL_BACK,

        /** Leave what was carried out. */
        CONTINUE
    }

    private final List<IpSet> actual;
    private final List<IpSet> desired;
    private final List<SetChange> changes;

    private SetPlan(List<IpSet> actual, List<IpSet> desired, List<SetChange> changes) {
        this.actual = actual;
        this.desired = desired;
        this.changes = changes;
    }

    /**
     * Finds the way from one state to another; every set of the actual state that is not desired is destroyed.
     *
     * @param actual what is there, no name twice
     * @param desired what is to be there, no name twice
     * @return the plan, empty if the states are the same
     * @throws IllegalArgumentException if a name occurs twice
     */
    public static SetPlan between(Collection<IpSet> actual, Collection<IpSet> desired) {
        return between(actual, desired, name -> true);
    }

    /**
     * Finds the way from one state to another, and leaves alone what belongs to others.
     *
     * @param actual what is there, no name twice
     * @param desired what is to be there, no name twice
     * @param owned says by name which sets may be changed and destroyed
     * @return the plan, empty if the owned sets are as desired
     * @throws IllegalArgumentException if a name occurs twice or a desired set is not owned
     */
    public static SetPlan between(Collection<IpSet> actual, Collection<IpSet> desired, Predicate<String> owned) {
        for (IpSet set : desired) {
            if (!owned.test(set.name())) {
                throw new IllegalArgumentException("set " + set.name() + ": desired, but not owned");
            }
        }
        Map<String, IpSet> before = byName(
                "actual", actual.stream().filter(set -> owned.test(set.name())).toList());
        Map<String, IpSet> after = byName("desired", desired);
        return new SetPlan(
                List.copyOf(before.values()), List.copyOf(after.values()), new Order().changes(before, after));
    }

    private static Map<String, IpSet> byName(String state, Collection<IpSet> sets) {
        Map<String, IpSet> byName = new LinkedHashMap<>();
        for (IpSet set : sets) {
            if (byName.put(set.name(), set) != null) {
                throw new IllegalArgumentException("set " + set.name() + " occurs twice in the " + state + " state");
            }
        }
        return byName;
    }

    /**
     * Returns the changes.
     *
     * @return in the order in which to carry them out
     */
    public List<SetChange> changes() {
        return changes;
    }

    /**
     * Tells whether there is nothing to do.
     *
     * @return whether there are no changes
     */
    public boolean isEmpty() {
        return changes.isEmpty();
    }

    /**
     * Returns the way back.
     *
     * @return the plan from the desired state to the actual one
     */
    public SetPlan inverse() {
        return between(desired, actual);
    }

    /** Returns the changes as lines for {@code ipset restore}, each with its newline. */
    @Override
    public String toString() {
        StringBuilder lines = new StringBuilder();
        changes.forEach(change -> lines.append(change).append('\n'));
        return lines.toString();
    }

    /** Collects changes by their place in the order. */
    private static final class Order {
        private final List<SetChange> creations = new ArrayList<>();
        private final List<SetChange> additions = new ArrayList<>();
        private final List<SetChange> replacements = new ArrayList<>();
        private final List<SetChange> deletions = new ArrayList<>();
        private final List<SetChange> destructions = new ArrayList<>();

        List<SetChange> changes(Map<String, IpSet> before, Map<String, IpSet> after) {
            Set<String> stale = new LinkedHashSet<>();
            for (IpSet wanted : after.values()) {
                IpSet present = before.get(wanted.name());
                if (present == null) {
                    creations.add(new SetChange.CreateSet(wanted.definition()));
                    addAll(additions, wanted.definition(), wanted);
                } else if (wanted.definition().matches(present.definition())) {
                    update(present, wanted);
                } else if (isSwappable(present.definition(), wanted.definition())) {
                    swap(present, wanted);
                    stale.add(SetReplacement.temporaryName(wanted.name()));
                } else {
                    replacements.add(new SetChange.DestroySet(present));
                    replacements.add(new SetChange.CreateSet(wanted.definition()));
                    addAll(replacements, wanted.definition(), wanted);
                }
            }
            List<SetChange> all = new ArrayList<>();
            for (IpSet present : before.values()) {
                if (stale.contains(present.name())) {
                    all.add(new SetChange.DestroySet(present));
                } else if (!after.containsKey(present.name())) {
                    destructions.add(new SetChange.DestroySet(present));
                }
            }
            all.addAll(creations);
            all.addAll(additions);
            all.addAll(replacements);
            all.addAll(deletions);
            all.addAll(destructions);
            return List.copyOf(all);
        }

        private static boolean isSwappable(SetDefinition present, SetDefinition wanted) {
            return present.type() == wanted.type() && present.family().equals(wanted.family());
        }

        private void swap(IpSet present, IpSet wanted) {
            String name = SetReplacement.temporaryName(wanted.name());
            SetDefinition temporary = wanted.definition().withName(name);
            replacements.add(new SetChange.CreateSet(temporary));
            addAll(replacements, temporary, wanted);
            replacements.add(new SetChange.SwapSets(temporary, present.definition()));
            replacements.add(new SetChange.DestroySet(
                    new IpSet(present.definition().withName(name), present.entries(), present.options())));
        }

        private void update(IpSet present, IpSet wanted) {
            SetDefinition definition = wanted.definition();
            List<SetEntry> missing = without(wanted.entries(), present.entries());
            List<SetChange> surplus = new ArrayList<>();
            for (SetEntry entry : without(present.entries(), wanted.entries())) {
                surplus.add(new SetChange.DeleteEntry(definition, entry, present.optionsOf(entry)));
            }
            int first = Math.min(
                    surplus.size(), lackingRoom(definition, present.entries().size() + missing.size()));
            additions.addAll(surplus.subList(0, first));
            missing.forEach(entry -> additions.add(new SetChange.AddEntry(definition, entry, wanted.optionsOf(entry))));
            updateOptions(present, wanted);
            deletions.addAll(surplus.subList(first, surplus.size()));
        }

        private void updateOptions(IpSet present, IpSet wanted) {
            if (present.options().isEmpty() && wanted.options().isEmpty()) {
                return;
            }
            for (SetEntry entry : wanted.entries()) {
                EntryOptions before = present.optionsOf(entry);
                EntryOptions after = wanted.optionsOf(entry);
                if (present.entries().contains(entry) && after.differsFrom(before)) {
                    additions.add(
                            new SetChange.UpdateEntry(wanted.definition(), entry, before, after.inheriting(before)));
                }
            }
        }

        private static List<SetEntry> without(Set<SetEntry> entries, Set<SetEntry> others) {
            return entries.stream().filter(entry -> !others.contains(entry)).toList();
        }

        private static int lackingRoom(SetDefinition definition, int entries) {
            return definition.options() instanceof SetOptions.Hash hash
                    ? (int) Math.max(0, entries - hash.maxElements())
                    : 0;
        }

        private static void addAll(List<SetChange> to, SetDefinition definition, IpSet set) {
            set.entries().forEach(entry -> to.add(new SetChange.AddEntry(definition, entry, set.optionsOf(entry))));
        }
    }
}
