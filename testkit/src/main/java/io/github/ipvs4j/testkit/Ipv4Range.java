// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.IpAddress;
import java.util.function.LongConsumer;

/** IPv4 addresses as numbers, and ranges of them. */
final class Ipv4Range {
    static final long LAST = 0xffff_ffffL;
    private static final int BITS = 32;

    private Ipv4Range() {}

    static long number(IpAddress address) {
        long number = 0;
        for (byte part : address.bytes()) {
            number = number << Byte.SIZE | Byte.toUnsignedLong(part);
        }
        return number;
    }

    static IpAddress address(long number) {
        return IpAddress.of(
                new byte[] {(byte) (number >>> 24), (byte) (number >>> 16), (byte) (number >>> 8), (byte) number});
    }

    static long mask(int length) {
        return length == 0 ? 0 : LAST << (BITS - length) & LAST;
    }

    static long firstOf(long number, int length) {
        return number & mask(length);
    }

    static long lastOf(long number, int length) {
        return number | (~mask(length) & LAST);
    }

    /**
     * Returns the length of the block that the kernel takes from the beginning of a range. It is the longest one that
     * fits, unless the range goes on for half of all addresses behind it: the kernel tells which of two is later as TCP
     * does for sequence numbers, which go round, so that such a range is cut into single addresses first.
     *
     * <p>Follows {@code ip_set_range_to_cidr} in {@code net/netfilter/ipset/pfxlen.c}.
     */
    static int longestBlock(long from, long to) {
        for (int length = 1; length < BITS; length++) {
            if (firstOf(from, length) == from && !isAfter(lastOf(from, length), to)) {
                return length;
            }
        }
        return BITS;
    }

    private static boolean isAfter(long number, long other) {
        return (int) (other - number) < 0;
    }

    /** Returns the length of the smallest block that begins where a range begins and reaches its end, or 0. */
    static int blockAround(long from, long to) {
        int length = BITS - 1;
        while (length > 0 && firstOf(to, length) != from) {
            length--;
        }
        return length;
    }

    /** Hands out the first numbers of the blocks that make up a range. */
    static void eachBlock(long from, long to, LongConsumer action) {
        long number = from;
        do {
            action.accept(number);
            number = lastOf(number, longestBlock(number, to)) + 1;
        } while (number <= to);
    }
}
