// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A set with its entries, wanted or observed; every entry fits the definition.
 *
 * @param definition what the set is
 * @param entries its entries, unmodifiable, in the order in which they were given
 * @param options what entries carry, unmodifiable; those that carry nothing are left out
 */
public record IpSet(SetDefinition definition, Set<SetEntry> entries, Map<SetEntry, EntryOptions> options) {
    /** Copies the entries and checks that each fits the definition. */
    public IpSet {
        if (!(entries instanceof CheckedEntries checked && checked.areFor(definition, options))) {
            entries = Collections.unmodifiableSet(new LinkedHashSet<>(entries));
            check(definition, entries, options);
        }
        options = options.isEmpty() ? Map.of() : Collections.unmodifiableMap(carrying(options));
    }

    /**
     * Makes a set whose entries carry nothing.
     *
     * @param definition what the set is
     * @param entries its entries
     */
    public IpSet(SetDefinition definition, Set<SetEntry> entries) {
        this(definition, entries, Map.of());
    }

    private static void check(SetDefinition definition, Set<SetEntry> entries, Map<SetEntry, EntryOptions> options) {
        for (SetEntry entry : entries) {
            if (!definition.accepts(entry)) {
                throw new IllegalArgumentException("entry " + entry + " does not fit into set " + definition);
            }
        }
        for (Map.Entry<SetEntry, EntryOptions> one : options.entrySet()) {
            if (!entries.contains(one.getKey()) || !definition.accepts(one.getValue())) {
                throw new IllegalArgumentException(
                        "entry " + one.getKey() + " with '" + one.getValue() + "' does not fit into set " + definition);
            }
        }
    }

    private static Map<SetEntry, EntryOptions> carrying(Map<SetEntry, EntryOptions> options) {
        Map<SetEntry, EntryOptions> copy = new LinkedHashMap<>(options);
        copy.values().removeIf(EntryOptions.NONE::equals);
        return copy;
    }

    /**
     * Makes a set with entries.
     *
     * @param definition what the set is
     * @param entries its entries; repetitions count once
     * @return the set
     * @throws IllegalArgumentException if an entry does not fit the definition
     */
    public static IpSet of(SetDefinition definition, Collection<? extends SetEntry> entries) {
        return new IpSet(definition, new LinkedHashSet<>(entries));
    }

    /**
     * Makes a set with entries and what they carry.
     *
     * @param definition what the set is
     * @param members its entries, no ranges; of repetitions the last one counts
     * @return the set
     * @throws IllegalArgumentException if a member is a range or does not fit the definition
     */
    public static IpSet ofMembers(SetDefinition definition, Collection<SetMember> members) {
        Set<SetEntry> entries = new LinkedHashSet<>();
        Map<SetEntry, EntryOptions> options = new LinkedHashMap<>();
        for (SetMember member : members) {
            if (!(member.spec() instanceof SetEntry entry)) {
                throw new IllegalArgumentException("range " + member.spec()
                        + ": a set consists of single entries; only the kernel can tell which");
            }
            entries.add(entry);
            options.put(entry, member.options());
        }
        return new IpSet(definition, entries, options);
    }

    /**
     * Returns this set with some entries put and some deleted. The result remembers what it was made from, so that
     * {@link IpsetClient#replace(IpSet, IpSet)} between the two takes time for the change only.
     *
     * @param put entries that are added or, where they are there, get options anew; no ranges
     * @param deleted entries that go, before the others are put; those that are not there do not matter
     * @return the changed set; this one stays as it is
     * @throws IllegalArgumentException if an entry to put is a range or does not fit the definition
     */
    public IpSet with(Collection<SetMember> put, Collection<? extends SetEntry> deleted) {
        Map<SetEntry, EntryOptions> carried = options;
        if (!options.isEmpty()
                || put.stream().anyMatch(member -> !member.options().isNone())) {
            carried = new HashMap<>(options);
            carried.keySet().removeAll(Set.copyOf(deleted));
            for (SetMember member : put) {
                carried.put(member.entry(), member.options());
            }
        }
        return new IpSet(definition, ChangedEntries.of(this, put, deleted, carried), carried);
    }

    /**
     * Returns the entries with what they carry.
     *
     * @return in the order of the entries
     */
    public List<SetMember> members() {
        return entries.stream()
                .map(entry -> new SetMember(entry, optionsOf(entry)))
                .toList();
    }

    /**
     * Returns what an entry carries.
     *
     * @param entry an entry of the set
     * @return {@link EntryOptions#NONE} if it carries nothing
     */
    public EntryOptions optionsOf(SetEntry entry) {
        return options.getOrDefault(entry, EntryOptions.NONE);
    }

    /**
     * Makes a set without entries.
     *
     * @param definition what the set is
     * @return the set
     */
    public static IpSet empty(SetDefinition definition) {
        return new IpSet(definition, Set.of());
    }

    /**
     * Returns the name of the set.
     *
     * @return that of its definition
     */
    public String name() {
        return definition.name();
    }
}
