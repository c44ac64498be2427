// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

/**
 * An entry, or a range of them, together with what it carries. {@code toString} gives the text that {@code ipset add}
 * takes behind the name of the set.
 *
 * @param spec the entry or range
 * @param options what it carries
 */
public record SetMember(EntrySpec spec, EntryOptions options) {
    /**
     * Makes a member that carries nothing.
     *
     * @param spec the entry or range
     */
    public SetMember(EntrySpec spec) {
        this(spec, EntryOptions.NONE);
    }

    /** Returns the entry, or the first one of the range. */
    SetEntry entry() {
        return spec instanceof EntryRange range ? range.first() : (SetEntry) spec;
    }

    @Override
    public String toString() {
        boolean wildcard = spec instanceof SetEntry.NetInterface device && device.wildcard();
        String tail = options.text(wildcard);
        String head = wildcard ? ((SetEntry.NetInterface) spec).plain() : spec.toString();
        return tail.isEmpty() ? head : head + " " + tail;
    }
}
