// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import java.util.Optional;

/**
 * Which tracked connections to list. Holds only what every kernel filters rightly; what the kernel lets through by
 * mistake, or because it is old, is left out on receipt.
 *
 * @param family empty for both
 * @param mark what the masked mark of an entry must be
 * @param mask the bits of the mark that count; 0 lists entries of all marks
 */
public record ConntrackFilter(Optional<IpFamily> family, int mark, int mask) {
    /** Lists the whole table. */
    public static final ConntrackFilter ALL = new ConntrackFilter(Optional.empty(), 0, 0);

    /** Checks that the mark can match: the kernel finds nothing for bits outside the mask. */
    public ConntrackFilter {
        if ((mark & ~mask) != 0) {
            throw new IllegalArgumentException("mark 0x" + Integer.toHexString(mark) + ": has bits outside the mask 0x"
                    + Integer.toHexString(mask));
        }
    }

    /**
     * Keeps one address family only.
     *
     * @param wanted the family
     * @return the narrower filter
     */
    public ConntrackFilter ofFamily(IpFamily wanted) {
        return new ConntrackFilter(Optional.of(wanted), mark, mask);
    }

    /**
     * Keeps entries of a mark only.
     *
     * @param wanted value of the bits that count
     * @param bits those bits, for example {@code -1} for all
     * @return the narrower filter
     */
    public ConntrackFilter marked(int wanted, int bits) {
        return new ConntrackFilter(family, wanted, bits);
    }

    boolean lets(ConntrackEntry entry) {
        return (entry.mark() & mask) == mark
                && family.map(entry.original().family()::equals).orElse(true);
    }

    /** Returns for example {@code IPV4 mark 0x1/0xff}, or {@code all}. */
    @Override
    public String toString() {
        String words = family.map(Enum::toString).orElse("")
                + (mask == 0 ? "" : " mark 0x" + Integer.toHexString(mark) + "/0x" + Integer.toHexString(mask));
        return words.isEmpty() ? "all" : words.strip();
    }
}
