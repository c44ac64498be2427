// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.netlink.MessageReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Collectors;

/** Captured datagrams among the test resources. */
final class Hex {
    private Hex() {}

    /** Reads a capture of the project's common vectors, by the name that its index gives it. */
    static byte[] vector(String name) {
        return read("/vectors/ipset-" + name + ".hex");
    }

    /** Reads a capture of our own; its first line says of what. */
    static byte[] golden(String name) {
        return read("/golden/ipset/" + name + ".hex");
    }

    private static byte[] read(String path) {
        try (InputStream in = Hex.class.getResourceAsStream(path)) {
            assertThat(in).as(path).isNotNull();
            String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            return HexFormat.of()
                    .parseHex(text.lines().filter(line -> !line.startsWith("#")).collect(Collectors.joining()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sets a reader on the first message of a datagram. */
    static MessageReader first(byte[] datagram) {
        ByteBuf bytes = Unpooled.wrappedBuffer(datagram);
        MessageReader reader = new MessageReader().over(bytes);
        assertThat(reader.next()).isTrue();
        return reader;
    }

    /** Cuts the request out of the error message that echoes it; its header begins after 16 + 4 bytes. */
    static byte[] echoedRequest(byte[] error) {
        return Arrays.copyOfRange(error, 20, error.length);
    }
}
