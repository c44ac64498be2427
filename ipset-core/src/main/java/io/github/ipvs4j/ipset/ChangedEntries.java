// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import java.lang.ref.WeakReference;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The entries of another set with a few changes, remembered as such. Immutable.
 *
 * <p>Of sets made one from another, all know the changes since a common base, which each change copies. When they are
 * many, the next one starts from a base of its own, so that a long line of small changes costs each about the square
 * root of the size; the set that the base is a copy of is remembered too, so that what leads from it to the next is
 * known all the same.
 */
final class ChangedEntries extends CheckedEntries {
    /** With more changes than one for so many entries, a copy is made that remembers nothing. */
    private static final int FEW = 2;

    private final Set<SetEntry> base;

    /** The entries that the base is a copy of; weak, or a line of sets would hold all that went before. */
    private final WeakReference<Set<SetEntry>> original;

    private final Set<SetEntry> added;
    private final Set<SetEntry> removed;

    /** Whatever may differ from the base: in being there, or in its options. */
    private final Set<SetEntry> touched;

    private ChangedEntries(
            SetDefinition definition,
            Map<SetEntry, EntryOptions> options,
            Set<SetEntry> base,
            WeakReference<Set<SetEntry>> original,
            Set<SetEntry> added,
            Set<SetEntry> removed,
            Set<SetEntry> touched) {
        super(definition, options);
        this.base = base;
        this.original = original;
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
        ChangedEntries before =
                set.entries() instanceof ChangedEntries some && !some.isLong(put.size() + deleted.size()) ? some : null;
        Set<SetEntry> base = before != null ? before.base : standingAlone(set.entries());
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
        WeakReference<Set<SetEntry>> original = before == null ? new WeakReference<>(set.entries()) : before.original;
        ChangedEntries changed = new ChangedEntries(set.definition(), options, base, original, added, removed, touched);
        return touched.size() > base.size() / FEW ? new LinkedHashSet<>(changed) : changed;
    }

    /** Tells whether to copy what was touched before would cost more than a change of that size should. */
    private boolean isLong(int change) {
        return touched.size() > Math.max(change, Math.sqrt(base.size()));
    }

    private static Set<SetEntry> standingAlone(Set<SetEntry> entries) {
        return entries instanceof ChangedEntries ? Collections.unmodifiableSet(new LinkedHashSet<>(entries)) : entries;
    }

    /** Returns what may differ between two sets of entries; null if it is not known. */
    @SuppressWarnings("ReferenceEquality") // Comparing the contents is what this saves.
    static @Nullable Set<SetEntry> touchedBetween(Set<SetEntry> one, Set<SetEntry> other) {
        if (other instanceof ChangedEntries changed && changed.original.get() == one) {
            return changed.touched;
        }
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
