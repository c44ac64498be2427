// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import java.util.AbstractSet;
import java.util.Map;

/**
 * Entries that were checked against a definition when they were read or put together: an {@link IpSet} of it need
 * neither check nor copy them again, which for a million entries takes longer than to read them.
 */
abstract class CheckedEntries extends AbstractSet<SetEntry> {
    private final SetDefinition definition;
    private final Map<SetEntry, EntryOptions> options;

    CheckedEntries(SetDefinition definition, Map<SetEntry, EntryOptions> options) {
        this.definition = definition;
        this.options = options;
    }

    /** Tells whether it was these that were checked together. */
    @SuppressWarnings("ReferenceEquality") // The very same map: comparing its contents is what this saves.
    final boolean areFor(SetDefinition some, Map<SetEntry, EntryOptions> carried) {
        return options == carried && definition.equals(some);
    }
}
