// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A set with its entries, wanted or observed; every entry fits the definition.
 *
 * @param definition what the set is
 * @param entries its entries, unmodifiable, in the order in which they were given
 */
public record IpSet(SetDefinition definition, Set<SetEntry> entries) {
    /** Copies the entries and checks that each fits the definition. */
    public IpSet {
        for (SetEntry entry : entries) {
            if (!definition.accepts(entry)) {
                throw new IllegalArgumentException("entry " + entry + " does not fit into set " + definition);
            }
        }
        entries = Collections.unmodifiableSet(new LinkedHashSet<>(entries));
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
