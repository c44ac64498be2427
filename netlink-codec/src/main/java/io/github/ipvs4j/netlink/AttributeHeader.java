// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

/**
 * Layout of {@code struct nlattr}. Both fields are in host byte order; the length counts the header, not the padding.
 *
 * <pre>
 *   0        2       4
 *   +--------+-------+---------+--------------
 *   | length | type  | payload | padding to 4
 *   +--------+-------+---------+--------------
 *              bit 15 nested, bit 14 network byte order
 * </pre>
 *
 * <p>Source: {@code include/uapi/linux/netlink.h}.
 */
final class AttributeHeader {
    static final int LENGTH = 0;
    static final int TYPE = 2;
    static final int SIZE = 4;

    static final int TYPE_MASK = 0x3fff;
    static final int NETWORK_ORDER = 0x4000;
    static final int NESTED = 0x8000;

    /** The length field has 16 bits. */
    static final int MAX_LENGTH = 0xffff;

    private AttributeHeader() {}
}
