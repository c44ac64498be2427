// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

/**
 * Messages, header and attributes of ctnetlink. Integers and addresses are in network order.
 *
 * <pre>
 *   0          16             17        18       20
 *   +----------+--------------+---------+--------+---------------------------
 *   | nlmsghdr | nfgen_family | version | res_id | TUPLE_ORIG TUPLE_REPLY ...
 *   +----------+--------------+---------+--------+---------------------------
 *     nlmsg_type = subsystem &lt;&lt; 8 | command
 *
 *   tuple = { IP { V4_SRC V4_DST | V6_SRC V6_DST }
 *             PROTO { NUM, SRC_PORT DST_PORT | ICMP_ID ICMP_TYPE ICMP_CODE | ICMPV6_... }
 *             ZONE (only where a zone holds for one direction) }
 * </pre>
 *
 * <p>Source: {@code include/uapi/linux/netfilter/nfnetlink.h}, {@code nfnetlink_conntrack.h}.
 */
final class ConntrackLayout {
    /** {@code NFNL_SUBSYS_CTNETLINK}, the upper eight bits of {@code nlmsg_type}. */
    static final int SUBSYSTEM = 1;

    static final int NEW = SUBSYSTEM << Byte.SIZE;
    static final int GET = (SUBSYSTEM << Byte.SIZE) | 1;
    static final int DELETE = (SUBSYSTEM << Byte.SIZE) | 2;

    /** Multicast groups: {@code NFNLGRP_CONNTRACK_NEW} and its siblings. */
    static final int GROUP_NEW = 1;

    static final int GROUP_UPDATE = 2;
    static final int GROUP_DESTROY = 3;

    /** Length of {@code struct nfgenmsg}, in bytes. */
    static final int HEADER = 4;

    static final int FAMILY = 0;

    /** Nests of a tuple. */
    static final int ORIGINAL = 1;

    static final int REPLY = 2;

    /** u32. */
    static final int STATUS = 3;

    /** u32, seconds left. */
    static final int TIMEOUT = 7;

    /** u32. */
    static final int MARK = 8;

    /** u32. */
    static final int ID = 12;

    /** u16; absent for zone 0. */
    static final int ZONE = 18;

    /** u32, requests only; never to be sent without {@link #MARK}, or a delete flushes the whole table. */
    static final int MARK_MASK = 21;

    /** A nest of three u32. */
    static final int SYNPROXY = 24;

    static final int SYNPROXY_SEQUENCE = 1;
    static final int SYNPROXY_TIMESTAMP = 2;
    static final int SYNPROXY_OFFSET = 3;

    static final int TUPLE_IP = 1;
    static final int TUPLE_PROTOCOL = 2;
    static final int TUPLE_ZONE = 3;

    static final int IPV4_SOURCE = 1;
    static final int IPV4_DESTINATION = 2;
    static final int IPV6_SOURCE = 3;
    static final int IPV6_DESTINATION = 4;

    /** u8. */
    static final int PROTOCOL_NUMBER = 1;

    /** u16 each. */
    static final int SOURCE_PORT = 2;

    static final int DESTINATION_PORT = 3;

    /** u16, u8, u8, and the same for ICMPv6. */
    static final int ICMP_ID = 4;

    static final int ICMP_TYPE = 5;
    static final int ICMP_CODE = 6;
    static final int ICMPV6_ID = 7;
    static final int ICMPV6_TYPE = 8;
    static final int ICMPV6_CODE = 9;

    private ConntrackLayout() {}
}
