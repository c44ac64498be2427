// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import com.sun.jna.LastErrorException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.OptionalInt;

/**
 * A netlink socket of the running kernel. It is connected to the kernel, so that the kernel itself refuses datagrams
 * from other processes.
 */
final class NetlinkSocket implements Transport {
    /** What an answer without echo costs in the receive buffer; 896 bytes were seen on kernel 7.2. */
    private static final int ANSWER_COST = 1024;

    /** What the kernel keeps of the send buffer for itself. */
    private static final int SEND_RESERVE = 32;

    /**
     * Longest datagram that is sent: some 800 requests of IPVS, or two full messages of ipset. Longer ones save hardly
     * any time in system calls, and both sides touch more fresh memory for them, which costs more than the requests.
     */
    private static final int LONGEST_DATAGRAM = 128 << 10;

    /** How long one receive call waits; answers are there when send returns, so this only guards against silence. */
    private static final int PATIENCE_MILLIS = 20;

    private final SocketDescriptor descriptor;
    private final PairReceiver pair;
    private final int portId;
    private final int maxDatagram;
    private final int maxPendingAnswers;
    private boolean tellsMemory = true;

    private NetlinkSocket(SocketDescriptor descriptor, int portId, SocketSettings settings) {
        this.descriptor = descriptor;
        this.portId = portId;
        int sendBuffer = buffer(SocketOptions.SO_SNDBUFFORCE, SocketOptions.SO_SNDBUF, settings.sendBuffer());
        int receiveBuffer = buffer(SocketOptions.SO_RCVBUFFORCE, SocketOptions.SO_RCVBUF, settings.receiveBuffer());
        this.maxDatagram = Math.min(LONGEST_DATAGRAM, sendBuffer - SEND_RESERVE);
        this.maxPendingAnswers = Math.max(1, receiveBuffer / ANSWER_COST);
        optional(SocketOptions.NETLINK_EXT_ACK);
        optional(SocketOptions.NETLINK_CAP_ACK);
        optional(SocketOptions.NETLINK_GET_STRICT_CHK);
        if (!settings.overrunReports()) {
            descriptor.set(SocketOptions.SOL_NETLINK, SocketOptions.NETLINK_NO_ENOBUFS, 1);
        }
        this.pair = new PairReceiver();
    }

    /** Opens a socket in the network namespace of the calling thread. */
    static Transport open(String what, int protocol, SocketSettings settings) {
        SocketDescriptor descriptor;
        try {
            descriptor = SocketDescriptor.open(protocol);
        } catch (LastErrorException e) {
            throw failed(what, "socket", e);
        }
        String call = "bind or connect";
        try {
            int portId = connected(descriptor.number());
            call = "setsockopt";
            return new NetlinkSocket(descriptor, portId, settings);
        } catch (LastErrorException e) {
            closeAfter(descriptor, e);
            throw failed(what, call, e);
        }
    }

    /** Binds a socket and connects it to the kernel; returns the port id that the kernel chose. */
    private static int connected(int number) throws LastErrorException {
        byte[] address = new byte[SocketAddressLayout.SIZE];
        HostOrder.u16(Unpooled.wrappedBuffer(address), SocketAddressLayout.FAMILY, LibC.AF_NETLINK);
        LibC.bind(number, address, address.length);
        LibC.connect(number, address, address.length);
        LibC.getsockname(number, address, new int[] {address.length});
        return HostOrder.i32(Unpooled.wrappedBuffer(address), SocketAddressLayout.PORT_ID);
    }

    private static SocketFailed failed(String what, String call, LastErrorException e) {
        Errno errno = new Errno(e.getErrorCode());
        String remedy = errno.name().equals("EPROTONOSUPPORT")
                ? "this kernel was built without the protocol, or its module is not loaded"
                : errno.meaning();
        return new SocketFailed(what + ": " + call + ": " + errno + ": " + remedy, e);
    }

    private static void closeAfter(SocketDescriptor descriptor, Exception failure) {
        try {
            descriptor.close();
        } catch (LastErrorException e) {
            failure.addSuppressed(e);
        }
    }

    /** Enlarges a buffer beyond the system's limit where the capability for it is there, else up to the limit. */
    private int buffer(int forcing, int plain, int bytes) {
        try {
            descriptor.set(SocketOptions.SOL_SOCKET, forcing, bytes);
        } catch (LastErrorException notPermitted) {
            descriptor.set(SocketOptions.SOL_SOCKET, plain, bytes);
        }
        return descriptor.get(SocketOptions.SOL_SOCKET, plain);
    }

