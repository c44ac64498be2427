// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

/**
 * A MAC address of six bytes. {@code toString} gives the text that {@code ipset} uses, for example
 * {@code 01:02:03:AA:BB:CC}.
 *
 * @param bits the 48 bits, the first byte uppermost
 */
public record MacAddress(long bits) {
    private static final int LENGTH = 6;

    /** Checks that there are no more than 48 bits. */
    public MacAddress {
        if (bits >>> (LENGTH * Byte.SIZE) != 0) {
            throw new IllegalArgumentException("MAC address 0x" + Long.toHexString(bits) + ": expected 48 bits");
        }
    }

    /**
     * Parses an address.
     *
     * @param text six hexadecimal bytes with colons in between
     * @return the address
     * @throws IllegalArgumentException if the text is not an address
     */
    public static MacAddress of(String text) {
        if (!text.matches("[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}")) {
            throw new IllegalArgumentException(
                    "MAC address '" + text + "': expected six bytes such as 01:02:03:aa:bb:cc");
        }
        return new MacAddress(Long.parseLong(text.replace(":", ""), 16));
    }

    /**
     * Takes an address from its bytes.
     *
     * @param bytes six
     * @return the address
     * @throws IllegalArgumentException for any other length
     */
    public static MacAddress of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException("MAC address of " + bytes.length + " bytes: expected 6");
        }
        long bits = 0;
        for (byte one : bytes) {
            bits = bits << Byte.SIZE | Byte.toUnsignedLong(one);
        }
        return new MacAddress(bits);
    }

    /**
     * Returns the bytes of the address.
     *
     * @return a new array of six bytes
     */
    public byte[] bytes() {
        byte[] bytes = new byte[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            bytes[i] = (byte) (bits >>> ((LENGTH - 1 - i) * Byte.SIZE));
        }
        return bytes;
    }

    /** Returns the text that {@code ipset} uses. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (byte one : bytes()) {
            text.append(text.isEmpty() ? "" : ":").append(String.format("%02X", one));
        }
        return text.toString();
    }
}
