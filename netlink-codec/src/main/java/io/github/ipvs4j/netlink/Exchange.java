// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The buffers of one conversation, and the matching of messages with the call that they answer. Not safe for use by
 * several threads.
 */
final class Exchange implements AutoCloseable {
    /** Holds the largest answer: a refused ipset message of 64 KiB with its echo. */
    static final int LONGEST_ANSWER = 128 << 10;

    /** At TRACE, shows everything that is said, in words. */
    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

    private final Outbox out = new Outbox();
    private final ByteBuf in;
    private final MessageReader reader = new MessageReader();
    private final NetlinkProtocol protocol;
    private final MessagePrinter printer;
    private volatile long strayMessages;
    private boolean accepted;

    Exchange(NetlinkProtocol protocol, int longestAnswer) {
        this.protocol = protocol;
        this.in = UnpooledByteBufAllocator.DEFAULT.directBuffer(longestAnswer, longestAnswer);
        this.printer = new MessagePrinter(protocol);
    }

    /**
     * Sends the next round of a call.
     *
     * @return false if there was nothing to send
     */
    boolean send(Transport transport, Call<?> call) {
        out.begin(transport);
        call.write(out);
        if (!out.datagram().isReadable()) {
            return false;
        }
        call.sent(protocol);
        if (LOG.isTraceEnabled()) {
            LOG.trace("to the kernel:\n{}", printer.print(out.datagram()));
        }
        transport.send(out.datagram());
        call.carriedOut(transport);
        return true;
    }

    /** Returns where the next datagram is to be received. */
    ByteBuf inbox() {
        return in;
    }

    /**
     * Hands the received datagram's messages to the call they answer.
     *
     * @return whether the round is over
     */
    boolean deliver(Transport transport, Call<?> call) {
        if (LOG.isTraceEnabled()) {
            LOG.trace("from the kernel:\n{}", printer.print(in));
        }
        reader.over(in);
        accepted = false;
        boolean over = false;
        while (reader.next()) {
            int place = reader.portId() == transport.portId() ? out.placeOf(reader.sequence()) : -1;
            if (place < 0) {
                countStray();
                continue;
            }
            accepted = true;
            if (!over && call.take(place, reader)) {
                call.settle();
                over = true;
            }
        }
        return over;
    }

    /** Tells whether the last datagram delivered held a message of the call's; only such a one is progress. */
    boolean accepted() {
        return accepted;
    }

    /** Counts the messages of a datagram that came while nothing was asked. */
    void drop() {
        reader.over(in);
        while (reader.next()) {
            countStray();
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // only the thread whose turn it is writes
    private void countStray() {
        strayMessages++;
    }

    long strayMessages() {
        return strayMessages;
    }

    @Override
    public void close() {
        out.close();
        in.release();
    }
}
