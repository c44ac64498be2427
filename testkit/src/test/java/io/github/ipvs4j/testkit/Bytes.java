// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.MessageWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Consumer;

/** Makes, reads and compares datagrams. */
final class Bytes {
    static final int REQUEST = NetlinkNumbers.FLAG_REQUEST;
    static final int ACK = NetlinkNumbers.FLAG_ACK;
    static final int EXCLUSIVE = NetlinkNumbers.FLAG_EXCLUSIVE;
    static final int DUMP = NetlinkNumbers.FLAG_DUMP;

    private Bytes() {}

    /** Returns a datagram that was captured from a real tool or kernel. */
    static byte[] vector(String name) {
        try (InputStream in = Bytes.class.getResourceAsStream("/vectors/" + name + ".hex")) {
            String hex = new String(in.readAllBytes(), StandardCharsets.US_ASCII).replaceAll("\\s", "");
            return HexFormat.of().parseHex(hex);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes one message. */
    static byte[] message(int type, int flags, int sequence, Consumer<MessageWriter> body) {
        ByteBuf bytes = Unpooled.buffer(64);
        MessageWriter out = new MessageWriter(bytes).begin(type, flags, sequence);
        body.accept(out);
        out.end();
        return Arrays.copyOf(bytes.array(), bytes.writerIndex());
    }

    /** Writes one message to the family IPVS. */
    static byte[] ipvs(int command, int flags, int sequence, Consumer<MessageWriter> body) {
        return message(28, flags, sequence, out -> body.accept(out.genericHeader(command, 1)));
    }

    /** Writes one message to ipset, with the version of the protocol. */
    static byte[] ipset(int command, int flags, Consumer<MessageWriter> body) {
        return message(
                6 << 8 | command,
                flags,
                1,
                out -> body.accept(out.netfilterHeader(2, 0, 0).u8(1, 7)));
    }

    /** Puts messages into one datagram. */
    static byte[] join(byte[]... messages) {
        ByteBuf all = Unpooled.buffer();
        for (byte[] message : messages) {
            all.writeBytes(message);
        }
        return Arrays.copyOf(all.array(), all.writerIndex());
    }

    static int type(byte[] message) {
        return HostOrder.u16(message, 4);
    }

    static int flags(byte[] message) {
        return HostOrder.u16(message, 6);
    }

    static int sequence(byte[] message) {
        return HostOrder.i32(message, 8);
    }

    static int error(byte[] message) {
        return -HostOrder.i32(message, 16);
    }

    /** Returns the message that an error or acknowledgement echoes. */
    static byte[] echoed(byte[] error) {
        int length = Math.min(HostOrder.i32(error, 20), error.length - 20);
        return Arrays.copyOfRange(error, 20, 20 + length);
    }

    /** Clears sequence and port id, also those of an echoed header, and makes the type that of any family. */
    static byte[] normalised(byte[] datagram) {
        byte[] copy = datagram.clone();
        HostOrder.i32(copy, 8, 0);
        HostOrder.i32(copy, 12, 0);
        if (type(copy) == NetlinkNumbers.ERROR) {
            HostOrder.i32(copy, 28, 0);
            HostOrder.i32(copy, 32, 0);
        }
        return copy;
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    /** Overwrites bytes that are no part of a comparison. */
    static byte[] blanked(byte[] datagram, int from, int length) {
        byte[] copy = datagram.clone();
        Arrays.fill(copy, from, from + length, (byte) 0);
        return copy;
    }
}
