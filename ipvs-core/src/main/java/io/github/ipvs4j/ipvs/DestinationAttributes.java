// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

/**
 * Numbers of the attributes that describe a destination. Integers are in host byte order unless said otherwise.
 *
 * <pre>
 *   DESTINATION {
 *     FAMILY u16 | ADDRESS 16 bytes | PORT u16 big-endian
 *     METHOD u32 | WEIGHT u32 | TUNNEL_TYPE u8 | TUNNEL_PORT u16 big-endian | TUNNEL_FLAGS u16
 *     UPPER_THRESHOLD u32 | LOWER_THRESHOLD u32
 *     ACTIVE, INACTIVE, PERSISTENT u32 | STATISTICS { ... } | STATISTICS_64 { ... }       answers only
 *   }
 * </pre>
 *
 * <p>Source: {@code include/uapi/linux/ip_vs.h}, under the kernel's names {@code IPVS_DEST_ATTR_*}.
 */
final class DestinationAttributes {
    /** 16 bytes in network order; IPv4 in the first four, zeros after. */
    static final int ADDRESS = 1;

    /** u16, big-endian. */
    static final int PORT = 2;

    /** u32: one of the methods below; the kernel keeps three bits. */
    static final int METHOD = 3;

    /** u32: 0 to 2<sup>31</sup> - 1. */
    static final int WEIGHT = 4;

    /** u32: number of connections, 0 for none. */
    static final int UPPER_THRESHOLD = 5;

    /** u32: number of connections, at most the upper one. */
    static final int LOWER_THRESHOLD = 6;

    /** u32: connections in use. */
    static final int ACTIVE = 7;

    /** u32: connections on their way out, and all of UDP. */
    static final int INACTIVE = 8;

    /** u32: persistence templates. */
    static final int PERSISTENT = 9;

    /** Nest of {@link StatisticsAttributes} with the low 32 bits of all but the bytes. */
    static final int STATISTICS = 10;

    /** u16: 2 or 10; the service's where it is absent. */
    static final int FAMILY = 11;

    /** Nest of {@link StatisticsAttributes} of 64 bits. */
    static final int STATISTICS_64 = 12;

    /** u8: one of the tunnel types below; reset by an update without it. */
    static final int TUNNEL_TYPE = 13;

    /** u16, big-endian; reset by an update without it. */
    static final int TUNNEL_PORT = 14;

    /** u16: one of the checksum flags below; reset by an update without it. */
    static final int TUNNEL_FLAGS = 15;

    static final int METHOD_MASQUERADE = 0;
    static final int METHOD_TUNNEL = 2;
    static final int METHOD_DIRECT_ROUTE = 3;

    static final int TUNNEL_IPIP = 0;
    static final int TUNNEL_GUE = 1;
    static final int TUNNEL_GRE = 2;

    static final int TUNNEL_CHECKSUM = 1;
    static final int TUNNEL_REMOTE_CHECKSUM = 2;

    private DestinationAttributes() {}
}
