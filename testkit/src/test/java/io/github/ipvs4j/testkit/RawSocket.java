// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.netlink.Transport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/** A client that sends and receives bytes as they are. */
final class RawSocket implements AutoCloseable {
    static final int LARGE = 128 << 10;

    private final Transport transport;
    private final ByteBuf in;

    RawSocket(SimulatedKernel kernel, NetlinkProtocol protocol) {
        this(kernel, protocol, LARGE);
    }

    RawSocket(SimulatedKernel kernel, NetlinkProtocol protocol, int receiveBuffer) {
        this.transport = kernel.transports().open(protocol);
        this.in = Unpooled.buffer(receiveBuffer, receiveBuffer);
    }

    int portId() {
        return transport.portId();
    }

    void join(int group) {
        transport.join(group);
    }

    void send(byte[] datagram) {
        transport.send(Unpooled.wrappedBuffer(datagram));
    }

    Transport.Received receive() {
        return transport.receive(in);
    }

    /** Returns what the last receive delivered. */
    byte[] received() {
        byte[] bytes = new byte[in.readableBytes()];
        in.getBytes(0, bytes);
        return bytes;
    }

    /** Sends a datagram and returns everything that comes back. */
    List<byte[]> ask(byte[] datagram) {
        send(datagram);
        return rest();
    }

    /** Returns everything that is still to be received. */
    List<byte[]> rest() {
        List<byte[]> answers = new ArrayList<>();
        while (receive() == Transport.Received.DATAGRAM) {
            answers.add(received());
        }
        return answers;
    }

    /** Sends a datagram and returns the errors in what comes back; 0 is an acknowledgement, messages are left out. */
    List<Integer> errorsOf(byte[] datagram) {
        List<Integer> errors = new ArrayList<>();
        for (byte[] answer : ask(datagram)) {
            if (Bytes.type(answer) == NetlinkNumbers.ERROR || Bytes.type(answer) == NetlinkNumbers.DONE) {
                errors.add(-HostOrder.i32(answer, 16));
            }
        }
        return errors;
    }

    @Override
    public void close() {
        transport.close();
    }
}
