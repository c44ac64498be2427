// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import io.github.ipvs4j.netlink.GenericRequest;
import io.github.ipvs4j.netlink.MessageReader;
import io.github.ipvs4j.netlink.MessageWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.function.IntPredicate;

/** Bytes for tests: captured vectors, and what a request writes. The vectors are those of a little-endian machine. */
final class Bytes {
    static final int FAMILY = 28;
    static final int HEADER = 20;
    static final int SEQUENCE = 8;
    static final int PORT_ID = 12;

    private static final int ATTRIBUTE = 4;
    private static final int TYPE_MASK = 0x3fff;

    private Bytes() {}

    /** Returns a captured datagram by its name in the index, for example {@code ipvs-get-services.req}. */
    static ByteBuf vector(String name) {
        try (InputStream in = Bytes.class.getResourceAsStream("/vectors/" + name + ".hex")) {
            String text = new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.US_ASCII);
            return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(text.replace("\n", "")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the request that a captured error answer echoes. */
    static ByteBuf echoed(String name) {
        ByteBuf answer = vector(name);
        return answer.slice(HEADER, answer.readableBytes() - HEADER);
    }

    /** Returns a reader that stands on the first message. */
    static MessageReader message(ByteBuf datagram) {
        MessageReader reader = new MessageReader().over(datagram);
        if (!reader.next()) {
            throw new AssertionError("no message in " + ByteBufUtil.hexDump(datagram));
        }
        return reader;
    }

    static MessageReader written(GenericRequest request) {
        return message(bytes(request, 0, 0, 0));
    }

    /** Writes a request under the flags, sequence number and port id of a captured one, and returns it in hex. */
    static String writtenLike(ByteBuf captured, GenericRequest request) {
        MessageReader like = message(captured);
        return ByteBufUtil.hexDump(bytes(request, like.flags(), like.sequence(), like.portId()));
    }

    private static ByteBuf bytes(GenericRequest request, int flags, int sequence, int portId) {
        ByteBuf bytes = Unpooled.buffer();
        MessageWriter writer = new MessageWriter(bytes)
                .begin(FAMILY, flags, sequence)
                .genericHeader(request.command(), IpvsCommands.VERSION);
        request.write(writer);
        writer.end();
        return bytes.setIntLE(PORT_ID, portId);
    }

    /** Takes attributes out of the nests at the top of a message, and returns what is left in hex. */
    static String without(ByteBuf message, IntPredicate service, IntPredicate destination) {
        ByteBuf out = Unpooled.buffer().writeBytes(message, 0, HEADER);
        for (int at = HEADER; at < message.writerIndex(); at += padded(message, at)) {
            int start = out.writerIndex();
            out.writeBytes(message, at, ATTRIBUTE);
            boolean isService = (message.getUnsignedShortLE(at + 2) & TYPE_MASK) == IpvsCommands.SERVICE;
            copyWithout(message, at, out, isService ? service : destination);
            out.setShortLE(start, out.writerIndex() - start);
        }
        return ByteBufUtil.hexDump(out.setIntLE(0, out.writerIndex()));
    }

    private static void copyWithout(ByteBuf message, int nest, ByteBuf out, IntPredicate unwanted) {
        int end = nest + message.getUnsignedShortLE(nest);
        for (int at = nest + ATTRIBUTE; at < end; at += padded(message, at)) {
            if (!unwanted.test(message.getUnsignedShortLE(at + 2) & TYPE_MASK)) {
                out.writeBytes(message, at, padded(message, at));
            }
        }
    }

    private static int padded(ByteBuf message, int attribute) {
        return message.getUnsignedShortLE(attribute) + 3 & ~3;
    }
}
