// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import io.github.ipvs4j.netlink.IpFamily;

/** What a set is created with beside its name and type. {@code toString} gives the text that {@code ipset} uses. */
public sealed interface SetOptions {
    /**
     * Options of the hash types.
     *
     * @param family what addresses the set holds
     * @param hashSize buckets at the start, 1 to 2<sup>31</sup>; the kernel rounds it up to a power of two of at least
     *     64 and enlarges it as the set grows, so that it is a hint and no part of what a set is
     * @param maxElements most entries, 0 to 2<sup>32</sup> - 1
     */
    record Hash(IpFamily family, long hashSize, long maxElements) implements SetOptions {
        /** What the kernel takes if nothing is said. */
        static final long DEFAULT_HASH_SIZE = 1024;

        /** What the kernel takes if nothing is said. */
        static final long DEFAULT_MAX_ELEMENTS = 65536;

        static final long LARGEST_HASH_SIZE = 1L << 31;
        static final long LARGEST_MAX_ELEMENTS = 0xffff_ffffL;

        /** Checks the numbers. */
        public Hash {
            if (hashSize < 1 || hashSize > LARGEST_HASH_SIZE) {
                throw new IllegalArgumentException("hash size " + hashSize + ": expected 1 to " + LARGEST_HASH_SIZE);
            }
            if (maxElements < 0 || maxElements > LARGEST_MAX_ELEMENTS) {
                throw new IllegalArgumentException(
                        "max elements " + maxElements + ": expected 0 to " + LARGEST_MAX_ELEMENTS);
            }
        }

        @Override
        public String toString() {
            return "family " + SetDefinition.familyText(family) + " hashsize " + hashSize + " maxelem " + maxElements;
        }
    }

    /**
     * Options of {@code bitmap:port}.
     *
     * @param first lowest port, 0 to 65535
     * @param last highest port, at least {@code first}
     */
    record PortRange(int first, int last) implements SetOptions {
        /** Checks the range. */
        public PortRange {
            if (!isRange(first, last)) {
                throw new IllegalArgumentException(
                        "port range " + first + "-" + last + ": expected two ports in ascending order");
            }
        }

        static boolean isRange(int first, int last) {
            return 0 <= first && first <= last && last <= 0xffff;
        }

        @Override
        public String toString() {
            return "range " + first + "-" + last;
        }
    }
}
