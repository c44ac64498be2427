// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

/**
 * Numbers of the attributes within a nest of statistics, all in host byte order. In the 64-bit nest all are u64; in the
 * other one the byte counts are, and the rest u32. Rates are per second, averaged over some seconds.
 *
 * <p>Source: {@code include/uapi/linux/ip_vs.h}, under the kernel's names {@code IPVS_STATS_ATTR_*}.
 */
final class StatisticsAttributes {
    static final int CONNECTIONS = 1;
    static final int IN_PACKETS = 2;
    static final int OUT_PACKETS = 3;
    static final int IN_BYTES = 4;
    static final int OUT_BYTES = 5;
    static final int CONNECTIONS_RATE = 6;
    static final int IN_PACKETS_RATE = 7;
    static final int OUT_PACKETS_RATE = 8;
    static final int IN_BYTES_RATE = 9;
    static final int OUT_BYTES_RATE = 10;

    /** How many there are; number 11 is padding that some kernels put in front of 64-bit values. */
    static final int COUNT = 10;

    private StatisticsAttributes() {}
}
