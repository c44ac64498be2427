// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.netlink.MessageReader;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.netlink.Transport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Sends bytes to one kernel and turns what it answers into text that can be compared. */
final class Conversation implements AutoCloseable {
    private static final int HEADER = 16;
    private static final int FAMILY_HEADER = 4;
    private static final int ATTRIBUTE_HEADER = 4;
    private static final int END = 0x7fff_0000;
    private static final int MESSAGE = 1;
    private static final int POLICY = 4;

    private final Transport transport;
    private final ByteBuf in = Unpooled.directBuffer(128 << 10, 128 << 10);
    private final MessageReader reader = new MessageReader();

    private final Set<Integer> chance;

    /**
     * Opens a socket.
     *
     * @param chance attributes behind a header of four bytes whose values are not compared
     */
    Conversation(Transport.Factory factory, NetlinkProtocol protocol, Set<Integer> chance) {
        transport = factory.open(protocol);
        this.chance = chance;
    }

    /**
     * Sends a datagram, then an acknowledged one that nobody executes, and returns the answers up to the latter's.
     *
     * @param datagram stays the caller's
     */
    List<String> ask(ByteBuf datagram) {
        return ask(datagram, Set.of());
    }

    /**
     * Sends a datagram, then an acknowledged one that nobody executes, and returns the answers up to the latter's.
     *
     * @param datagram stays the caller's
     * @param silent sequence numbers of requests whose acknowledgements are left out
     */
    List<String> ask(ByteBuf datagram, Set<Integer> silent) {
        transport.send(datagram);
        ByteBuf end = Messages.message(1, 0x5, END, out -> {});
        transport.send(end);
        end.release();
        List<String> answers = new ArrayList<>();
        while (transport.receive(in) == Transport.Received.DATAGRAM) {
            reader.over(in);
            int start = 0;
            while (reader.next()) {
                if (reader.sequence() == END) {
                    return answers;
                }
                if (!silent.contains(reader.sequence()) || !isAcknowledgement()) {
                    answers.add(text(start));
                }
                start += reader.length() + 3 & ~3;
            }
        }
        throw new AssertionError("no end after " + answers);
    }

    private boolean isAcknowledgement() {
        return reader.type() == Messages.ERROR && reader.headerU32(0) == 0;
    }

    /** Returns errors as a whole, but for the description of the policy; other messages from behind their type. */
    private String text(int start) {
        int length = reader.length();
        if (reader.type() == Messages.ERROR) {
            int flags = reader.flags();
            int echoed = (flags & Messages.CAPPED) != 0 ? HEADER : reader.headerU32(4);
            // All but the type, which a generic family has by chance.
            int from = start + HEADER + 4;
            String echo = ByteBufUtil.hexDump(in, from, 4)
                    + ByteBufUtil.hexDump(in, from + 6, Math.min(echoed, length - HEADER - 4) - 6);
            return reader.sequence() + " error " + -reader.headerU32(0) + " flags "
                    + Integer.toHexString(flags & ~Messages.ACK_ATTRIBUTES) + " echo " + echo
                    + explanation(start, HEADER + 4 + (echoed + 3 & ~3));
        }
        blank(start + HEADER + FAMILY_HEADER, start + length);
        return reader.sequence() + " flags " + Integer.toHexString(reader.flags()) + " "
                + ByteBufUtil.hexDump(in, start + HEADER, length - HEADER);
    }

    /** Returns the extended acknowledgement but for the description of the policy. */
    private String explanation(int start, int from) {
        int length = reader.length();
        if ((reader.flags() & Messages.ACK_ATTRIBUTES) == 0 || from >= length) {
            return "";
        }
        byte[] bytes = new byte[length - from];
        in.getBytes(start + from, bytes);
        return Attribute.of(bytes, 0).stream()
                .filter(attribute -> attribute.type() != POLICY)
                .map(attribute -> attribute.type() == MESSAGE
                        ? " \"" + new String(attribute.payload(), StandardCharsets.UTF_8).strip() + '"'
                        : " " + attribute)
                .collect(Collectors.joining());
    }

    /**
     * Asks for a listing.
     *
     * @param request acknowledged or a dump
     * @return what stands behind the header of each answer, up to the end of the listing or the acknowledgement
     */
    List<byte[]> list(ByteBuf request) {
        transport.send(request);
        request.release();
        List<byte[]> answers = new ArrayList<>();
        while (transport.receive(in) == Transport.Received.DATAGRAM) {
            reader.over(in);
            int start = 0;
            while (reader.next()) {
                if (reader.type() == Messages.DONE || reader.type() == Messages.ERROR) {
                    assertThat(reader.headerU32(0)).as("error of a listing").isZero();
                    return answers;
                }
                byte[] answer = new byte[reader.length() - HEADER];
                in.getBytes(start + HEADER, answer);
                answers.add(answer);
                start += reader.length() + 3 & ~3;
            }
        }
        throw new AssertionError("no end after " + answers.size() + " answers");
    }

    /** Overwrites the values that a kernel chooses by chance. */
    private void blank(int from, int to) {
        for (int at = from; at + ATTRIBUTE_HEADER <= to && !chance.isEmpty(); ) {
            int length = Math.max(ATTRIBUTE_HEADER, in.getUnsignedShortLE(at));
            if (chance.contains(in.getUnsignedShortLE(at + 2) & 0x3fff)) {
                in.setZero(at + ATTRIBUTE_HEADER, length - ATTRIBUTE_HEADER);
            }
            at += length + 3 & ~3;
        }
    }

    @Override
    public void close() {
        transport.close();
        in.release();
    }
}
