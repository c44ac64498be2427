// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.benchmarks;

import io.github.ipvs4j.netlink.Transport;
import io.netty.buffer.ByteBuf;
import java.util.OptionalInt;

/** Counts what is asked of a transport; each send, receive and look at the memory is one system call at most. */
final class CountingTransport implements Transport {
    private final Transport inner;
    private long sends;
    private long receives;
    private long looks;
    private long bytes;

    CountingTransport(Transport inner) {
        this.inner = inner;
    }

    /** Counts from zero again. */
    void restart() {
        sends = 0;
        receives = 0;
        looks = 0;
        bytes = 0;
    }

    long sends() {
        return sends;
    }

    long receives() {
        return receives;
    }

    /** Returns how often the memory of what waits was told. */
    long looks() {
        return looks;
    }

    /** Returns the bytes of both directions. */
    long bytes() {
        return bytes;
    }

    @Override
    public int portId() {
        return inner.portId();
    }

    @Override
    public int maxDatagram() {
        return inner.maxDatagram();
    }

    @Override
    public int maxPendingAnswers() {
        return inner.maxPendingAnswers();
    }

    @Override
    public void send(ByteBuf datagram) {
        sends++;
        bytes += datagram.readableBytes();
        inner.send(datagram);
    }

    @Override
    public Received receive(ByteBuf into) {
        receives++;
        return counted(inner.receive(into), into);
    }

    @Override
    public Received receiveNow(ByteBuf into) {
        receives++;
        return counted(inner.receiveNow(into), into);
    }

    private Received counted(Received received, ByteBuf into) {
        bytes += received == Received.DATAGRAM ? into.readableBytes() : 0;
        return received;
    }

    @Override
    public OptionalInt waitingMemory() {
        OptionalInt memory = inner.waitingMemory();
        looks += memory.isPresent() ? 1 : 0;
        return memory;
    }

    @Override
    public OptionalInt descriptor() {
        return inner.descriptor();
    }

    @Override
    public void close() {
        inner.close();
    }
}
