// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The entries of another set with a few changes, remembered as such. Immutable. */
final class ChangedEntries extends CheckedEntries {
    /** With more changes than one for so many entries, a copy is made that remembers nothing. */
    private static final int FEW = 2;

    private final Set<SetEntry> base;
    private final Set<SetEntry> added;
    private final Set<SetEntry> removed;

    /** Whatever may differ from the base: in being there, or in its options. */
    private final Set<SetEntry> touched;

    private ChangedEntries(
            SetDefinition definition,
            Map<SetEntry, EntryOptions> options,
            Set<SetEntry> base,
            Set<SetEntry> added,
            Set<SetEntry> removed,
            Set<SetEntry> touched) {
        super(definition, options);
        this.base = base;
        this.added = added;
        this.removed = removed;
        this.touched = touched;
    }

    /**
     * Changes the entries of a set.
     *
     * @param options what the changed set is to carry
     */
    static Set<SetEntry> of(
            IpSet set,
            Collection<SetMember> put,
            Collection<? extends SetEntry> deleted,
            Map<SetEntry, EntryOptions> options) {
        ChangedEntries before = set.entries() instanceof ChangedEntries changed ? changed : null;
        Set<SetEntry> base = before == null ? set.entries() : before.base;
        Set<SetEntry> added = before == null ? new LinkedHashSet<>() : new LinkedHashSet<>(before.added);
        Set<SetEntry> removed = before == null ? new HashSet<>() : new HashSet<>(before.removed);
        Set<SetEntry> touched = before == null ? new LinkedHashSet<>() : new LinkedHashSet<>(before.touched);
        for (SetEntry entry : deleted) {
            touched.add(entry);
            if (!added.remove(entry) && base.contains(entry)) {
                removed.add(entry);
            }
        }
        for (SetMember member : put) {
            SetEntry entry = member.entry();
            if (!member.spec().equals(entry) || !set.definition().accepts(member)) {
                throw new IllegalArgumentException("entry " + member + " does not fit into set " + set.definition());
            }
            touched.add(entry);
            if (!removed.remove(entry) && !base.contains(entry)) {
                added.add(entry);
            }
        }
        ChangedEntries changed = new ChangedEntries(set.definition(), options, base, added, removed, touched);
        return touched.size() > base.size() / FEW ? new LinkedHashSet<>(changed) : changed;
    }

    /** Returns what may differ between two sets of entries; null if it is not known. */
    @SuppressWarnings("ReferenceEquality") // Comparing the contents is what this saves.
    static @Nullable Set<SetEntry> touchedBetween(Set<SetEntry> one, Set<SetEntry> other) {
        if (base(one) != base(other)) {
            return null;
        }
        Set<SetEntry> touched = new LinkedHashSet<>(touched(one));
        touched.addAll(touched(other));
        return touched;
    }

    private static Set<SetEntry> base(Set<SetEntry> entries) {
        return entries instanceof ChangedEntries changed ? changed.base : entries;
    }

    private static Set<SetEntry> touched(Set<SetEntry> entries) {
        return entries instanceof ChangedEntries changed ? changed.touched : Set.of();
    }

    @Override
    public Iterator<SetEntry> iterator() {
        return Stream.concat(base.stream().filter(entry -> !removed.contains(entry)), added.stream())
                .iterator();
    }

    @Override
    public int size() {
        return base.size() + added.size() - removed.size();
    }

    @Override
    public boolean contains(@Nullable Object object) {
        return added.contains(object) || (base.contains(object) && !removed.contains(object));
    }
}
