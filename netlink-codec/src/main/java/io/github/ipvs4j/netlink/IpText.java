// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import org.jspecify.annotations.Nullable;

/**
 * The text forms of addresses: strict on reading, canonical on writing (RFC 5952).
 *
 * <p>The JDK's parser would turn an IPv4-mapped IPv6 address into an IPv4 one and ask a name service for what is no
 * address; Netty's lists the addresses of all interfaces when it is first used, which takes long where there are
 * thousands.
 */
final class IpText {
    private static final int BYTES_V4 = 4;
    private static final int BYTES_V6 = 16;
    private static final int GROUPS = 8;

    private IpText() {}

    /** Returns the 4 or 16 bytes of an address, or null if the text is none. */
    static byte @Nullable [] parse(String text) {
        return text.indexOf(':') < 0 ? parseV4(text) : parseV6(text);
    }

    private static byte @Nullable [] parseV4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != BYTES_V4) {
            return null;
        }
        byte[] bytes = new byte[BYTES_V4];
        for (int i = 0; i < parts.length; i++) {
            int value = number(parts[i], 10, 3);
            // Some read a leading zero as octal, others do not: neither is guessed here.
            if (value < 0 || value > 0xff || (parts[i].length() > 1 && parts[i].charAt(0) == '0')) {
                return null;
            }
            bytes[i] = (byte) value;
        }
        return bytes;
    }

    private static byte @Nullable [] parseV6(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            byte[] whole = groups(text, true);
            return whole != null && whole.length == BYTES_V6 ? whole : null;
        }
        byte[] before = groups(text.substring(0, gap), false);
        byte[] after = groups(text.substring(gap + 2), true);
        // The gap stands for at least one group of zeros.
        if (before == null || after == null || before.length + after.length > BYTES_V6 - Short.BYTES) {
            return null;
        }
        byte[] bytes = new byte[BYTES_V6];
        System.arraycopy(before, 0, bytes, 0, before.length);
        System.arraycopy(after, 0, bytes, BYTES_V6 - after.length, after.length);
        return bytes;
    }

    /** Returns the bytes of groups between colons, of which the last may be an IPv4 address. */
    private static byte @Nullable [] groups(String text, boolean mayEndInV4) {
        if (text.isEmpty()) {
            return new byte[0];
        }
        String[] parts = text.split(":", -1);
        byte[] last = mayEndInV4 ? parseV4(parts[parts.length - 1]) : null;
        int words = last == null ? parts.length : parts.length - 1;
        byte[] bytes = new byte[words * Short.BYTES + (last == null ? 0 : last.length)];
        for (int i = 0; i < words; i++) {
            int value = number(parts[i], 16, 4);
            if (value < 0) {
                return null;
            }
            bytes[Short.BYTES * i] = (byte) (value >> Byte.SIZE);
            bytes[Short.BYTES * i + 1] = (byte) value;
        }
        if (last != null) {
            System.arraycopy(last, 0, bytes, words * Short.BYTES, last.length);
        }
        return bytes;
    }

    /** Returns the value of 1 to {@code longest} digits, or -1. */
    private static int number(String digits, int radix, int longest) {
        if (digits.isEmpty() || digits.length() > longest) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) < 0x80 ? Character.digit(digits.charAt(i), radix) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value * radix + digit;
        }
        return value;
    }

    /** Returns the canonical form of an IPv6 address. */
    static String format(long high, long low) {
        int[] groups = new int[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            long half = i < GROUPS / 2 ? high : low;
            groups[i] = (int) ((half >>> ((GROUPS / 2 - 1 - i % (GROUPS / 2)) * Short.SIZE)) & 0xffff);
        }
        int gapStart = longestRunOfZeros(groups);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            if (i == gapStart) {
                text.append("::");
                i = endOfRun(groups, gapStart) - 1;
                continue;
            }
            if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString(groups[i]));
        }
        return text.toString();
    }

    /** Returns where the first of the longest runs of at least two zero groups begins, or -1. */
    private static int longestRunOfZeros(int[] groups) {
        int best = -1;
        int bestLength = 1;
        for (int start = 0; start < GROUPS; start++) {
            int length = endOfRun(groups, start) - start;
            if (length > bestLength) {
                best = start;
                bestLength = length;
            }
        }
        return best;
    }

    private static int endOfRun(int[] groups, int start) {
        int end = start;
        while (end < GROUPS && groups[end] == 0) {
            end++;
        }
        return end;
    }
}
