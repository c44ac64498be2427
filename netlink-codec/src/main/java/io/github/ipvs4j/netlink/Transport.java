// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import io.netty.buffer.ByteBuf;
import java.util.OptionalInt;

/**
 * One netlink socket, seen from the client: datagrams out, datagrams in. This is the seam where a simulated kernel
 * takes the place of the real one.
 *
 * <p>Used by one thread at a time. The kernel carries out what a datagram asks before {@link #send} returns.
 */
public interface Transport extends AutoCloseable {
    /** What a receive call met. */
    enum Received {
        /** A datagram stands in the buffer. */
        DATAGRAM,

        /** Nothing came within the short time that one call waits. */
        NOTHING,

        /** The kernel dropped answers because the receive buffer was full ({@code ENOBUFS}). */
        OVERRUN
    }

    /**
     * Returns the socket's address.
     *
     * @return the port id that the kernel puts into answers
     */
    int portId();

    /**
     * Returns how long a datagram may be.
     *
     * @return in bytes
     */
    int maxDatagram();

    /**
     * Returns how many answers the receive buffer surely holds.
     *
     * @return the number of small answers, acknowledgements or errors without echo
     */
    int maxPendingAnswers();

    /**
     * Sends what stands between the reader and the writer index as one datagram.
     *
     * @param datagram not changed, stays the caller's
     * @throws SocketFailed if the system refuses
     */
    void send(ByteBuf datagram);

    /**
     * Receives one datagram; waits a short, bounded time when nothing is there. A datagram longer than the buffer is
     * cut; its last message then reaches past the end, which its reader refuses with {@link MalformedReply}.
     *
     * @param into cleared and filled; stays the caller's
     * @return what was met
     * @throws SocketFailed if the system refuses
     */
    Received receive(ByteBuf into);

    /**
     * Receives one datagram without waiting at all.
     *
     * @param into cleared and filled; stays the caller's
     * @return what was met
     * @throws SocketFailed if the system refuses
     */
    default Received receiveNow(ByteBuf into) {
        return receive(into);
    }

    /**
     * Returns how much memory holds what waits to be received. The kernel counts the buffers it made, which may be
     * larger than what stands in them.
     *
     * @return in bytes; empty where that cannot be told
     */
    default OptionalInt waitingMemory() {
        return OptionalInt.empty();
    }

    /**
     * Returns the file descriptor that an event loop may wait on.
     *
     * @return empty where there is none; then {@link #receiveNow} is tried again after a moment
     */
    default OptionalInt descriptor() {
        return OptionalInt.empty();
    }

    /**
     * Joins a multicast group.
     *
     * @param group number of the group
     * @throws SocketFailed if the system refuses
     */
    default void join(int group) {
        throw new SocketFailed("join multicast group " + group + ": this transport has no multicast", null);
    }

    /** Closes the socket; a second call does nothing. */
    @Override
    void close();

    /** Opens transports; a client asks for a new one whenever it gave up on the last. */
    @FunctionalInterface
    interface Factory {
        /**
         * Opens a socket.
         *
         * @param protocol what to speak on it
         * @return a transport that the caller closes
         * @throws SocketFailed if the system refuses
         */
        Transport open(NetlinkProtocol protocol);

        /**
         * Returns the factory of sockets of the running kernel, in the network namespace of the thread that opens them;
         * for programs that put something of their own around them.
         *
         * @return what a client uses unless told otherwise
         */
        static Factory kernel() {
            return SocketSettings.DEFAULT;
        }
    }
}
