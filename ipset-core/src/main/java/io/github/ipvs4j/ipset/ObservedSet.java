// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import java.util.List;
import java.util.Optional;

/**
 * A set as the kernel listed it, also where this library does not understand all of it.
 *
 * @param header name, type, family, revision
 * @param elements number of entries by the kernel's count, 0 if it did not say; expired ones may be among them
 * @param references number of rules and sets that refer to the set; while there are any it cannot be destroyed
 * @param memory size in bytes of memory
 * @param contents the set with its entries, empty if its type is not known here
 * @param unread what was met but not understood, in words, for example {@code option timeout}; empty if all was
 */
public record ObservedSet(
        SetHeader header, long elements, long references, long memory, Optional<IpSet> contents, List<String> unread) {
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
