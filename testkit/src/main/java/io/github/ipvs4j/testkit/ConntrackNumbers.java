// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

/**
 * Numbers of the nfnetlink subsystem ctnetlink. Integers and addresses are in network order, but for the two words of
 * {@link #FILTER}.
 *
 * <p>Source: {@code include/uapi/linux/netfilter/nfnetlink_conntrack.h}, {@code nf_conntrack_common.h} and
 * {@code include/net/netfilter/nf_conntrack.h}.
 */
final class ConntrackNumbers {
    static final int SUBSYSTEM = 1;

    static final int NEW = 0;
    static final int GET = 1;
    static final int DELETE = 2;
    static final int GET_ZEROING = 3;
    static final int GET_STATS_CPU = 4;
    static final int GET_STATS = 5;
    static final int GET_DYING = 6;
    static final int GET_UNCONFIRMED = 7;

    static final int GROUP_NEW = 1;
    static final int GROUP_UPDATE = 2;
    static final int GROUP_DESTROY = 3;

    static final int ORIGINAL = 1;
    static final int REPLY = 2;
    static final int STATUS = 3;
    static final int PROTOCOL_INFO = 4;
    static final int HELP = 5;
    static final int NAT_SOURCE = 6;
    static final int TIMEOUT = 7;
    static final int MARK = 8;
    static final int USE = 11;
    static final int ID = 12;
    static final int NAT_DESTINATION = 13;
    static final int MASTER = 14;
    static final int SEQUENCE_ORIGINAL = 15;
    static final int SEQUENCE_REPLY = 16;
    static final int ZONE = 18;
    static final int MARK_MASK = 21;
    static final int LABELS = 22;
    static final int LABELS_MASK = 23;
    static final int SYNPROXY = 24;
    static final int FILTER = 25;
    static final int STATUS_MASK = 26;
    static final int MAX = 26;

    static final int TUPLE_IP = 1;
    static final int TUPLE_PROTOCOL = 2;
    static final int TUPLE_ZONE = 3;
    static final int TUPLE_MAX = 3;

    static final int IPV4_SOURCE = 1;
    static final int IPV4_DESTINATION = 2;
    static final int IPV6_SOURCE = 3;
    static final int IPV6_DESTINATION = 4;
    static final int IP_MAX = 4;

    static final int PROTOCOL = 1;
    static final int SOURCE_PORT = 2;
    static final int DESTINATION_PORT = 3;
    static final int ICMP_ID = 4;
    static final int ICMP_TYPE = 5;
    static final int ICMP_CODE = 6;

    /** From an attribute of ICMP to that of ICMPv6. */
    static final int TO_ICMPV6 = 3;

    static final int PROTOCOL_MAX = 9;

    static final int INFO_TCP = 1;
    static final int INFO_SCTP = 3;
    static final int INFO_MAX = 3;

    static final int TCP_STATE = 1;
    static final int TCP_SCALE_ORIGINAL = 2;
    static final int TCP_SCALE_REPLY = 3;
    static final int TCP_FLAGS_ORIGINAL = 4;
    static final int TCP_FLAGS_REPLY = 5;
    static final int TCP_MAX = 5;
    static final int TCP_LAST_STATE = 9;
    static final int TCP_LARGEST_SCALE = 14;
    static final int TCP_FLAG_SCALES = 1;

    static final int SCTP_STATE = 1;
    static final int SCTP_TAG_ORIGINAL = 2;
    static final int SCTP_TAG_REPLY = 3;
    static final int SCTP_MAX = 3;
    static final int SCTP_LAST_STATE = 8;

    static final int SYNPROXY_COUNT = 3;

    static final int HELP_NAME = 1;
    static final int HELP_MAX = 2;
    static final int HELP_NAME_MAX = 15;

    static final int FILTER_ORIGINAL = 1;
    static final int FILTER_REPLY = 2;
    static final int FILTER_MAX = 2;

    /** What of a tuple is looked at. */
    static final int LOOK_SOURCE = 0x001;

    static final int LOOK_DESTINATION = 0x002;
    static final int LOOK_ZONE = 0x004;
    static final int LOOK_PROTOCOL = 0x008;
    static final int LOOK_SOURCE_PORT = 0x010;
    static final int LOOK_DESTINATION_PORT = 0x020;
    static final int LOOK_ICMP_TYPE = 0x040;
    static final int LOOK_ICMP_CODE = 0x080;
    static final int LOOK_ICMP_ID = 0x100;

    /** From a bit of ICMP to that of ICMPv6. */
    static final int LOOK_TO_ICMPV6 = 3;

    static final int LOOK_BEYOND_PROTOCOL = 0xff0;
    static final int LOOK_AT_ALL = 0xfff;

    static final int SEEN_REPLY = 0x002;
    static final int ASSURED = 0x004;
    static final int CONFIRMED = 0x008;
    static final int DYING = 0x200;
    static final int FIXED_TIMEOUT = 0x400;
    static final int HELPER = 0x2000;

    /** Expected, confirmed, dying: a client may not even try to change these. */
    static final int GUARDED = 0x001 | CONFIRMED | DYING;

    /** What a client can switch on. */
    static final int CHANGEABLE = SEEN_REPLY | ASSURED | FIXED_TIMEOUT | HELPER;

    static final int STATS_ENTRIES = 1;
    static final int STATS_MAX_ENTRIES = 2;
    static final int MAX_ENTRIES = 65536;

    private ConntrackNumbers() {}
}
