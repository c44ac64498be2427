// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a listing in the kernel's order. They are looked up by an index that is made when it is first needed,
 * since to make one takes several times as long as to read the entries. Not changed after it is handed out; safe for
 * use by many threads.
 */
final class ListedEntries extends CheckedEntries {
    private final List<SetEntry> entries;
    private volatile @Nullable Set<SetEntry> index;

    /**
     * Takes a list over.
     *
     * @param entries none of them twice, as the kernel lists them; nobody else may change it any more
     * @param definition against which they were checked
     * @param options what they carry
     */
    ListedEntries(List<SetEntry> entries, SetDefinition definition, Map<SetEntry, EntryOptions> options) {
        super(definition, options);
        this.entries = Collections.unmodifiableList(entries);
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
        return index().contains(object);
    }

    private Set<SetEntry> index() {
        Set<SetEntry> made = index;
        if (made == null) {
            // Two threads may each make one; they are the same.
            made = new HashSet<>(entries);
            index = made;
        }
        return made;
    }
}
