// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

/**
 * Messages, headers and attributes of rtnetlink for links, addresses and routes, all in host byte order, addresses in
 * network order.
 *
 * <pre>
 *   ifinfomsg   0        1     2      4       8       12       16
 *               +--------+-----+------+-------+-------+--------+
 *               | family | pad | type | index | flags | change |
 *               +--------+-----+------+-------+-------+--------+
 *   ifaddrmsg   0        1        2       3       4       8
 *               +--------+--------+-------+-------+-------+
 *               | family | prefix | flags | scope | index |
 *               +--------+--------+-------+-------+-------+
 *   rtmsg       0        1        2        3     4       5          6       7      8       12
 *               +--------+--------+--------+-----+-------+----------+-------+------+-------+
 *               | family | prefix | source | tos | table | protocol | scope | type | flags |
 *               +--------+--------+--------+-----+-------+----------+-------+------+-------+
 * </pre>
 *
 * <p>Source: {@code include/uapi/linux/rtnetlink.h}, {@code if_link.h}, {@code if_addr.h}.
 */
final class RouteLayout {
    static final int NEW_LINK = 16;
    static final int DELETE_LINK = 17;
    static final int GET_LINK = 18;
    static final int SET_LINK = 19;
    static final int NEW_ADDRESS = 20;
    static final int DELETE_ADDRESS = 21;
    static final int GET_ADDRESS = 22;
    static final int NEW_ROUTE = 24;
    static final int DELETE_ROUTE = 25;
    static final int GET_ROUTE = 26;

    /** Multicast groups: {@code RTNLGRP_LINK} and its siblings. */
    static final int GROUP_LINK = 1;

    static final int GROUP_IPV4_ADDRESS = 5;
    static final int GROUP_IPV6_ADDRESS = 9;

    static final int LINK_HEADER = 16;
    static final int LINK_FAMILY = 0;
    static final int LINK_INDEX = 4;
    static final int LINK_FLAGS = 8;
    static final int LINK_UP = 1;

    static final int LINK_NAME = 3;
    static final int LINK_INFO = 18;
    static final int LINK_INFO_KIND = 1;
    static final int LINK_EXT_MASK = 29;

    /** What iproute2 asks for: virtual functions (1), and no statistics (8), which makes answers a third shorter. */
    static final int LINK_WANTED = 1 | 8;

    static final int ADDRESS_HEADER = 8;
    static final int ADDRESS_FAMILY = 0;
    static final int ADDRESS_PREFIX = 1;
    static final int ADDRESS_INDEX = 4;

    static final int ADDRESS_ADDRESS = 1;
    static final int ADDRESS_LOCAL = 2;
    static final int ADDRESS_FLAGS = 8;
    static final int ADDRESS_NO_DAD = 0x02;

    static final int ROUTE_HEADER = 12;
    static final int ROUTE_FAMILY = 0;
    static final int ROUTE_PREFIX = 1;
    static final int ROUTE_TABLE = 4;
    static final int ROUTE_TYPE = 7;

    static final int ROUTE_DESTINATION = 1;
    static final int ROUTE_LINK = 4;

    /** u32: the table, also where its number does not fit into the header. */
    static final int ROUTE_TABLE_NUMBER = 15;

    /** {@code RT_TABLE_LOCAL}. */
    static final int TABLE_LOCAL = 255;

    private RouteLayout() {}

    static void linkHeader(MessageWriter out, int index) {
        linkHeader(out, index, 0, 0);
    }

    /** Changes only those flags that the mask names. */
    static void linkHeader(MessageWriter out, int index, int flags, int change) {
        out.headerU32(0).headerU32(index).headerU32(flags).headerU32(change);
    }

    /** Everything but the family is zero, as strict checking wants it. */
    static void routeHeader(MessageWriter out, int family) {
        out.headerU8(family).headerU8(0).headerU16(0).headerU32(0).headerU32(0);
    }

    static void addressHeader(MessageWriter out, int family, int prefixLength, int index) {
        out.headerU8(family).headerU8(prefixLength).headerU16(0).headerU32(index);
    }
}
