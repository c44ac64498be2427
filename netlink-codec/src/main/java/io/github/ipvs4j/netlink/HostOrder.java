// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import io.netty.buffer.ByteBuf;
import java.nio.ByteOrder;

/** Reads and writes integers in the byte order of the machine, in which netlink keeps its own fields. */
final class HostOrder {
    private static final boolean LITTLE = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    private HostOrder() {}

    static int u16(ByteBuf bytes, int index) {
        return LITTLE ? bytes.getUnsignedShortLE(index) : bytes.getUnsignedShort(index);
    }

    /** Returns the 16 bits that stand in front in 32 bits which were read at once, as an unsigned number. */
    static int first16(int bits) {
        return LITTLE ? bits & 0xffff : bits >>> Short.SIZE;
    }

    /** Returns the 16 bits that stand behind in 32 bits which were read at once, as an unsigned number. */
    static int second16(int bits) {
        return LITTLE ? bits >>> Short.SIZE : bits & 0xffff;
    }

    static int i32(ByteBuf bytes, int index) {
        return LITTLE ? bytes.getIntLE(index) : bytes.getInt(index);
    }

    static long i64(ByteBuf bytes, int index) {
        return LITTLE ? bytes.getLongLE(index) : bytes.getLong(index);
    }

    static void u16(ByteBuf bytes, int index, int value) {
        if (LITTLE) {
            bytes.setShortLE(index, value);
        } else {
            bytes.setShort(index, value);
        }
    }

    static void i32(ByteBuf bytes, int index, int value) {
        if (LITTLE) {
            bytes.setIntLE(index, value);
        } else {
            bytes.setInt(index, value);
        }
    }

    static void i64(ByteBuf bytes, int index, long value) {
        if (LITTLE) {
            bytes.setLongLE(index, value);
        } else {
            bytes.setLong(index, value);
        }
    }
}
