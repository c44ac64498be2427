// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import com.sun.jna.LastErrorException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelException;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.util.OptionalInt;

/**
 * A netlink socket of the running kernel: JNA makes, binds and connects it, Netty's native transport moves the bytes.
 *
 * <p>It is connected to the kernel, so that the kernel itself refuses datagrams from other processes.
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

    private final Socket socket;
    private final PairReceiver pair;
    private final int portId;
    private final int maxDatagram;
    private final int maxPendingAnswers;
    private boolean tellsMemory = true;

    private NetlinkSocket(Socket socket, int portId, SocketSettings settings) throws IOException {
        this.socket = socket;
        this.portId = portId;
        int sendBuffer = buffer(SocketOptions.SO_SNDBUFFORCE, SocketOptions.SO_SNDBUF, settings.sendBuffer());
        int receiveBuffer = buffer(SocketOptions.SO_RCVBUFFORCE, SocketOptions.SO_RCVBUF, settings.receiveBuffer());
        this.maxDatagram = Math.min(LONGEST_DATAGRAM, sendBuffer - SEND_RESERVE);
        this.maxPendingAnswers = Math.max(1, receiveBuffer / ANSWER_COST);
        optional(SocketOptions.NETLINK_EXT_ACK);
        optional(SocketOptions.NETLINK_CAP_ACK);
        optional(SocketOptions.NETLINK_GET_STRICT_CHK);
        if (!settings.overrunReports()) {
            socket.setIntOpt(SocketOptions.SOL_NETLINK, SocketOptions.NETLINK_NO_ENOBUFS, 1);
        }
        this.pair = new PairReceiver();
    }

    /** Opens a socket in the network namespace of the calling thread. */
    static Transport open(String what, int protocol, SocketSettings settings) {
        int descriptor;
        try {
            descriptor = LibC.socket(LibC.AF_NETLINK, LibC.SOCK_RAW | LibC.SOCK_CLOEXEC | LibC.SOCK_NONBLOCK, protocol);
        } catch (LastErrorException e) {
            throw failed(what, "socket", e);
        }
        Socket socket = new Socket(descriptor);
        try {
            byte[] address = new byte[SocketAddressLayout.SIZE];
            HostOrder.u16(Unpooled.wrappedBuffer(address), SocketAddressLayout.FAMILY, LibC.AF_NETLINK);
            LibC.bind(descriptor, address, address.length);
            LibC.connect(descriptor, address, address.length);
            LibC.getsockname(descriptor, address, new int[] {address.length});
            int portId = HostOrder.i32(Unpooled.wrappedBuffer(address), SocketAddressLayout.PORT_ID);
            return new NetlinkSocket(socket, portId, settings);
        } catch (LastErrorException e) {
            closeAfter(socket, e);
            throw failed(what, "bind or connect", e);
        } catch (IOException | ChannelException e) {
            closeAfter(socket, e);
            throw new SocketFailed(what + ": setsockopt: " + e.getMessage(), e);
        }
    }

    private static SocketFailed failed(String what, String call, LastErrorException e) {
        Errno errno = new Errno(e.getErrorCode());
        String remedy = errno.name().equals("EPROTONOSUPPORT")
                ? "this kernel was built without the protocol, or its module is not loaded"
                : errno.meaning();
        return new SocketFailed(what + ": " + call + ": " + errno + ": " + remedy, e);
    }

    private static void closeAfter(Socket socket, Exception failure) {
        try {
            socket.close();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /** Enlarges a buffer beyond the system's limit where the capability for it is there, else up to the limit. */
    private int buffer(int forcing, int plain, int bytes) throws IOException {
        try {
            socket.setIntOpt(SocketOptions.SOL_SOCKET, forcing, bytes);
        } catch (ChannelException notPermitted) {
            socket.setIntOpt(SocketOptions.SOL_SOCKET, plain, bytes);
        }
        return socket.getIntOpt(SocketOptions.SOL_SOCKET, plain);
    }

    /** Switches on what older kernels lack and nothing depends on: better errors, shorter errors, filtered listings. */
    private void optional(int option) throws IOException {
        try {
            socket.setIntOpt(SocketOptions.SOL_NETLINK, option, 1);
        } catch (ChannelException ignored) {
            // ENOPROTOOPT; Netty tells no number here, and a socket that is broken will say so at the next call.
        }
    }

    private static boolean isErrno(NativeIoException e, String name) {
        return new Errno(Math.max(1, -e.expectedErr())).name().equals(name);
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
        try {
            int sent = socket.writeAddress(datagram.memoryAddress(), datagram.readerIndex(), datagram.writerIndex());
            if (sent != datagram.readableBytes()) {
                throw new SocketFailed(
                        "send " + datagram.readableBytes() + " bytes to the kernel: only " + sent + " were taken",
                        null);
            }
        } catch (IOException e) {
            throw new SocketFailed("send " + datagram.readableBytes() + " bytes to the kernel: " + e.getMessage(), e);
        }
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
        int number = pair.receive(socket.intValue(), into);
        if (number == 0) {
            return Received.DATAGRAM;
        }
        Errno errno = new Errno(number);
        return switch (errno.name()) {
            case "EAGAIN", "EINTR" -> Received.NOTHING;
            case "ENOBUFS" -> Received.OVERRUN;
            default -> throw new SocketFailed("receive from the kernel: " + errno + ": " + errno.meaning(), null);
        };
    }

    @Override
    public Received receiveNow(ByteBuf into) {
        if (pair.takeKept(into)) {
            return Received.DATAGRAM;
        }
        into.clear();
        try {
            int received = socket.readAddress(into.memoryAddress(), 0, into.capacity());
            into.writerIndex(Math.max(0, received));
            return received > 0 ? Received.DATAGRAM : Received.NOTHING;
        } catch (NativeIoException e) {
            if (isErrno(e, "ENOBUFS")) {
                return Received.OVERRUN;
            }
            throw new SocketFailed("receive from the kernel: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new SocketFailed("receive from the kernel: " + e.getMessage(), e);
        }
    }

    @Override
    public OptionalInt waitingMemory() {
        if (!tellsMemory) {
            return OptionalInt.empty();
        }
        try {
            return OptionalInt.of(socket.getIntOpt(SocketOptions.SOL_SOCKET, SocketOptions.SO_MEMINFO));
        } catch (IOException | ChannelException ignored) {
            // ENOPROTOOPT; a socket that is broken will say so at the next call.
            tellsMemory = false;
            return OptionalInt.empty();
        }
    }

    private boolean awaitInput() {
        try {
            return LibC.poll(PollLayout.forInput(socket.intValue()), 1, PATIENCE_MILLIS) > 0;
        } catch (LastErrorException e) {
            if (new Errno(e.getErrorCode()).name().equals("EINTR")) {
                return false;
            }
            throw failed("wait for the kernel", "poll", e);
        }
    }

    @Override
    public OptionalInt descriptor() {
        return OptionalInt.of(socket.intValue());
    }

    @Override
    public void join(int group) {
        try {
            socket.setIntOpt(SocketOptions.SOL_NETLINK, SocketOptions.NETLINK_ADD_MEMBERSHIP, group);
        } catch (IOException | ChannelException e) {
            // Netty tells no number here; the groups of netfilter are the only ones here that need a capability.
            throw new SocketFailed(
                    "join multicast group " + group + ": " + e.getMessage()
                            + "; the groups of NETLINK_NETFILTER need CAP_NET_ADMIN",
                    e);
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
            socket.close();
        } catch (IOException e) {
            throw new SocketFailed("close netlink socket: " + e.getMessage(), e);
        }
    }
}
