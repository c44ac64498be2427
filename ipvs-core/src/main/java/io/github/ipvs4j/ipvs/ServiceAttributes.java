// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

/**
 * Numbers of the attributes that describe a virtual service. Integers are in host byte order unless said otherwise.
 *
 * <pre>
 *   SERVICE {
 *     FAMILY u16
 *     PROTOCOL u16 | ADDRESS 16 bytes | PORT u16 big-endian     or     MARK u32
 *     SCHEDULER string | ENGINE string | FLAGS u32, u32 mask | TIMEOUT u32 | NETMASK u32
 *     STATISTICS { ... } | STATISTICS_64 { ... }                       answers only
 *   }
 * </pre>
 *
 * <p>Source: {@code include/uapi/linux/ip_vs.h}, under the kernel's names {@code IPVS_SVC_ATTR_*}.
 */
final class ServiceAttributes {
    /** u16: 2 for IPv4, 10 for IPv6. */
    static final int FAMILY = 1;

    /** u16: number in the IP header. */
    static final int PROTOCOL = 2;

    /** 16 bytes in network order; IPv4 in the first four, zeros after. */
    static final int ADDRESS = 3;

    /** u16, big-endian. */
    static final int PORT = 4;

    /** u32; takes the place of protocol, address and port. */
    static final int MARK = 5;

    /** String with NUL, at most 16 bytes. */
    static final int SCHEDULER = 6;

    /** Two u32: flags, and a mask of those to be changed. */
    static final int FLAGS = 7;

    /** u32: seconds of persistence. */
    static final int TIMEOUT = 8;

    /** u32: for IPv4 a mask in network order, for IPv6 a prefix length in host order, 1 to 128. */
    static final int NETMASK = 9;

    /** Nest of {@link StatisticsAttributes} with the low 32 bits of all but the bytes. */
    static final int STATISTICS = 10;

    /** String with NUL, at most 17 bytes; absent where there is no engine, and removes one if absent in an update. */
    static final int ENGINE = 11;

    /** Nest of {@link StatisticsAttributes} of 64 bits. */
    static final int STATISTICS_64 = 12;

    /** Flag: the service is persistent. */
    static final int FLAG_PERSISTENT = 0x1;

    /** Flag of the kernel's own: set in every answer, never to be sent. */
    static final int FLAG_HASHED = 0x2;

    /** Mask that replaces all flags. */
    static final int ALL_FLAGS = 0xffff_ffff;

    private ServiceAttributes() {}
}
