// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;

/** A kernel that answers each datagram as a test says, through the transport seam. */
final class ScriptedKernel implements Transport.Factory {
    static final int PORT_ID = 77;

    /** What the kernel does with one datagram. */
    interface Script {
        void answer(MessageReader requests, Answers answers);
    }

    private final Deque<Script> scripts = new ArrayDeque<>();
    private final List<Socket> sockets = new ArrayList<>();
    private int maxDatagram = 1 << 20;
    private int maxPending = 1000;
    private OptionalInt memory = OptionalInt.empty();

    ScriptedKernel then(Script script) {
        scripts.add(script);
        return this;
    }

    ScriptedKernel limits(int datagram, int pending) {
        maxDatagram = datagram;
        maxPending = pending;
        return this;
    }

    /** Says that what waits to be received takes so much memory. */
    ScriptedKernel memory(int bytes) {
        memory = OptionalInt.of(bytes);
        return this;
    }

    /** Acknowledges every request that asks for it. */
    static void obey(MessageReader requests, Answers answers) {
        while (requests.next()) {
            if ((requests.flags() & MessageFlags.ACK) != 0) {
                answers.error(requests.sequence(), 0);
            }
        }
    }

    int opened() {
        return sockets.size();
    }

    long stillOpen() {
        return sockets.stream().filter(socket -> !socket.closed).count();
    }

    List<Integer> datagramSizes() {
        return sockets.stream().flatMap(socket -> socket.sizes.stream()).toList();
    }

    @Override
    public Transport open(NetlinkProtocol protocol) {
        Socket socket = new Socket();
        sockets.add(socket);
        return socket;
    }

    /** What waits in the receive queue of one socket: datagrams, and places where answers were dropped. */
    static final class Answers {
        private final Deque<Object> queue = new ArrayDeque<>();

        private int chatter;
        private boolean chatting;

        void overrun() {
            queue.add(Received.OVERRUN);
        }

        /** The next receive call fails. */
        void breakDown() {
            queue.add(Received.BROKEN);
        }

        /** Sends messages of one sequence number without end. */
        void chatterAbout(int sequence) {
            chatter = sequence;
            chatting = true;
        }

        private enum Received {
            OVERRUN,
            BROKEN
        }

        void error(int sequence, int error) {
            message(NetlinkHeader.TYPE_ERROR, MessageFlags.CAPPED, sequence, PORT_ID, error);
        }

        /** An error with the whole request sent back, as the kernel does where it is told to, and ipset always. */
        void errorWithEcho(int sequence, int error, ByteBuf echo) {
            ByteBuf bytes = Unpooled.buffer();
            new MessageWriter(bytes)
                    .begin(NetlinkHeader.TYPE_ERROR, 0, sequence)
                    .headerU32(error)
                    .end();
            bytes.writeBytes(echo);
            HostOrder.i32(bytes, NetlinkHeader.LENGTH, bytes.writerIndex());
            HostOrder.i32(bytes, NetlinkHeader.PORT_ID, PORT_ID);
            raw(bytes);
        }

        void done(int sequence, int flags) {
            message(NetlinkHeader.TYPE_DONE, MessageFlags.MULTI | flags, sequence, PORT_ID, 0);
        }

        void object(int sequence, int flags, int value) {
            message(100, flags, sequence, PORT_ID, value);
        }

        void message(int type, int flags, int sequence, int portId, int value) {
            ByteBuf bytes = Unpooled.buffer();
            MessageWriter out =
                    new MessageWriter(bytes).begin(type, flags, sequence).headerU32(value);
            if (type == NetlinkHeader.TYPE_ERROR) {
                out.headerU32(NetlinkHeader.SIZE)
                        .headerU32(0)
                        .headerU32(sequence)
                        .headerU32(0);
            }
            out.end();
            HostOrder.i32(bytes, NetlinkHeader.PORT_ID, portId);
            raw(bytes);
        }

        void raw(ByteBuf datagram) {
            queue.add(datagram);
        }
    }

    private final class Socket implements Transport {
        private final Answers answers = new Answers();
        private final List<Integer> sizes = new ArrayList<>();
        private boolean closed;

        @Override
        public int portId() {
            return PORT_ID;
        }

        @Override
        public int maxDatagram() {
            return maxDatagram;
        }

        @Override
        public int maxPendingAnswers() {
            return maxPending;
        }

        @Override
        public void send(ByteBuf datagram) {
            sizes.add(datagram.readableBytes());
            Script script = scripts.isEmpty() ? ScriptedKernel::obey : scripts.remove();
            script.answer(new MessageReader().over(Unpooled.copiedBuffer(datagram)), answers);
        }

        @Override
        public Received receive(ByteBuf into) {
            if (answers.chatting) {
                answers.object(answers.chatter, 0, 0);
            }
            Object next = answers.queue.poll();
            if (next == Answers.Received.BROKEN) {
                throw new SocketFailed("receive: broken on purpose", null);
            }
            if (next == null) {
                return Received.NOTHING;
            }
            if (next instanceof ByteBuf datagram) {
                into.clear().writeBytes(datagram);
                return Received.DATAGRAM;
            }
            return Received.OVERRUN;
        }

        @Override
        public OptionalInt waitingMemory() {
            return answers.queue.isEmpty() ? OptionalInt.of(0) : memory;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
