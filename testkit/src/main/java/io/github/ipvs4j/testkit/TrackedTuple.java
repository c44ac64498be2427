// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.ConntrackTuple;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import java.util.Set;

/**
 * One direction of a tracked connection, as the kernel compares it.
 *
 * @param source sender
 * @param destination receiver
 * @param protocol its number
 * @param first source port or ICMP identifier, 0 where the protocol has neither
 * @param second destination port, or ICMP type and code
 */
record TrackedTuple(IpAddress source, IpAddress destination, int protocol, int first, int second) {
    static final int ICMP = 1;
    static final int TCP = 6;
    static final int UDP = 17;
    static final int ICMPV6 = 58;
    static final int SCTP = 132;

    private static final int GRE = 47;
    private static final int UDP_LITE = 136;

    /** ICMP requests and their answers, which alone can open a connection. */
    private static final Set<Integer> ICMP_TYPES = Set.of(0, 8, 13, 14, 15, 16, 17, 18);

    private static final Set<Integer> ICMPV6_TYPES = Set.of(128, 129, 139, 140);

    static TrackedTuple of(ConntrackTuple tuple) {
        int first = tuple.sourcePort();
        int second = tuple.destinationPort();
        if (tuple.selector() instanceof ConntrackTuple.Icmp icmp) {
            first = icmp.id();
            second = icmp.type() << Byte.SIZE | icmp.code();
        }
        return new TrackedTuple(tuple.source(), tuple.destination(), tuple.protocol(), first, second);
    }

    ConntrackTuple toTuple(boolean udpLite) {
        ConntrackTuple.Selector selector = ConntrackTuple.Selector.NONE;
        if (hasPorts(protocol, udpLite)) {
            selector = new ConntrackTuple.Ports(first, second);
        } else if (isIcmp(protocol)) {
            selector = new ConntrackTuple.Icmp(first, icmpType(), icmpCode());
        }
        return new ConntrackTuple(source, destination, protocol, selector);
    }

    IpFamily family() {
        return source.family();
    }

    int icmpType() {
        return second >>> Byte.SIZE;
    }

    int icmpCode() {
        return second & 0xff;
    }

    /** Tells whether the kernel tells connections of a protocol apart by ports; 7.2 has lost UDP-Lite. */
    static boolean hasPorts(int protocol, boolean udpLite) {
        return switch (protocol) {
            case TCP, UDP, SCTP, GRE -> true;
            case UDP_LITE -> udpLite;
            default -> false;
        };
    }

    static boolean isIcmp(int protocol) {
        return protocol == ICMP || protocol == ICMPV6;
    }

    static boolean isIcmpType(int protocol, int type) {
        return (protocol == ICMP ? ICMP_TYPES : ICMPV6_TYPES).contains(type);
    }
}
