// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.IpAddress;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * An element of a set. What the type of the set does not have is null or 0.
 *
 * @param address its address
 * @param protocol number of its protocol
 * @param port its port
 * @param second its second address
 * @param length number of bits of the network that the second address stands for
 */
record SetElement(
        @Nullable IpAddress address,
        int protocol,
        int port,
        @Nullable IpAddress second,
        int length) {
    private static final int ICMP = 1;
    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final int ICMPV6 = 58;
    private static final int SCTP = 132;
    private static final int UDP_LITE = 136;

    static final Comparator<SetElement> ORDER = Comparator.comparing(
                    SetElement::address, Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparingInt(SetElement::protocol)
            .thenComparingInt(SetElement::port)
            .thenComparing(SetElement::second, Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparingInt(SetElement::length);

    /** Tells whether elements of a protocol tell ports apart. */
    static boolean hasPorts(int protocol) {
        return protocol == TCP || protocol == UDP || protocol == SCTP || protocol == UDP_LITE;
    }

    /** Tells whether a protocol has type and code in the place of a port, in sets of a family. */
    static boolean isIcmp(int protocol, boolean ipv6) {
        return protocol == (ipv6 ? ICMPV6 : ICMP);
    }

    SetElement with(@Nullable IpAddress newAddress, int newPort) {
        return new SetElement(newAddress, protocol, newPort, second, length);
    }

    /** Returns the element as {@code ipset} prints it, but for the names of ICMP types. */
    @Override
    public String toString() {
        if (address == null) {
            return Integer.toString(port);
        }
        String head = protocol == 0 ? address.toString() : address + "," + protocolName() + ":" + port;
        if (second == null) {
            return head;
        }
        boolean network = length != 0 && length != second.family().maxPrefixLength();
        return head + "," + second + (network ? "/" + length : "");
    }

    private String protocolName() {
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
}
