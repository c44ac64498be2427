// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Bytes for tests: captured vectors, and what a request writes. */
final class Bytes {
    private Bytes() {}

    /** Returns a captured datagram by its name in the index, for example {@code nl-ack-ok.rsp}. */
    static ByteBuf vector(String name) {
        try (InputStream in = Bytes.class.getResourceAsStream("/vectors/" + name + ".hex")) {
            String text = new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.US_ASCII);
            return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(text.replace("\n", "")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns a reader that stands on the first message of a captured datagram. */
    static MessageReader firstMessage(String vector) {
        MessageReader reader = new MessageReader().over(vector(vector));
        if (!reader.next()) {
            throw new AssertionError(vector + " holds no message");
        }
        return reader;
    }

    /** Returns what a request looks like on the wire, in hex. */
    static String written(Request request, int flags, int sequence, int portId) {
        ByteBuf bytes = Unpooled.buffer();
        MessageWriter writer = new MessageWriter(bytes);
        writer.begin(request.type(), MessageFlags.REQUEST | request.flags() | flags, sequence);
        request.write(writer);
        writer.end();
        HostOrder.i32(bytes, NetlinkHeader.PORT_ID, portId);
        return ByteBufUtil.hexDump(bytes);
    }

    /** Returns a reader that stands on what a request looks like on the wire. */
    static MessageReader message(Request request, int flags) {
        MessageReader reader = new MessageReader()
                .over(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(written(request, flags, 0, 0))));
        reader.next();
        return reader;
    }

    /** Writes a request with the sequence number and port id of a captured one. */
    static String writtenLike(String vector, Request request, int flags) {
        MessageReader captured = firstMessage(vector);
        return written(request, flags, captured.sequence(), captured.portId());
    }

    /** Returns the first message of a captured datagram, in hex, without what trails it. */
    static String hexOfFirstMessage(String vector) {
        return ByteBufUtil.hexDump(vector(vector), 0, firstMessage(vector).length());
    }
}
