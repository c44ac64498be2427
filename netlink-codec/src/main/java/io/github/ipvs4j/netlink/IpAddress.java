// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * An IPv4 or IPv6 address as a value: the family belongs to it, so that {@code 1.2.3.4} and {@code ::1.2.3.4} are
 * never taken for one another.
 *
 * <p>Unlike {@link InetAddress} it never asks a name service, keeps IPv4-mapped IPv6 addresses as IPv6, and costs 16
 * bytes for IPv4, 32 for IPv6. Addresses are ordered by family, then as unsigned numbers. Immutable and safe for use by
 * many threads.
 */
public abstract sealed class IpAddress implements Comparable<IpAddress> {
    private IpAddress() {}

    /** An IPv4 address. */
    private static final class V4 extends IpAddress {
        private final int bits;

        V4(int bits) {
            this.bits = bits;
        }

        @Override
        public IpFamily family() {
            return IpFamily.IPV4;
        }

        @Override
        long high() {
            return 0;
        }

        @Override
        long low() {
            return Integer.toUnsignedLong(bits);
        }
    }

    /** An IPv6 address. */
    private static final class V6 extends IpAddress {
        private final long high;
        private final long low;

        V6(long high, long low) {
            this.high = high;
            this.low = low;
        }

        @Override
        public IpFamily family() {
            return IpFamily.IPV6;
        }

        @Override
        long high() {
            return high;
        }

        @Override
        long low() {
            return low;
        }
    }

    /** Returns the upper half of an IPv6 address; 0 for IPv4. */
    abstract long high();

    /** Returns the lower half of an IPv6 address, or the IPv4 address. */
    abstract long low();

    /**
     * Parses an address in its usual text form.
     *
     * @param text for example {@code 10.96.0.1} or {@code fd00::1}; no brackets, no zone
     * @return the address
     * @throws IllegalArgumentException if the text is not an address
     */
    public static IpAddress of(String text) {
        byte[] bytes = IpText.parse(text);
        if (bytes == null) {
            throw new IllegalArgumentException("address '" + text
                    + "': expected an IPv4 address such as 10.96.0.1 or an IPv6 address such as fd00::1");
        }
        return of(bytes);
    }

    /**
     * Takes an address from its bytes in network order.
     *
     * @param bytes 4 or 16 bytes
     * @return the address
     * @throws IllegalArgumentException for any other length
     */
    public static IpAddress of(byte[] bytes) {
        if (bytes.length == IpFamily.IPV4.addressLength()) {
            return v4((int) number(bytes, 0, bytes.length));
        }
        if (bytes.length == IpFamily.IPV6.addressLength()) {
            return new V6(number(bytes, 0, Long.BYTES), number(bytes, Long.BYTES, Long.BYTES));
        }
        throw new IllegalArgumentException("address of " + bytes.length + " bytes: expected 4 or 16");
    }

    private static IpAddress v4(int bits) {
        return new V4(bits);
    }

    private static long number(byte[] bytes, int from, int length) {
        long value = 0;
        for (int i = from; i < from + length; i++) {
            value = (value << Byte.SIZE) | Byte.toUnsignedLong(bytes[i]);
        }
        return value;
    }

    /** Reads an address at an absolute index; the caller has checked that its bytes are there. */
    static IpAddress read(IpFamily family, ByteBuf bytes, int index) {
        return family == IpFamily.IPV4
                ? v4(bytes.getInt(index))
                : new V6(bytes.getLong(index), bytes.getLong(index + Long.BYTES));
    }

    /** Writes the address in network order at an absolute index. */
    void write(ByteBuf bytes, int index) {
        if (family() == IpFamily.IPV4) {
            bytes.setInt(index, (int) low());
        } else {
            bytes.setLong(index, high());
            bytes.setLong(index + Long.BYTES, low());
        }
    }

    /**
     * Returns the family of the address.
     *
     * @return IPv4 or IPv6
     */
    public abstract IpFamily family();

    /**
     * Returns the bytes of the address in network order.
     *
     * @return a new array of 4 or 16 bytes
     */
    public byte[] bytes() {
        byte[] bytes = new byte[family().addressLength()];
        for (int i = 0; i < bytes.length; i++) {
            int fromEnd = bytes.length - 1 - i;
            long word = fromEnd < Long.BYTES ? low() : high();
            bytes[i] = (byte) (word >>> (fromEnd % Long.BYTES * Byte.SIZE));
        }
        return bytes;
    }

    /**
     * Keeps the first bits and clears the others.
     *
     * @param prefixLength number of bits to keep, 0 to 32 or 128
     * @return the masked address
     */
    public IpAddress masked(int prefixLength) {
        int longest = family().maxPrefixLength();
        if (prefixLength < 0 || prefixLength > longest) {
            throw new IllegalArgumentException("prefix length " + prefixLength + ": expected 0 to " + longest);
        }
        return family() == IpFamily.IPV4
                ? v4((int) (low() & upperBits(prefixLength + Integer.SIZE)))
                : new V6(
                        high() & upperBits(Math.min(prefixLength, Long.SIZE)),
                        low() & upperBits(prefixLength - Long.SIZE));
    }

    private static long upperBits(int count) {
        return count <= 0 ? 0 : -1L << (Long.SIZE - count);
    }

    /**
     * Tells whether this is a loopback address.
     *
     * @return true for 127.0.0.0/8 and ::1
     */
    public boolean isLoopback() {
        return family() == IpFamily.IPV4 ? low() >>> 24 == 127 : high() == 0 && low() == 1;
    }

    /**
     * Tells whether this is a link-local address.
     *
     * @return true for 169.254.0.0/16 and fe80::/10
     */
    public boolean isLinkLocal() {
        return family() == IpFamily.IPV4 ? low() >>> 16 == 0xa9fe : high() >>> 54 == 0x3fa;
    }

    /**
     * Tells whether this is a multicast address.
     *
     * @return true for 224.0.0.0/4 and ff00::/8
     */
    public boolean isMulticast() {
        return family() == IpFamily.IPV4 ? low() >>> 28 == 0xe : high() >>> 56 == 0xff;
    }

    /**
     * Tells whether this is the unspecified address.
     *
     * @return true for 0.0.0.0 and ::
     */
    public boolean isUnspecified() {
        return high() == 0 && low() == 0;
    }

    @Override
    public int compareTo(IpAddress other) {
        int byFamily = family().compareTo(other.family());
        int byHigh = byFamily != 0 ? byFamily : Long.compareUnsigned(high(), other.high());
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low(), other.low());
    }

    @Override
    public boolean equals(@Nullable Object object) {
        return object instanceof IpAddress other
                && family() == other.family()
                && high() == other.high()
                && low() == other.low();
    }

    @Override
    public int hashCode() {
        return (Long.hashCode(high()) * 31 + Long.hashCode(low())) * 31 + family().number();
    }

    /** Returns the canonical text form (RFC 5952 for IPv6). */
    @Override
    public String toString() {
        if (family() == IpFamily.IPV4) {
            return (low() >>> 24) + "." + (low() >>> 16 & 0xff) + "." + (low() >>> 8 & 0xff) + "." + (low() & 0xff);
        }
        return IpText.format(high(), low());
    }
}
