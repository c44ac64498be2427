// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.concurrent.ThreadLocalRandom;

/** The datagram that is being written, and the sequence numbers of its requests. */
final class Outbox implements AutoCloseable {
    private static final int INITIAL_SIZE = 16 << 10;
    private static final int MAX_SIZE = 32 << 20;

    private final ByteBuf bytes = UnpooledByteBufAllocator.DEFAULT.directBuffer(INITIAL_SIZE, MAX_SIZE);
    private final MessageWriter writer = new MessageWriter(bytes);
    private int firstNumber = ThreadLocalRandom.current().nextInt();
    private int count;
    private int lastStart;
    private int maxBytes;
    private int maxRequests;

    /** Begins a new datagram for a transport. */
    void begin(Transport transport) {
        firstNumber += count;
        count = 0;
        writer.clear();
        maxBytes = transport.maxDatagram();
        maxRequests = transport.maxPendingAnswers();
    }

    /**
     * Appends a request.
     *
     * @return false if the datagram is full; it is unchanged then
     */
    boolean append(Request request, int flags) {
        if (count > 0 && count >= maxRequests) {
            return false;
        }
        int start = writer.size();
        writer.begin(request.type(), MessageFlags.REQUEST | request.flags() | flags, firstNumber + count);
        boolean written = false;
        try {
            request.write(writer);
            writer.end();
            written = true;
        } finally {
            if (!written) {
                writer.truncate(start);
            }
        }
        if (count > 0 && writer.size() > maxBytes) {
            writer.truncate(start);
            return false;
        }
        lastStart = start;
        count++;
        return true;
    }

    /** Asks for an acknowledgement of the last request. */
    void acknowledgeLast() {
        writer.addFlags(lastStart, MessageFlags.ACK);
    }

    /** Returns which request a sequence number belongs to, counted from 0, or -1. */
    int placeOf(int number) {
        int place = number - firstNumber;
        return place >= 0 && place < count ? place : -1;
    }

    /** Returns the datagram; it stays this object's. */
    ByteBuf datagram() {
        return bytes;
    }

    @Override
    public void close() {
        bytes.release();
    }
}
