// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;

/** Which clients count as one for persistence: those whose addresses agree in the bits that this keeps. */
public sealed interface Granularity {
    /**
     * Makes the granularity that keeps the first bits of a client's address.
     *
     * @param length number of bits, 0 to 32 for IPv4, 1 to 128 for IPv6
     * @return the granularity
     */
    static Granularity prefix(int length) {
        return new Prefix(length);
    }

    /**
     * Makes the granularity of an IPv4 network mask.
     *
     * @param mask for example {@code 255.255.255.0}
     * @return a prefix where the mask is one, else the irregular mask
     * @throws IllegalArgumentException for an IPv6 address
     */
    static Granularity mask(IpAddress mask) {
        if (mask.family() != IpFamily.IPV4) {
            throw new IllegalArgumentException("mask " + mask + ": IPv6 knows prefixes only");
        }
        int bits = 0;
        for (byte part : mask.bytes()) {
            bits = (bits << Byte.SIZE) | Byte.toUnsignedInt(part);
        }
        return IrregularMask.orPrefix(bits);
    }

    private static int maskOf(int length) {
        return length == 0 ? 0 : -1 << (Integer.SIZE - length);
    }

    /**
     * The first bits of a client's address.
     *
     * @param length number of bits, 0 to 32 for IPv4, 1 to 128 for IPv6
     */
    record Prefix(int length) implements Granularity {
        /** Checks the length as far as the family does not matter. */
        public Prefix {
            if (length < 0 || length > IpFamily.IPV6.maxPrefixLength()) {
                throw new IllegalArgumentException("prefix length " + length + ": expected 0 to "
                        + IpFamily.IPV4.maxPrefixLength() + " for IPv4, 1 to " + IpFamily.IPV6.maxPrefixLength()
                        + " for IPv6");
            }
        }

        /** Returns the IPv4 mask as a number whose highest bit belongs to the first byte of the address. */
        int mask() {
            return maskOf(length);
        }

        /** Returns for example {@code /24}. */
        @Override
        public String toString() {
            return "/" + length;
        }
    }

    /**
     * An IPv4 mask that is no prefix, which the kernel allows.
     *
     * @param bits the mask as a number whose highest bit belongs to the first byte of the address
     */
    record IrregularMask(int bits) implements Granularity {
        /** Refuses a mask that is a prefix, so that equal granularities are equal values. */
        public IrregularMask {
            if (maskOf(Integer.numberOfLeadingZeros(~bits)) == bits) {
                throw new IllegalArgumentException("mask " + text(bits) + " is a prefix: use Granularity.prefix");
            }
        }

        /** Takes any mask as a number whose highest bit belongs to the first byte of the address. */
        static Granularity orPrefix(int bits) {
            int length = Integer.numberOfLeadingZeros(~bits);
            return maskOf(length) == bits ? new Prefix(length) : new IrregularMask(bits);
        }

        static String text(int bits) {
            return (bits >>> 24) + "." + ((bits >>> 16) & 0xff) + "." + ((bits >>> 8) & 0xff) + "." + (bits & 0xff);
        }

        /** Returns for example {@code 255.0.255.0}. */
        @Override
        public String toString() {
            return text(bits);
        }
    }
}
