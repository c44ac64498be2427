// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.ipvs.Statistics;

/**
 * What a service or a destination has carried, and how much of that a second. The kernel adds up what its processors
 * have counted every two seconds, and makes averages of it then; in between clients see the last sums.
 *
 * <p>Follows {@code net/netfilter/ipvs/ip_vs_est.c}.
 */
final class TrafficCounters {
    /** Time between two sums, in milliseconds. */
    static final long PERIOD = 2000;

    private static final int KINDS = 5;
    private static final int BYTES_FROM = 3;

    /** Averages are kept in fractions, of which there are so many bits. */
    private static final int FRACTION = 10;

    private static final int FRACTION_OF_BYTES = 5;

    /** A period counts for a quarter. */
    private static final int QUARTER = 2;

    private final long[] carried = new long[KINDS];
    private final long[] summed = new long[KINDS];
    private final long[] origin = new long[KINDS];
    private final long[] averages = new long[KINDS];

    void carry(Statistics more) {
        long[] added = {more.connections(), more.inPackets(), more.outPackets(), more.inBytes(), more.outBytes()};
        for (int kind = 0; kind < KINDS; kind++) {
            carried[kind] += added[kind];
        }
    }

    /** Adds up as often as there were periods. */
    void estimate(long periods) {
        boolean moved = true;
        for (long period = 0; period < periods && moved; period++) {
            moved = false;
            for (int kind = 0; kind < KINDS; kind++) {
                // A period is two seconds long.
                long rate = (carried[kind] - summed[kind]) << (fraction(kind) - 1);
                long step = (rate - averages[kind]) >> QUARTER;
                summed[kind] = carried[kind];
                averages[kind] += step;
                moved |= step != 0;
            }
        }
    }

    private static int fraction(int kind) {
        return kind < BYTES_FROM ? FRACTION : FRACTION_OF_BYTES;
    }

    /** Makes the last sums the new origin. */
    void zero() {
        for (int kind = 0; kind < KINDS; kind++) {
            origin[kind] = summed[kind];
            averages[kind] = 0;
        }
    }

    /** Returns the value of an attribute of the statistics. */
    long value(int type) {
        if (type <= KINDS) {
            return summed[type - 1] - origin[type - 1];
        }
        int kind = type - 1 - KINDS;
        // Rounded up from a half, but for one fraction.
        return (averages[kind] + (1L << (fraction(kind) - 1)) - 1) >> fraction(kind);
    }
}
