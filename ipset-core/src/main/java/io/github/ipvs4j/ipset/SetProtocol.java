// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import io.github.ipvs4j.netlink.IpFamily;
import org.jspecify.annotations.Nullable;

/**
 * The protocol part of an entry, by its number in the IP header.
 *
 * @param number 1 to 255
 */
public record SetProtocol(int number) {
    /** ICMP; the port of an entry is type &lt;&lt; 8 | code. */
    public static final SetProtocol ICMP = new SetProtocol(1);

    /** TCP. */
    public static final SetProtocol TCP = new SetProtocol(6);

    /** UDP. */
    public static final SetProtocol UDP = new SetProtocol(17);

    /** ICMP of IPv6; the port of an entry is type &lt;&lt; 8 | code. */
    public static final SetProtocol ICMPV6 = new SetProtocol(58);

    /** SCTP. */
    public static final SetProtocol SCTP = new SetProtocol(132);

    /** UDP-Lite. */
    public static final SetProtocol UDPLITE = new SetProtocol(136);

    private static final @Nullable SetProtocol[] COMMON = new SetProtocol[256];

    /** Checks the number; the kernel refuses protocol 0. */
    public SetProtocol {
        if (!isNumber(number)) {
            throw new IllegalArgumentException("protocol " + number + ": expected 1 to 255");
        }
    }

    /** Returns the protocol of a number, most often without making a new object. */
    static SetProtocol of(int number) {
        SetProtocol known = isNumber(number) ? COMMON[number] : null;
        if (known == null) {
            known = new SetProtocol(number);
            COMMON[number] = known;
        }
        return known;
    }

    static boolean isNumber(int number) {
        return number >= 1 && number <= 255;
    }

    /**
     * Tells whether entries of this protocol tell ports apart. For all others the kernel stores port 0.
     *
     * @return true for TCP, UDP, SCTP and UDP-Lite, and for ICMP in both families
     */
    public boolean hasPorts() {
        return switch (number) {
            case 1, 6, 17, 58, 132, 136 -> true;
            default -> false;
        };
    }

    /** Tells whether that is so for addresses of a family; each has only its own ICMP. */
    boolean hasPorts(IpFamily family) {
        return hasPorts() && !equals(family == IpFamily.IPV4 ? ICMPV6 : ICMP);
    }

    boolean isIcmp() {
        return equals(ICMP) || equals(ICMPV6);
    }

    /** Returns the name that ipset uses, for example {@code tcp}, or the number. */
    @Override
    public String toString() {
        return switch (number) {
            case 1 -> "icmp";
            case 6 -> "tcp";
            case 17 -> "udp";
            case 58 -> "icmpv6";
            case 132 -> "sctp";
            case 136 -> "udplite";
            default -> Integer.toString(number);
        };
    }

    // Written out: the JVM makes a record's own when it is first called, which a first sync would wait for.
    @Override
    public boolean equals(@Nullable Object object) {
        return object instanceof SetProtocol other && number == other.number;
    }

    @Override
    public int hashCode() {
        return number;
    }
}
