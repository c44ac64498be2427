// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.netlink.SocketFailed;
import io.github.ipvs4j.netlink.Transport;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A client's socket: goes through the datagrams it sends, and queues what it is to receive.
 *
 * <p>Follows {@code netlink_rcv_skb}, {@code netlink_dump} and {@code netlink_overrun} in
 * {@code net/netlink/af_netlink.c}: a request is carried out before {@code send} returns; an error does not end the
 * walk through a datagram, damaged framing does, in silence; a full receive buffer drops every answer until it was
 * emptied.
 */
final class SimulatedSocket implements Transport {
    /** Longest datagram that a socket sends. */
    private static final int MAX_DATAGRAM = 1 << 20;

    /** What the library reckons an answer to cost in the receive buffer. */
    private static final int ANSWER_COST = 1024;

    /** {@code NLMSG_GOODSIZE}: the least size of one part of a listing. */
    private static final int SMALLEST_PAGE = 3776;

    /** The most that the kernel makes of a client's large receive buffer. */
    private static final int LARGEST_PAGE = 32448;

    /** How long one call waits for an answer; what is to come is there when {@code send} returns. */
    private static final long WAIT_NANOS = 1_000_000;

    private static final byte[] NOTHING_YET = {};

    private final KernelContext kernel;
    private final NetlinkProtocol protocol;
    private final ProtocolHandler handler;
    private final EventChannel events;
    private final int portId;
    private final Deque<byte[]> queue = new ArrayDeque<>();

    /** Replies that the next one is to overtake. */
    private final Deque<byte[]> overtaken = new ArrayDeque<>();

    private int charged;
    private boolean congested;
    private boolean overrun;
    private int largestReceive;
    private @Nullable Dump dump;
    private int dumpSequence;

    /** What somebody else does before the next part of the listing. */
    private @Nullable Runnable duringDump;

    private boolean closed;

    SimulatedSocket(
            KernelContext kernel, NetlinkProtocol protocol, ProtocolHandler handler, EventChannel events, int portId) {
        this.kernel = kernel;
        this.events = events;
        this.protocol = protocol;
        this.handler = handler;
        this.portId = portId;
    }

    @Override
    public int portId() {
        return portId;
    }

    @Override
    public int maxDatagram() {
        return MAX_DATAGRAM;
    }

    @Override
    public int maxPendingAnswers() {
        return Math.max(1, kernel.receiveBuffer() / ANSWER_COST);
    }

    SocketFeatures features() {
        return kernel.features();
    }

    boolean mayAdminister() {
        return kernel.privileged();
    }

    @Override
    public void send(ByteBuf datagram) {
        synchronized (kernel.lock()) {
            requireOpen("send");
            int length = datagram.readableBytes();
            if (length == 0) {
                throw new SocketFailed("send 0 bytes to the simulated kernel: ENODATA", null);
            }
            if (length > MAX_DATAGRAM) {
                throw new SocketFailed("send " + length + " bytes to the simulated kernel: EMSGSIZE", null);
            }
            byte[] bytes = new byte[length];
            datagram.getBytes(datagram.readerIndex(), bytes);
            kernel.exchanges().sent(protocol, portId, bytes);
            if (!kernel.faults(protocol).beforeDatagram()) {
                throw new SocketFailed("send " + length + " bytes to the simulated kernel: ENOBUFS", null);
            }
            walk(bytes);
        }
    }

    private void walk(byte[] datagram) {
        if (!RequestMessage.isAt(datagram, 0)) {
            return;
        }
        RequestMessage first = RequestMessage.at(datagram, 0);
        try {
            handler.admit(new Call(first, this));
        } catch (Refused why) {
            enqueue(Acknowledgement.error(first, portId, features(), why));
            return;
        }
        for (int at = 0; RequestMessage.isAt(datagram, at); ) {
            RequestMessage message = RequestMessage.at(datagram, at);
            execute(message);
            at = message.next();
        }
    }

    private void execute(RequestMessage message) {
        Call call = new Call(message, this);
        try {
            if (message.has(NetlinkNumbers.FLAG_REQUEST) && message.type() >= NetlinkNumbers.FIRST_FAMILY_TYPE) {
                kernel.faults(protocol).beforeRequest();
                handler.execute(call);
            }
        } catch (Refused why) {
            enqueue(Acknowledgement.error(message, portId, features(), why));
            return;
        }
        if (message.has(NetlinkNumbers.FLAG_ACK) && !call.isAnswered()) {
            enqueue(Acknowledgement.success(message, portId, features(), call.warning()));
        }
    }

    /** Needs the capability for the groups of nfnetlink only. */
    @Override
    public void join(int group) {
        synchronized (kernel.lock()) {
            requireOpen("join group " + group);
            if (group < 1) {
                throw new SocketFailed("join multicast group " + group + " of the simulated kernel: EINVAL", null);
            }
            if (protocol == NetlinkProtocol.NETFILTER && !mayAdminister()) {
                throw new SocketFailed("join multicast group " + group + " of the simulated kernel: EPERM", null);
            }
            events.join(this, group);
        }
    }

