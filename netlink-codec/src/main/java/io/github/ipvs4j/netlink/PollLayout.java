// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Layout of {@code struct pollfd}, host byte order.
 *
 * <pre>
 *   0            4        6          8
 *   +------------+--------+----------+
 *   | descriptor | events | returned |
 *   +------------+--------+----------+
 * </pre>
 *
 * <p>Source: {@code include/uapi/asm-generic/poll.h}.
 */
final class PollLayout {
    private static final int EVENTS = 4;
    private static final int SIZE = 8;
    private static final int POLLIN = 1;

    private PollLayout() {}

    /** Makes the structure that waits for input on one descriptor. */
    static byte[] forInput(int descriptor) {
        byte[] structure = new byte[SIZE];
        ByteBuf bytes = Unpooled.wrappedBuffer(structure);
        HostOrder.i32(bytes, 0, descriptor);
        HostOrder.u16(bytes, EVENTS, POLLIN);
        return structure;
    }
}
