// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

/**
 * Layout of {@code struct nlmsghdr} and of what follows it in control messages. All fields are in host byte order.
 *
 * <pre>
 *   0        4       6       8          12         16
 *   +--------+-------+-------+----------+----------+---------
 *   | length | type  | flags | sequence | port id  | payload
 *   +--------+-------+-------+----------+----------+---------
 * </pre>
 *
 * <p>Source: {@code include/uapi/linux/netlink.h}.
 */
final class NetlinkHeader {
    static final int LENGTH = 0;
    static final int TYPE = 4;
    static final int FLAGS = 6;
    static final int SEQUENCE = 8;
    static final int PORT_ID = 12;
    static final int SIZE = 16;

    /** Control message types; what lies from {@link #FIRST_FAMILY_TYPE} up belongs to a protocol. */
    static final int TYPE_NO_OPERATION = 1;

    static final int TYPE_ERROR = 2;

    static final int TYPE_DONE = 3;
    static final int TYPE_OVERRUN = 4;
    static final int FIRST_FAMILY_TYPE = 16;

    /** In an error or done message: the signed error value, then (errors only) the header of the request. */
    static final int ERROR_VALUE = SIZE;

    static final int ECHOED_HEADER = SIZE + 4;

    /** Messages and attributes begin at multiples of this many bytes. */
    static final int ALIGNMENT = 4;

    private NetlinkHeader() {}

    static int align(int length) {
        return (length + ALIGNMENT - 1) & -ALIGNMENT;
    }
}
