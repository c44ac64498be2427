// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Compares wanted contents with present ones, which come entry by entry and are not kept: for a million of them, to
 * make a set takes several times as long as this.
 *
 * <p>The wanted entries are in a table of open addressing with their hashes beside them, so that what is not wanted is
 * seldom looked at.
 */
final class SetComparison implements Consumer<SetMember> {
    private final IpSet wanted;
    private final @Nullable SetEntry[] table;
    private final int[] hashes;
    private final BitSet seen = new BitSet();
    private final List<SetMember> surplus = new ArrayList<>();
    private @Nullable EntryOptions @Nullable [] running;

    SetComparison(IpSet wanted) {
        this.wanted = wanted;
        int capacity = Integer.highestOneBit(Math.max(1, wanted.entries().size())) * 4;
        table = new SetEntry[capacity];
        hashes = new int[capacity];
        for (SetEntry entry : wanted.entries()) {
            int hash = hash(entry);
            int slot = hash & capacity - 1;
            while (table[slot] != null) {
                slot = slot + 1 & capacity - 1;
            }
            table[slot] = entry;
            hashes[slot] = hash;
        }
    }

    /** Neighbouring addresses have neighbouring hash codes; spread them. */
    private static int hash(SetEntry entry) {
        int hash = entry.hashCode() * 0x9e37_79b9;
        return hash ^ hash >>> 15;
    }

    private int find(SetEntry entry) {
        int hash = hash(entry);
        int slot = hash & table.length - 1;
        while (true) {
            SetEntry there = table[slot];
            if (there == null) {
                return -1;
            }
            if (hashes[slot] == hash && there.equals(entry)) {
                return slot;
            }
            slot = slot + 1 & table.length - 1;
        }
    }

    /** Takes a present entry. */
    @Override
    public void accept(SetMember present) {
        int slot = find(present.entry());
        if (slot < 0) {
            surplus.add(present);
            return;
        }
        seen.set(slot);
        if (!present.options().isNone()) {
            if (running == null) {
                running = new EntryOptions[table.length];
            }
            running[slot] = present.options();
        }
    }

    /** Returns how many different entries are present. */
    long present() {
        return seen.cardinality() + (long) surplus.size();
    }

    /** Returns what a wanted entry carries at present. */
    EntryOptions running(SetEntry entry) {
        return running == null ? EntryOptions.NONE : running(find(entry));
    }

    private EntryOptions running(int slot) {
        EntryOptions some = running == null ? null : running[slot];
        return some == null ? EntryOptions.NONE : some;
    }

    SetDifference difference() {
        SetDifference difference = new SetDifference();
        boolean plain = running == null && wanted.options().isEmpty();
        for (int slot = 0; slot < table.length; slot++) {
            SetEntry entry = table[slot];
            if (entry == null) {
                continue;
            }
            if (!seen.get(slot)) {
                difference.added().add(new SetMember(entry, wanted.optionsOf(entry)));
            } else if (!plain) {
                difference.stays(entry, running(slot), wanted.optionsOf(entry));
            }
        }
        difference.surplus().addAll(surplus);
        return difference;
    }
}