    /** Queues an event, which is lost if the receive buffer is full. */
    void notify(byte[] event) {
        deliver(event, congested || charged > kernel.receiveBuffer());
    }

    /** Queues an answer for the client, if nothing is to go wrong with it and the receive buffer has room. */
    void enqueue(byte[] answer) {
        enqueue(answer, congested || charged > kernel.receiveBuffer());
    }

    private void enqueue(byte[] answer, boolean full) {
        Faults faults = kernel.faults(protocol);
        Faults.Fate fate = faults.beforeReply();
        int looks = faults.delay();
        if (looks > 0) {
            // An empty place in the queue for each look in vain.
            queue.addAll(Collections.nCopies(looks, NOTHING_YET));
        }
        switch (fate) {
            case DELIVER -> deliver(answer, full);
            case DUPLICATE -> {
                deliver(answer, full);
                deliver(answer, full);
            }
            case OVERTAKEN -> overtaken.add(answer);
            case LOSE -> {
                // Nobody will ever know.
            }
            case OVERRUN -> overrun();
            case FOREIGN_FIRST -> {
                deliver(ForeignReply.withAnotherSequence(answer), full);
                deliver(ForeignReply.withAnotherPortId(answer), full);
                deliver(answer, full);
            }
        }
    }

    private void deliver(byte[] answer, boolean full) {
        if (full) {
            overrun();
        } else {
            charged += cost(answer);
            queue.add(answer);
        }
        if (!overtaken.isEmpty()) {
            deliver(overtaken.remove(), full);
        }
    }

    private void overrun() {
        if (!congested) {
            congested = true;
            overrun = true;
        }
    }

    /** Returns what a queued answer costs: the kernel rounds its buffers up to powers of two. */
    private static int cost(byte[] answer) {
        return 256 + 2 * Integer.highestOneBit(answer.length + 319);
    }

    /** Begins a listing, which keeps the socket busy until it was read to its end. */
    void startDump(Dump newDump, RequestMessage request) {
        if (dump != null) {
            newDump.close();
            throw new Refused(ErrorNumbers.EBUSY);
        }
        dump = newDump;
        dumpSequence = request.sequence();
        Runnable action = kernel.faults(protocol).beginDump();
        continueDump(newDump);
        duringDump = action;
    }

    private void continueDump(Dump current) {
        Runnable action = duringDump;
        duringDump = null;
        if (action != null) {
            action.run();
        }
        int limit = Math.max(SMALLEST_PAGE, Math.min(LARGEST_PAGE, largestReceive));
        Datagram page = new Datagram(dumpSequence, portId, limit);
        Refused failure = null;
        try {
            current.fill(page);
        } catch (Refused why) {
            failure = why;
        }
        // The parts of a listing are made when there is room for them, so they are not dropped with other answers.
        if (page.isEmpty()) {
            current.close();
            dump = null;
            enqueue(Acknowledgement.done(dumpSequence, portId, features(), current.endFlags(), failure), false);
        } else {
            enqueue(page.toBytes(), false);
        }
    }

    @Override
    public Received receive(ByteBuf into) {
        Received received = receiveNow(into);
        if (received == Received.NOTHING) {
            LockSupport.parkNanos(WAIT_NANOS);
        }
        return received;
    }

    @Override
    public Received receiveNow(ByteBuf into) {
        into.clear();
        synchronized (kernel.lock()) {
            requireOpen("receive");
            Received received = take(into);
            if (queue.isEmpty()) {
                congested = false;
            }
            return received;
        }
    }

    private Received take(ByteBuf into) {
        largestReceive = Math.max(largestReceive, into.capacity());
        if (overrun) {
            overrun = false;
            return Received.OVERRUN;
        }
        byte[] answer = queue.isEmpty() ? overtaken.poll() : queue.poll();
        if (answer == null || answer.length == 0) {
            return Received.NOTHING;
        }
        kernel.exchanges().received(protocol, portId, answer);
        charged = Math.max(0, charged - cost(answer));
        // What does not fit is lost, as with a real datagram.
        into.writeBytes(answer, 0, Math.min(answer.length, into.capacity()));
        Dump current = dump;
        if (current != null && charged <= kernel.receiveBuffer() / 2) {
            continueDump(current);
        }
        return Received.DATAGRAM;
    }

    private void requireOpen(String what) {
        if (closed) {
            throw new SocketFailed(what + " on a closed simulated socket: EBADF", null);
        }
    }

    @Override
    public void close() {
        synchronized (kernel.lock()) {
            if (!closed) {
                closed = true;
                Dump current = dump;
                if (current != null) {
                    current.close();
                    dump = null;
                }
                events.leave(this);
                kernel.closed(this);
            }
        }
    }

    /** Says what this socket is and what is left on it. */
    @Override
    public String toString() {
        return "NETLINK_" + protocol + " socket with port id " + portId + " (" + queue.size() + " answers not received"
                + (dump == null ? "" : ", a listing not read to its end") + ")";
    }
}
