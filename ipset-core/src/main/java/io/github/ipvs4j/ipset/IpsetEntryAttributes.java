// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

/**
 * Attributes of the DATA nest that holds one entry, in ADD, DEL and in listings. Integers and addresses are in network
 * order and, in requests, flagged so; answers leave the flag off addresses.
 *
 * <pre>
 *   DATA { IP { IPV4 | IPV6 }  PORT  PROTOCOL  IP2 { IPV4 | IPV6 } }
 * </pre>
 *
 * <p>Source: {@code include/uapi/linux/netfilter/ipset/ip_set.h}.
 */
final class IpsetEntryAttributes {
    /** Nest with one address. */
    static final int IP = 1;

    /** u16. */
    static final int PORT = 4;

    /** u8: protocol as in the IP header. */
    static final int PROTOCOL = 7;

    /** Nest with one address, the second of the entry. */
    static final int IP2 = 20;

    /** Within an address nest: 4 bytes. */
    static final int ADDRESS_IPV4 = 1;

    /** Within an address nest: 16 bytes. */
    static final int ADDRESS_IPV6 = 2;

    private IpsetEntryAttributes() {}
}
