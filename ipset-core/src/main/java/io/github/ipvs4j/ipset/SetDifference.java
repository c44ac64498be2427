// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What distinguishes two contents of one set.
 *
 * @param added what is to be added
 * @param updated what stays with other options; what runs in the kernel is kept
 * @param outdated the same entries with the options that they have
 * @param surplus what is to be deleted, with the options that it has
 */
record SetDifference(
        List<SetMember> added, List<SetMember> updated, List<SetMember> outdated, List<SetMember> surplus) {

    SetDifference() {
        this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    /** Compares two sets of which each says what it carries; of sets made from one another only what was touched. */
    static SetDifference between(IpSet before, IpSet after) {
        Set<SetEntry> touched = ChangedEntries.touchedBetween(before.entries(), after.entries());
        if (touched == null) {
            SetComparison comparison = new SetComparison(after);
            before.entries().forEach(entry -> comparison.accept(new SetMember(entry, before.optionsOf(entry))));
            return comparison.difference();
        }
        SetDifference difference = new SetDifference();
        for (SetEntry entry : touched) {
            boolean was = before.entries().contains(entry);
            if (!after.entries().contains(entry)) {
                if (was) {
                    difference.surplus.add(new SetMember(entry, before.optionsOf(entry)));
                }
            } else if (was) {
                difference.stays(entry, before.optionsOf(entry), after.optionsOf(entry));
            } else {
                difference.added.add(new SetMember(entry, after.optionsOf(entry)));
            }
        }
        return difference;
    }

    /** Takes an entry that is in both. */
    void stays(SetEntry entry, EntryOptions is, EntryOptions wanted) {
        if (wanted.differsFrom(is)) {
            updated.add(new SetMember(entry, wanted.inheriting(is)));
            outdated.add(new SetMember(entry, is));
        }
    }

    int size() {
        return added.size() + updated.size() + surplus.size();
    }
}
