// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

/**
 * Socket options by level and number.
 *
 * <p>Source: {@code include/uapi/asm-generic/socket.h}, {@code include/uapi/linux/netlink.h}.
 */
final class SocketOptions {
    static final int SOL_SOCKET = 1;
    static final int SO_SNDBUF = 7;
    static final int SO_RCVBUF = 8;
    static final int SO_SNDBUFFORCE = 32;
    static final int SO_RCVBUFFORCE = 33;

    /** Several numbers, of which the first one is the memory of what waits to be received; since Linux 4.12. */
    static final int SO_MEMINFO = 55;

    static final int SOL_NETLINK = 270;
    static final int NETLINK_ADD_MEMBERSHIP = 1;
    static final int NETLINK_NO_ENOBUFS = 5;
    static final int NETLINK_CAP_ACK = 10;
    static final int NETLINK_EXT_ACK = 11;
    static final int NETLINK_GET_STRICT_CHK = 12;

    private SocketOptions() {}
}
