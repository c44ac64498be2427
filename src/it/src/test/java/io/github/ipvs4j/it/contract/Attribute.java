// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.contract;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * An attribute of an answer, as its bytes.
 *
 * @param type without the flags
 * @param raw header and payload, without padding
 */
record Attribute(int type, byte[] raw) {
    private static final int HEADER = 4;
    private static final int TYPE_MASK = 0x3fff;

    /** Takes attributes apart that reach to the end of an array. */
    static List<Attribute> of(byte[] bytes, int from) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        List<Attribute> all = new ArrayList<>();
        for (int at = from; at + HEADER <= bytes.length; ) {
            int length = Math.max(HEADER, Short.toUnsignedInt(in.getShort(at)));
            all.add(new Attribute(in.getShort(at + 2) & TYPE_MASK, Arrays.copyOfRange(bytes, at, at + length)));
            at += length + 3 & ~3;
        }
        return all;
    }

    /** Takes a nest apart. */
    List<Attribute> nested() {
        return of(raw, HEADER);
    }

    byte[] payload() {
        return Arrays.copyOfRange(raw, HEADER, raw.length);
    }

    /** Returns it in hexadecimal digits. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(raw);
    }
}
