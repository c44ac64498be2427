// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import java.util.AbstractSet;
import java.util.Collections;
import java.util.Iterator;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a listing, each checked against the definition when it was read: an {@link IpSet} need neither check
 * nor copy them again, which for a million entries takes longer than to read them. Not changed after it is handed out.
 */
final class ListedEntries extends AbstractSet<SetEntry> {
    private final Set<SetEntry> entries;

    /**
     * Takes a set over.
     *
     * @param entries nobody else may change it any more
     */
    ListedEntries(Set<SetEntry> entries) {
        this.entries = Collections.unmodifiableSet(entries);
    }

    @Override
    public Iterator<SetEntry> iterator() {
        return entries.iterator();
    }

    @Override
    public int size() {
        return entries.size();
    }

    @Override
    public boolean contains(@Nullable Object object) {
        return entries.contains(object);
    }
}
