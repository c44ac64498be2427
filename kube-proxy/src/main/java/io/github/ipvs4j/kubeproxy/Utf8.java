// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** Turns the bytes of a file into text. */
final class Utf8 {
    private Utf8() {}

    /**
     * Decodes a file; a byte order mark at its beginning is left out.
     *
     * @param file its name, for the message
     * @param bytes what is in it
     * @return the text
     * @throws UnreadableManifest if it is not UTF-8
     */
    static String decode(String file, byte[] bytes) throws UnreadableManifest {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        out.flip();
        String text = out.toString();
        if (result.isError()) {
            throw new UnreadableManifest(
                    Place.at(file, text, text.length()),
                    String.format(
                            "not UTF-8: the byte 0x%02x; save the file as UTF-8",
                            Byte.toUnsignedInt(bytes[in.position()])));
        }
        return text.startsWith("\ufeff") ? text.substring(1) : text;
    }
}
