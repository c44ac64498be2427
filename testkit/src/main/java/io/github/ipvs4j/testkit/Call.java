// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.MessageWriter;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One request that is being carried out, and the ways to answer it. */
final class Call {
    private final RequestMessage request;
    private final SimulatedSocket socket;
    private @Nullable String warning;
    private boolean answered;

    Call(RequestMessage request, SimulatedSocket socket) {
        this.request = request;
        this.socket = socket;
    }

    RequestMessage request() {
        return request;
    }

    /** Refuses the request if the client may not administer the network. */
    void requireCapability() {
        if (!socket.mayAdminister()) {
            throw new Refused(ErrorNumbers.EPERM);
        }
    }

    /** Tells whether the socket wants listings checked strictly and filtered. */
    boolean isStrict() {
        return socket.features().strictChecks();
    }

    /** Adds a warning to the acknowledgement, if one is asked for. */
    void warnOfLeftover(Attributes attributes) {
        if (attributes.hasLeftover()) {
            warning = "bytes leftover after parsing attributes";
        }
    }

    /** Returns the port id of the client. */
    int portId() {
        return socket.portId();
    }

    /** Sends one message as an answer; an acknowledgement follows if it was asked for. */
    void reply(int type, Consumer<MessageWriter> body) {
        reply(type, 0, body);
    }

    /** Sends one message with flags as an answer; an acknowledgement follows if it was asked for. */
    void reply(int type, int flags, Consumer<MessageWriter> body) {
        Datagram datagram = new Datagram(request.sequence(), socket.portId(), Integer.MAX_VALUE);
        body.accept(datagram.begin(type, flags));
        datagram.end();
        socket.enqueue(datagram.toBytes());
    }

    /** Begins a listing, whose end stands for the acknowledgement. */
    void dump(Dump dump) {
        socket.startDump(dump, request);
        answered = true;
    }

    /** Refuses the request with all of it echoed, changed in one place, whatever the socket wants. */
    void refuseWithWholeEcho(int errno, RequestMessage echoed) {
        Datagram datagram = new Datagram(request.sequence(), socket.portId(), Integer.MAX_VALUE);
        MessageWriter out = datagram.begin(NetlinkNumbers.ERROR, 0).headerU32(-errno);
        echoed.echo(out, true);
        datagram.end();
        socket.enqueue(datagram.toBytes());
        answered = true;
    }

    /** Sends a refusal ahead of the usual one if an acknowledgement was asked for. */
    void refuseFirstIfAcknowledged(Refused why) {
        if (request.has(NetlinkNumbers.FLAG_ACK)) {
            socket.enqueue(Acknowledgement.error(request, socket.portId(), socket.features(), why));
        }
    }

    @Nullable
    String warning() {
        return warning;
    }

    /** Tells whether everything that is to be said was said, so that no acknowledgement follows. */
    boolean isAnswered() {
        return answered;
    }
}
