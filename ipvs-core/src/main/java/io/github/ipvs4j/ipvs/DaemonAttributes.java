// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

/**
 * Numbers of the attributes that describe a sync daemon. Integers are in host byte order, the port too.
 *
 * <pre>
 *   DAEMON {
 *     STATE u32 | INTERFACE string | SYNC_ID u32
 *     MAX_LENGTH u16 | PORT u16 | TTL u8 | GROUP 4 bytes or GROUP_6 16 bytes          optional in requests
 *   }
 * </pre>
 *
 * <p>Source: {@code include/uapi/linux/ip_vs.h}, under the kernel's names {@code IPVS_DAEMON_ATTR_*}.
 */
final class DaemonAttributes {
    /** u32: 1 master, 2 backup. */
    static final int STATE = 1;

    /** String with NUL, at most 16 bytes. */
    static final int INTERFACE = 2;

    /** u32, of which other directors see 8 bits. */
    static final int SYNC_ID = 3;

    /** u16: bytes; 0 for the kernel's choice. */
    static final int MAX_LENGTH = 4;

    /** 4 bytes in network order. */
    static final int GROUP = 5;

    /** 16 bytes in network order. */
    static final int GROUP_6 = 6;

    /** u16 in host byte order, unlike all other ports; 0 for the kernel's choice. */
    static final int PORT = 7;

    /** u8; 0 for the kernel's choice. */
    static final int TTL = 8;

    private DaemonAttributes() {}
}
