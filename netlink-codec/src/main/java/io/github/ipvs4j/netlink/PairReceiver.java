// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;

/**
 * Receives two datagrams by one system call where two are there, and keeps the second for the next time. The kernel
 * sends the end of a listing behind its entries in a datagram of its own, and so an answer's acknowledgement.
 */
final class PairReceiver implements AutoCloseable {
    private final ByteBuf headers = UnpooledByteBufAllocator.DEFAULT.directBuffer(PairLayout.SIZE, PairLayout.SIZE);
    private ByteBuf second = UnpooledByteBufAllocator.DEFAULT.directBuffer(0);
    private long address;

    PairReceiver() {
        headers.setZero(0, PairLayout.SIZE);
        point(0, PairLayout.VECTORS);
        point(PairLayout.SECOND, PairLayout.SECOND_VECTOR);
    }

    private void point(int header, int vector) {
        HostOrder.i64(headers, header + PairLayout.VECTOR, headers.memoryAddress() + vector);
        HostOrder.i64(headers, header + PairLayout.VECTOR_COUNT, 1);
    }

    /** Moves the datagram that is kept into a buffer; false if there is none. */
    boolean takeKept(ByteBuf into) {
        if (!second.isReadable()) {
            return false;
        }
        into.clear().writeBytes(second);
        return true;
    }

    /**
     * Receives one datagram or two without waiting.
     *
     * @return 0 if something came, else the number of the error; {@code EAGAIN} if nothing is there
     */
    int receive(int descriptor, ByteBuf into) {
        into.clear();
        prepare(into);
        int count = LibC.recvmmsg(descriptor, headers.memoryAddress(), 2, LibC.MSG_DONTWAIT, 0);
        if (count < 0) {
            return LibC.lastError();
        }
        into.writerIndex(HostOrder.i32(headers, PairLayout.LENGTH));
        second.clear().writerIndex(count < 2 ? 0 : HostOrder.i32(headers, PairLayout.SECOND + PairLayout.LENGTH));
        return 0;
    }

    private void prepare(ByteBuf into) {
        if (address == into.memoryAddress() && second.capacity() == into.capacity()) {
            return;
        }
        if (second.capacity() != into.capacity()) {
            // Allocated first: where that fails, the old buffer is still there to be released, once.
            ByteBuf fitting = UnpooledByteBufAllocator.DEFAULT.directBuffer(into.capacity(), into.capacity());
            second.release();
            second = fitting;
        }
        address = into.memoryAddress();
        vector(PairLayout.VECTORS, into);
        vector(PairLayout.SECOND_VECTOR, second);
    }

    private void vector(int at, ByteBuf buffer) {
        HostOrder.i64(headers, at, buffer.memoryAddress());
        HostOrder.i64(headers, at + PairLayout.VECTOR_LENGTH, buffer.capacity());
    }

    @Override
    public void close() {
        if (headers.refCnt() > 0) {
            headers.release();
            second.release();
        }
    }
}
