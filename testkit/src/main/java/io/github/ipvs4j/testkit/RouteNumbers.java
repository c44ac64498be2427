// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

/**
 * Numbers of rtnetlink for links, addresses and routes. Integers are in host order, addresses in network order.
 *
 * <p>Source: {@code include/uapi/linux/rtnetlink.h}, {@code if_link.h}, {@code if_addr.h} and {@code if.h}.
 */
final class RouteNumbers {
    static final int NEW_LINK = 16;
    static final int DEL_LINK = 17;
    static final int GET_LINK = 18;
    static final int SET_LINK = 19;
    static final int NEW_ADDRESS = 20;
    static final int DEL_ADDRESS = 21;
    static final int GET_ADDRESS = 22;
    static final int NEW_ROUTE = 24;
    static final int GET_ROUTE = 26;

    /** The lowest message type; the last two bits of what is above it tell new, delete, get and set apart. */
    static final int BASE = 16;

    static final int KIND_MASK = 3;
    static final int KIND_GET = 2;

    /** {@code struct ifinfomsg}: family, padding, type (u16), index, flags, mask of the flags to change. */
    static final int LINK_HEADER = 16;

    static final int LINK_TYPE = 2;
    static final int LINK_INDEX = 4;
    static final int LINK_FLAGS = 8;
    static final int LINK_CHANGE = 12;

    static final int IFLA_ADDRESS = 1;
    static final int IFLA_BROADCAST = 2;
    static final int IFLA_NAME = 3;
    static final int IFLA_MTU = 4;
    static final int IFLA_QUEUE = 13;
    static final int IFLA_STATE = 16;
    static final int IFLA_INFO = 18;
    static final int IFLA_EXT_MASK = 29;
    static final int IFLA_ALT_NAME = 53;
    static final int IFLA_MAX = 62;
    static final int INFO_KIND = 1;
    static final int INFO_MAX = 5;
    static final int MAX_NAME = 15;
    static final int MAX_ALT_NAME = 127;

    static final int UP = 0x1;
    static final int BROADCAST = 0x2;
    static final int LOOPBACK = 0x8;
    static final int RUNNING = 0x40;
    static final int NO_ARP = 0x80;
    static final int LOWER_UP = 0x10000;
    static final int TYPE_ETHERNET = 1;
    static final int TYPE_LOOPBACK = 772;
    static final int STATE_UNKNOWN = 0;
    static final int STATE_DOWN = 2;

    /** {@code struct ifaddrmsg}: family, prefix length, flags, scope, index. */
    static final int ADDRESS_HEADER = 8;

    static final int ADDRESS_PREFIX = 1;
    static final int ADDRESS_FLAGS = 2;
    static final int ADDRESS_SCOPE = 3;
    static final int ADDRESS_INDEX = 4;

    static final int IFA_ADDRESS = 1;
    static final int IFA_LOCAL = 2;
    static final int IFA_LABEL = 3;
    static final int IFA_BROADCAST = 4;
    static final int IFA_CACHE_INFO = 6;
    static final int IFA_FLAGS = 8;
    static final int IFA_NETNS = 10;
    static final int IFA_PROTO = 11;
    static final int IFA_MAX = 11;

    static final int SECONDARY = 0x01;
    static final int NO_DAD = 0x02;
    static final int PERMANENT = 0x80;
    static final int SCOPE_UNIVERSE = 0;
    static final int SCOPE_LINK = 253;
    static final int SCOPE_HOST = 254;

    /** {@code struct rtmsg}: family, prefix lengths, service, table, protocol, scope, type, then flags (u32). */
    static final int ROUTE_HEADER = 12;

    static final int ROUTE_TABLE = 4;
    static final int ROUTE_TYPE = 7;
    static final int RTA_DESTINATION = 1;
    static final int RTA_LINK = 4;
    static final int RTA_PRIORITY = 6;
    static final int RTA_SOURCE = 7;
    static final int RTA_TABLE = 15;
    static final int RTA_MAX = 30;
    static final int TABLE_LOCAL = 255;
    static final int PROTOCOL_KERNEL = 2;
    static final int LOCAL = 2;
    static final int BROADCAST_ROUTE = 3;
    static final int MULTICAST = 5;

    static final int UNSPEC = 0;
    static final int IPV4 = 2;
    static final int IPV6 = 10;

    private RouteNumbers() {}
}
