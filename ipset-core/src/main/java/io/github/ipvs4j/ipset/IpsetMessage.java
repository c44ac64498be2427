// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

/**
 * What every ipset message begins with, and the attributes of its outermost level.
 *
 * <pre>
 *   0          16              17       18           20
 *   +----------+---------------+--------+------------+---------------------
 *   | nlmsghdr | nfgen_family  | 0      | res_id 0   | PROTOCOL SETNAME ...
 *   +----------+---------------+--------+------------+---------------------
 *     nlmsg_type = subsystem &lt;&lt; 8 | command
 * </pre>
 *
 * <p>Source: {@code include/uapi/linux/netfilter/nfnetlink.h} and {@code include/uapi/linux/netfilter/ipset/ip_set.h}.
 */
final class IpsetMessage {
    /** {@code NFNL_SUBSYS_IPSET}, the upper eight bits of {@code nlmsg_type}. */
    static final int SUBSYSTEM = 6;

    /** Length of {@code struct nfgenmsg}, in bytes. */
    static final int HEADER_SIZE = 4;

    /** {@code nfgen_family} of every message, whatever the family of the set; the kernel ignores it. */
    static final int HEADER_FAMILY = 2;

    /** Version of the protocol that is spoken; Linux has it since 4.20. */
    static final int PROTOCOL_VERSION = 7;

    /** u8, required in every request. */
    static final int PROTOCOL = 1;

    /** String of 1 to 31 bytes and a NUL. */
    static final int SET_NAME = 2;

    /** String of 1 to 31 bytes and a NUL. */
    static final int TYPE_NAME = 3;

    /** String of 1 to 31 bytes and a NUL: the other set of RENAME and SWAP. */
    static final int SECOND_NAME = 3;

    /** u8; in an answer to TYPE the highest one. */
    static final int REVISION = 4;

    /** u8: 2, 10, or 0 where the type has no family. */
    static final int FAMILY = 5;

    /** u32 in network order, see the flags below. */
    static final int FLAGS = 6;

    /** Nest: options of a set, or one entry. */
    static final int DATA = 7;

    /** Nest of DATA nests, one an entry. */
    static final int ENTRIES = 8;

    /** u32 in network order: which line of a file an entry comes from; the kernel tells it of an entry it refuses. */
    static final int LINE = 9;

    /** u8, in an answer to TYPE: the lowest one. */
    static final int LOWEST_REVISION = 10;

    /** u16 in network order. */
    static final int INDEX = 11;

    /** In FLAGS of LIST: names only. */
    static final int FLAG_LIST_NAMES = 2;

    /** In FLAGS of LIST: no entries. */
    static final int FLAG_LIST_HEADERS = 4;

    private IpsetMessage() {}

    static int type(int command) {
        return SUBSYSTEM << Byte.SIZE | command;
    }
}
