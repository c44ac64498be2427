// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

/**
 * Attributes of the DATA nest that holds one entry, in ADD, DEL and in listings. Integers and addresses are in network
 * order and, in requests, flagged so; answers leave the flag off addresses.
 *
 * <pre>
 *   DATA { IP { IPV4 | IPV6 }  IP_TO { ... }  CIDR  PORT  PORT_TO  TIMEOUT  PROTOCOL  FLAGS  MARK
 *          ETHER  NAME  NAME_REFERENCE  IP2 { ... }  CIDR2  IP2_TO { ... }  INTERFACE
 *          BYTES  PACKETS  COMMENT  SKB_MARK  SKB_PRIORITY  SKB_QUEUE }
 * </pre>
 *
 * <p>Source: {@code include/uapi/linux/netfilter/ipset/ip_set.h}.
 */
final class IpsetEntryAttributes {
    /** Nest with one address. */
    static final int IP = 1;

    /** Nest with one address: the last of a range. */
    static final int IP_TO = 2;

    /** u8: prefix length of the first address. */
    static final int PREFIX = 3;

    /** u16. */
    static final int PORT = 4;

    /** u16: the last port of a range. */
    static final int PORT_TO = 5;

    /** u32: seconds left. */
    static final int TIMEOUT = 6;

    /** u8: protocol as in the IP header. */
    static final int PROTOCOL = 7;

    /** u32: bits, see below. */
    static final int FLAGS = 8;

    /** u32. */
    static final int MARK = 10;

    /** Six bytes. */
    static final int ETHER = 17;

    /** String: name of a member of a list. */
    static final int NAME = 18;

    /** String: name of the member of a list that another one goes next to. */
    static final int NAME_REFERENCE = 19;

    /** Nest with one address, the second of the entry. */
    static final int IP2 = 20;

    /** u8: prefix length of the second address. */
    static final int PREFIX2 = 21;

    /** Nest with one address: the last of a range of second addresses. */
    static final int IP2_TO = 22;

    /** String of at most 15 bytes. */
    static final int INTERFACE = 23;

    /** u64. */
    static final int BYTES = 24;

    /** u64. */
    static final int PACKETS = 25;

    /** String of at most 255 bytes. */
    static final int COMMENT = 26;

    /** u64: mark in the upper, mask in the lower 32 bits. */
    static final int SKB_MARK = 27;

    /** u32: major number in the upper, minor in the lower 16 bits. */
    static final int SKB_PRIORITY = 28;

    /** u16. */
    static final int SKB_QUEUE = 29;

    /** In FLAGS: before the member that is named, not after it. */
    static final int FLAG_BEFORE = 1;

    /** In FLAGS: the port of a bridge is meant. */
    static final int FLAG_PHYSICAL = 2;

    /** In FLAGS: an exception. */
    static final int FLAG_NOMATCH = 4;

    /** In FLAGS: the name of the interface is the beginning of names. */
    static final int FLAG_WILDCARD = 128;

    /** Within an address nest: 4 bytes. */
    static final int ADDRESS_IPV4 = 1;

    /** Within an address nest: 16 bytes. */
    static final int ADDRESS_IPV6 = 2;

    private IpsetEntryAttributes() {}
}