    /** Switches on what older kernels lack and nothing depends on: better errors, shorter errors, filtered listings. */
    private void optional(int option) {
        try {
            descriptor.set(SocketOptions.SOL_NETLINK, option, 1);
        } catch (LastErrorException ignored) {
            // ENOPROTOOPT; a socket that is broken will say so at the next call.
        }
    }

    @Override
    public int portId() {
        return portId;
    }

    @Override
    public int maxDatagram() {
        return maxDatagram;
    }

    @Override
    public int maxPendingAnswers() {
        return maxPendingAnswers;
    }

    @Override
    public void send(ByteBuf datagram) {
        int length = datagram.readableBytes();
        long sent;
        do {
            sent = LibC.send(descriptor.number(), datagram.memoryAddress() + datagram.readerIndex(), length, 0);
            // EINTR: a signal came before anything was sent.
        } while (sent < 0 && LibC.lastError() == LibC.EINTR);
        if (sent != length) {
            String problem = sent < 0 ? refusal(LibC.lastError()) : "only " + sent + " were taken";
            throw new SocketFailed("send " + length + " bytes to the kernel: " + problem, null);
        }
    }

    private static String refusal(int number) {
        return number == LibC.ENOBUFS
                ? "ENOBUFS: the kernel has no memory for a datagram of that length"
                : said(number);
    }

    private static String said(int number) {
        Errno errno = new Errno(number);
        return errno + ": " + errno.meaning();
    }

    @Override
    public Received receive(ByteBuf into) {
        Received received = receivePair(into);
        return received == Received.NOTHING && awaitInput() ? receivePair(into) : received;
    }

    private Received receivePair(ByteBuf into) {
        if (pair.takeKept(into)) {
            return Received.DATAGRAM;
        }
        int error = pair.receive(descriptor.number(), into);
        return error == 0 ? Received.DATAGRAM : met(error);
    }

    private static Received met(int error) {
        return switch (error) {
            case LibC.EAGAIN, LibC.EINTR -> Received.NOTHING;
            case LibC.ENOBUFS -> Received.OVERRUN;
            default -> throw new SocketFailed("receive from the kernel: " + said(error), null);
        };
    }

    @Override
    public Received receiveNow(ByteBuf into) {
        if (pair.takeKept(into)) {
            return Received.DATAGRAM;
        }
        into.clear();
        long received = LibC.recv(descriptor.number(), into.memoryAddress(), into.capacity(), LibC.MSG_DONTWAIT);
        if (received < 0) {
            return met(LibC.lastError());
        }
        into.writerIndex((int) received);
        return received > 0 ? Received.DATAGRAM : Received.NOTHING;
    }

    @Override
    public OptionalInt waitingMemory() {
        if (!tellsMemory) {
            return OptionalInt.empty();
        }
        try {
            return OptionalInt.of(descriptor.get(SocketOptions.SOL_SOCKET, SocketOptions.SO_MEMINFO));
        } catch (LastErrorException ignored) {
            // ENOPROTOOPT; a socket that is broken will say so at the next call.
            tellsMemory = false;
            return OptionalInt.empty();
        }
    }

    private boolean awaitInput() {
        try {
            return LibC.poll(PollLayout.forInput(descriptor.number()), 1, PATIENCE_MILLIS) > 0;
        } catch (LastErrorException e) {
            if (e.getErrorCode() == LibC.EINTR) {
                return false;
            }
            throw failed("wait for the kernel", "poll", e);
        }
    }

    @Override
    public OptionalInt descriptor() {
        return OptionalInt.of(descriptor.number());
    }

    @Override
    public void join(int group) {
        try {
            descriptor.set(SocketOptions.SOL_NETLINK, SocketOptions.NETLINK_ADD_MEMBERSHIP, group);
        } catch (LastErrorException e) {
            String remedy = e.getErrorCode() == Errno.EPERM.number()
                    ? "; the groups of NETLINK_NETFILTER need CAP_NET_ADMIN"
                    : "";
            throw new SocketFailed("join multicast group " + group + ": " + said(e.getErrorCode()) + remedy, e);
        }
    }

    @Override
    public void close() {
        try {
            pair.close();
        } finally {
            closeSocket();
        }
    }

    private void closeSocket() {
        try {
            descriptor.close();
        } catch (LastErrorException e) {
            throw failed("close netlink socket", "close", e);
        }
    }
}
