// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import io.github.ipvs4j.netlink.IpFamily;
import java.util.Optional;

/** What can be added to a set or deleted from it: one entry, or a range of them. */
public sealed interface EntrySpec permits SetEntry, EntryRange {
    /**
     * Returns the family of the addresses.
     *
     * @return empty if there are none
     */
    Optional<IpFamily> family();
}
