// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.MessageWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** A datagram to a client while it is being written: messages with one sequence number and one port id. */
final class Datagram {
    private final ByteBuf bytes = Unpooled.buffer(512);
    private final MessageWriter out = new MessageWriter(bytes);
    private final int sequence;
    private final int portId;
    private final int limit;
    private int start;

    Datagram(int sequence, int portId, int limit) {
        this.sequence = sequence;
        this.portId = portId;
        this.limit = limit;
    }

    /** Begins a message. */
    MessageWriter begin(int type, int flags) {
        start = out.size();
        return out.begin(type, flags, sequence);
    }

    /** Closes the message; one that does not fit any more is left out, and false returned: then nothing can follow. */
    boolean end() {
        if (out.size() > limit) {
            return false;
        }
        out.end();
        HostOrder.i32(bytes.array(), start + NetlinkNumbers.HEADER_PORT_ID, portId);
        return true;
    }

    /** Returns how many bytes are left for the message that is open, or the next one. */
    int room() {
        return limit - out.size();
    }

    boolean isEmpty() {
        return bytes.writerIndex() == 0;
    }

    byte[] toBytes() {
        byte[] copy = new byte[bytes.writerIndex()];
        bytes.getBytes(0, copy);
        return copy;
    }
}
