// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

/**
 * Layout of {@code struct sockaddr_nl}, all fields in host byte order.
 *
 * <pre>
 *   0        2       4         8        12
 *   +--------+-------+---------+--------+
 *   | family | pad   | port id | groups |
 *   +--------+-------+---------+--------+
 * </pre>
 *
 * <p>Source: {@code include/uapi/linux/netlink.h}.
 */
final class SocketAddressLayout {
    static final int FAMILY = 0;
    static final int PORT_ID = 4;
    static final int SIZE = 12;

    private SocketAddressLayout() {}
}
