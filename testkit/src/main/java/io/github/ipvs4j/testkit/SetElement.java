// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.IpAddress;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * What tells an element of a set from others. What the type of the set does not have is null or 0.
 *
 * @param address its address, or the first one of its network
 * @param length of the network's prefix
 * @param protocol number of its protocol
 * @param port its port
 * @param second its second address
 * @param secondLength of the second network's prefix
 * @param mark its mark
 * @param mac its hardware address, as a number
 * @param device its interface
 * @param physical whether that is a port of a bridge
 * @param wildcard whether that is the beginning of a name
 * @param set index of its set
 */
record SetElement(
        @Nullable IpAddress address,
        int length,
        int protocol,
        int port,
        @Nullable IpAddress second,
        int secondLength,
        int mark,
        long mac,
        String device,
        boolean physical,
        boolean wildcard,
        int set) {
    private static final int ICMP = 1;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int ICMPV6 = 58;
    private static final int SCTP = 132;
    private static final int UDP_LITE = 136;

    /** Nothing at all. */
    static final SetElement NONE = new SetElement(null, 0, 0, 0, null, 0, 0, 0, "", false, false, 0);

    static final Comparator<SetElement> ORDER = Comparator.comparing(
                    SetElement::address, Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparingInt(SetElement::length)
            .thenComparingInt(SetElement::protocol)
            .thenComparingInt(SetElement::port)
            .thenComparing(SetElement::second, Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparingInt(SetElement::secondLength)
            .thenComparing(SetElement::mark, Integer::compareUnsigned)
            .thenComparingLong(SetElement::mac)
            .thenComparing(SetElement::device)
            .thenComparing(SetElement::physical);

    /** Tells whether elements of a protocol tell ports apart. */
    static boolean hasPorts(int protocol) {
        return protocol == TCP || protocol == UDP || protocol == SCTP || protocol == UDP_LITE;
    }

    /** Tells whether a protocol has type and code in the place of a port, in sets of a family. */
    static boolean isIcmp(int protocol, boolean ipv6) {
        return protocol == (ipv6 ? ICMPV6 : ICMP);
    }

    SetElement with(@Nullable IpAddress newAddress, int newLength) {
        return new SetElement(
                newAddress,
                newLength,
                protocol,
                port,
                second,
                secondLength,
                mark,
                mac,
                device,
                physical,
                wildcard,
                set);
    }

    SetElement withPort(int newProtocol, int newPort) {
        return new SetElement(
                address,
                length,
                newProtocol,
                newPort,
                second,
                secondLength,
                mark,
                mac,
                device,
                physical,
                wildcard,
                set);
    }

    SetElement withSecond(IpAddress newSecond, int newLength) {
        return new SetElement(
                address, length, protocol, port, newSecond, newLength, mark, mac, device, physical, wildcard, set);
    }

    SetElement withMark(int newMark) {
        return new SetElement(
                address, length, protocol, port, second, secondLength, newMark, mac, device, physical, wildcard, set);
    }

    SetElement withMac(long newMac) {
        return new SetElement(
                address, length, protocol, port, second, secondLength, mark, newMac, device, physical, wildcard, set);
    }

    SetElement withDevice(String newDevice, boolean isPhysical, boolean isWildcard) {
        return new SetElement(
                address,
                length,
                protocol,
                port,
                second,
                secondLength,
                mark,
                mac,
                newDevice,
                isPhysical,
                isWildcard,
                set);
    }

    /** Returns a member of a list. */
    static SetElement ofSet(int index) {
        return new SetElement(null, 0, 0, 0, null, 0, 0, 0, "", false, false, index);
    }

    static String protocolName(int protocol) {
        return switch (protocol) {
            case ICMP -> "icmp";
            case TCP -> "tcp";
            case UDP -> "udp";
            case ICMPV6 -> "icmpv6";
            case SCTP -> "sctp";
            case UDP_LITE -> "udplite";
            default -> Integer.toString(protocol);
        };
    }

    static String macText(long mac) {
        String hex = String.format("%012X", mac);
        return hex.replaceAll("(..)(?!$)", "$1:");
    }
}
