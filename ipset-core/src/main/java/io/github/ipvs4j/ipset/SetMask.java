// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import java.util.Optional;

/** Which bits of an entry's address or mark count in a hash set. {@code toString} gives the text that ipset uses. */
public sealed interface SetMask {
    /**
     * Tells whether the mask is for addresses of this family, or for no addresses at all.
     *
     * @param family of the set
     * @return whether a set of the family can have it
     */
    boolean fits(Optional<IpFamily> family);

    /**
     * Tells whether all bits count, so that there is no need for a mask.
     *
     * @param family of the set
     * @return whether nothing is masked
     */
    boolean isWhole(Optional<IpFamily> family);

    /**
     * Tells whether sets of this type can have such a mask.
     *
     * @param type of the set
     * @return whether they can
     */
    boolean fits(SetType type);

    /**
     * The first bits of each address; in {@code hash:ip}, and since Linux 6.3 in {@code hash:ip,port} and
     * {@code hash:net,net}.
     *
     * @param length how many bits count, at least 1
     */
    record Netmask(int length) implements SetMask {
        /** Checks the number. */
        public Netmask {
            if (length < 1 || length > IpFamily.IPV6.maxPrefixLength()) {
                throw new IllegalArgumentException("netmask " + length + ": expected 1 to 32 or 128");
            }
        }

        @Override
        public boolean fits(Optional<IpFamily> family) {
            return family.isPresent() && length <= family.get().maxPrefixLength();
        }

        @Override
        public boolean isWhole(Optional<IpFamily> family) {
            return family.isPresent() && length == family.get().maxPrefixLength();
        }

        @Override
        public boolean fits(SetType type) {
            return type == SetType.HASH_IP || type == SetType.HASH_IP_PORT || type == SetType.HASH_NET_NET;
        }

        @Override
        public String toString() {
            return "netmask " + length;
        }
    }

    /**
     * Any bits of each address; since Linux 6.3, in {@code hash:ip}, {@code hash:ip,port} and {@code hash:net,net}.
     *
     * @param mask the bits that count, not all zero
     */
    record Bitmask(IpAddress mask) implements SetMask {
        /** Checks that some bit counts. */
        public Bitmask {
            if (mask.isUnspecified()) {
                throw new IllegalArgumentException("bitmask " + mask + ": expected at least one bit");
            }
        }

        @Override
        public boolean fits(Optional<IpFamily> family) {
            return family.isPresent() && mask.family() == family.get();
        }

        @Override
        public boolean isWhole(Optional<IpFamily> family) {
            for (byte one : mask.bytes()) {
                if (one != -1) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public boolean fits(SetType type) {
            return type == SetType.HASH_IP || type == SetType.HASH_IP_PORT || type == SetType.HASH_NET_NET;
        }

        @Override
        public String toString() {
            return "bitmask " + mask;
        }
    }

    /**
     * Bits of the mark, in {@code hash:ip,mark}.
     *
     * @param mask the bits that count, not all zero
     */
    record Markmask(int mask) implements SetMask {
        /** Checks that some bit counts. */
        public Markmask {
            if (mask == 0) {
                throw new IllegalArgumentException("markmask 0: expected at least one bit");
            }
        }

        @Override
        public boolean fits(Optional<IpFamily> family) {
            return true;
        }

        @Override
        public boolean isWhole(Optional<IpFamily> family) {
            return mask == -1;
        }

        @Override
        public boolean fits(SetType type) {
            return type == SetType.HASH_IP_MARK;
        }

        @Override
        public String toString() {
            return String.format("markmask 0x%08x", mask);
        }
    }
}
