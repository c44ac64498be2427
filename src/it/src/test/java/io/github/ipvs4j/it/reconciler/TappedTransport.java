// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.reconciler;

import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.netlink.Transport;
import io.netty.buffer.ByteBuf;
import java.util.OptionalInt;

/** The kernel's sockets with something done before and after each datagram. */
final class TappedTransport implements Transport {
    private final Transport kernel;
    private final NetlinkProtocol protocol;
    private final Tap tap;

    /** What is done at each datagram. */
    interface Tap {
        /** Called before a datagram goes out. */
        default void sending(NetlinkProtocol protocol) {}

        /** Called when the kernel has carried out a datagram, before its answers are read. */
        default void sent(NetlinkProtocol protocol) {}

        /** Tells whether an answer is let through; asked for each one. */
        default boolean receives(NetlinkProtocol protocol) {
            return true;
        }

        /** Returns how long a datagram may be, so many bytes at most. */
        default int maxDatagram(int most) {
            return most;
        }
    }

    private TappedTransport(Transport kernel, NetlinkProtocol protocol, Tap tap) {
        this.kernel = kernel;
        this.protocol = protocol;
        this.tap = tap;
    }

    static Transport.Factory of(Tap tap) {
        return protocol -> new TappedTransport(Transport.Factory.kernel().open(protocol), protocol, tap);
    }

    @Override
    public int portId() {
        return kernel.portId();
    }

    @Override
    public int maxDatagram() {
        return tap.maxDatagram(kernel.maxDatagram());
    }

    @Override
    public int maxPendingAnswers() {
        return kernel.maxPendingAnswers();
    }

    @Override
    public void send(ByteBuf datagram) {
        tap.sending(protocol);
        kernel.send(datagram);
        tap.sent(protocol);
    }

    @Override
    public Received receive(ByteBuf into) {
        Received received = kernel.receive(into);
        return received != Received.DATAGRAM || tap.receives(protocol) ? received : Received.NOTHING;
    }

    @Override
    public OptionalInt waitingMemory() {
        return kernel.waitingMemory();
    }

    @Override
    public OptionalInt descriptor() {
        return kernel.descriptor();
    }

    @Override
    public void close() {
        kernel.close();
    }
}
