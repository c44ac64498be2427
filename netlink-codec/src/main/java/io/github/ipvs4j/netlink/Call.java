// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

/**
 * One call of a client as a state machine: it writes datagrams and takes messages, and knows nothing of sockets,
 * threads or time. The blocking and the asynchronous client drive the same calls.
 *
 * <p>A call has one or more rounds. In each it writes one datagram and takes messages until the kernel has said its
 * last word about that datagram.
 *
 * @param <T> type of the result
 */
abstract class Call<T> {
    private boolean settled = true;
    private NetlinkProtocol protocol = NetlinkProtocol.GENERIC;

    /** Writes the requests of the next round. */
    abstract void write(Outbox out);

    /** Called when the kernel has carried out what was written, before its answers are received. */
    void carriedOut(Transport transport) {}

    /**
     * Takes a message that answers one of this round's requests.
     *
     * @param place which of them, counted from 0
     * @return whether the kernel has now said its last word about the round
     */
    abstract boolean take(int place, MessageReader message);

    /** Tells whether a round that went through is to be followed by another. */
    boolean again() {
        return false;
    }

    /** Called when answers were dropped, before what remains in the queue is read. */
    void overrun() {
        throw overrun(describe());
    }

    /** Called when there is nothing to read at present. */
    void idle() {}

    /** Returns the result after the last round. */
    abstract T result();

    /** Returns a result in spite of a failure, or throws it. */
    T giveUp(NetlinkException failure) {
        throw failure;
    }

    /** Says in words what is asked. */
    abstract String describe();

    /** Tells whether no answer to this call can be on its way any more. */
    final boolean settled() {
        return settled;
    }

    final void sent(NetlinkProtocol over) {
        settled = false;
        protocol = over;
    }

    final void settle() {
        settled = true;
    }

    final NetlinkProtocol protocol() {
        return protocol;
    }

    static SocketFailed overrun(String request) {
        return new SocketFailed(
                request + ": ENOBUFS: the kernel dropped answers because the receive buffer was full; the outcome is"
                        + " unknown, read the state again before repeating it",
                null);
    }

    /** Throws if the message refuses the request. */
    final void refuse(Request request, MessageReader message) {
        if (isEnd(message) && Reply.error(message) != 0) {
            settle();
            throw rejection(request, message);
        }
    }

    /** Makes the exception of an error message. */
    final KernelRejected rejection(Request request, MessageReader message) {
        return Reply.rejection(protocol, request, message);
    }

    static boolean isEnd(MessageReader message) {
        return message.type() == NetlinkHeader.TYPE_ERROR || message.type() == NetlinkHeader.TYPE_DONE;
    }
}
