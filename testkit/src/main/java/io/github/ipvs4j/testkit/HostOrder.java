// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Reads and writes integers of a byte array in the byte order of the machine, in which netlink keeps its own fields.
 */
final class HostOrder {
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.nativeOrder());
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final boolean BIG = ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN;

    private HostOrder() {}

    static int u16(byte[] bytes, int index) {
        return Short.toUnsignedInt((short) SHORT.get(bytes, index));
    }

    static int i32(byte[] bytes, int index) {
        return (int) INT.get(bytes, index);
    }

    static long i64(byte[] bytes, int index) {
        return (long) LONG.get(bytes, index);
    }

    static void i32(byte[] bytes, int index, int value) {
        INT.set(bytes, index, value);
    }

    /** Turns 16 bits between host order and network order. */
    static int swap16(int value) {
        return BIG ? value : Short.toUnsignedInt(Short.reverseBytes((short) value));
    }

    /** Turns 32 bits between host order and network order. */
    static int swap32(int value) {
        return BIG ? value : Integer.reverseBytes(value);
    }

    /** Turns 64 bits between host order and network order. */
    static long swap64(long value) {
        return BIG ? value : Long.reverseBytes(value);
    }
}
