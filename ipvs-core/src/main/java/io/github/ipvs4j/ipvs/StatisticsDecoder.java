// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import io.github.ipvs4j.netlink.AttributeReader;
import java.util.Arrays;

/**
 * Reads statistics; where a message has them twice, those of 64 bits win, and those of 32 bits, which stand in front,
 * are not even read once it is known that the kernel gives both. Not safe for use by several threads.
 */
final class StatisticsDecoder {
    private final long[] values = new long[StatisticsAttributes.COUNT + 1];
    private boolean wide;
    private boolean any;
    private boolean wideExpected;
    private boolean skipped;

    void reset() {
        if (any) {
            Arrays.fill(values, 0);
        }
        wide = false;
        any = false;
        skipped = false;
    }

    /** Tells whether what was left out is needed after all; then the message is to be read again. */
    boolean leftTooMuchOut() {
        wideExpected = wide;
        return skipped && !wide;
    }

    /** Reads the nest under the cursor. */
    void read(AttributeReader attributes, boolean wideNest) {
        if (!wideNest && (wide || wideExpected)) {
            skipped = true;
            return;
        }
        wide = wideNest;
        long bits = 0;
        attributes.enter();
        while (attributes.next()) {
            int type = attributes.type();
            if (type >= StatisticsAttributes.CONNECTIONS && type <= StatisticsAttributes.COUNT) {
                boolean wideValue =
                        wideNest || type == StatisticsAttributes.IN_BYTES || type == StatisticsAttributes.OUT_BYTES;
                values[type] = wideValue ? attributes.u64() : Integer.toUnsignedLong(attributes.u32());
                bits |= values[type];
            }
        }
        attributes.leave();
        any |= bits != 0;
    }

    /** Returns what was read since the last reset; the one object for nothing where all is 0. */
    Statistics result() {
        if (!any) {
            return Statistics.NONE;
        }
        return new Statistics(
                values[StatisticsAttributes.CONNECTIONS],
                values[StatisticsAttributes.IN_PACKETS],
                values[StatisticsAttributes.OUT_PACKETS],
                values[StatisticsAttributes.IN_BYTES],
                values[StatisticsAttributes.OUT_BYTES],
                values[StatisticsAttributes.CONNECTIONS_RATE],
                values[StatisticsAttributes.IN_PACKETS_RATE],
                values[StatisticsAttributes.OUT_PACKETS_RATE],
                values[StatisticsAttributes.IN_BYTES_RATE],
                values[StatisticsAttributes.OUT_BYTES_RATE]);
    }
}
