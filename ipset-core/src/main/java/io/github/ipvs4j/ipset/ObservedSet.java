// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A set as the kernel listed it, also where this library does not understand all of it.
 *
 * @param header name, type, family, revision
 * @param definition what the set is, empty if its type is not known here
 * @param initialValue start value of the hash, empty if the kernel did not say
 * @param elements number of entries by the kernel's count, 0 if it did not say; expired ones may be among them
 * @param references number of rules and sets that refer to the set; while there are any it cannot be destroyed
 * @param memory size in bytes of memory
 * @param contents the set with its entries, empty if its type is not known here or if the entries were not asked for
 * @param unread what was met but not understood, in words, for example {@code option with number 99}; empty if all was
 */
public record ObservedSet(
        SetHeader header,
        Optional<SetDefinition> definition,
        OptionalLong initialValue,
        long elements,
        long references,
        long memory,
        Optional<IpSet> contents,
        List<String> unread) {
    /** Copies the list. */
    public ObservedSet {
        unread = List.copyOf(unread);
    }

    /**
     * Returns the name of the set.
     *
     * @return that of its header
     */
    public String name() {
        return header.name();
    }
}
