// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import java.util.OptionalInt;
import java.util.function.Supplier;

/** A word of a line of {@code ipvsadm}, and where it stands. */
record IpvsadmWord(String text, int line, int column) {
    private static final int MAX_DIGITS = 10;

    /** An address with or without a port. */
    record Endpoint(IpAddress address, OptionalInt port) {}

    IpvsadmSyntaxException wrong(String problem) {
        return new IpvsadmSyntaxException(line, column, problem);
    }

    /** Returns what is behind so many characters. */
    IpvsadmWord from(int index) {
        return new IpvsadmWord(text.substring(index), line, column + index);
    }

    IpvsadmWord upTo(int index) {
        return new IpvsadmWord(text.substring(0, index), line, column);
    }

    /** Makes a value, and says where the word stands if its constructor refuses it. */
    <T> T checked(Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    long number(long min, long max) {
        boolean digits =
                !text.isEmpty() && text.length() <= MAX_DIGITS && text.chars().allMatch(c -> c >= '0' && c <= '9');
        long number = digits ? Long.parseLong(text) : -1;
        if (number < min || number > max) {
            throw wrong("'" + text + "': expected a number from " + min + " to " + max);
        }
        return number;
    }

    IpAddress address() {
        try {
            return IpAddress.of(text);
        } catch (IllegalArgumentException e) {
            throw wrong(e.getMessage() + "; names are not looked up, save with 'ipvsadm -S -n'");
        }
    }

    Endpoint endpoint() {
        int end = text.indexOf(':');
        IpAddress address;
        if (text.startsWith("[")) {
            end = text.indexOf(']');
            if (end < 0) {
                throw wrong("'" + text + "': the bracket is not closed");
            }
            IpvsadmWord inner = upTo(end).from(1);
            address = inner.address();
            if (address.family() != IpFamily.IPV6) {
                throw inner.wrong("'" + inner.text + "': expected an IPv6 address in brackets");
            }
            end = end + 1 < text.length() ? end + 1 : -1;
        } else if (end != text.lastIndexOf(':')) {
            throw wrong("'" + text + "': expected an IPv6 address in brackets, such as [fd00::1]:80");
        } else {
            address = (end < 0 ? this : upTo(end)).address();
        }
        if (end < 0) {
            return new Endpoint(address, OptionalInt.empty());
        }
        if (text.charAt(end) != ':') {
            throw from(end).wrong("'" + text.substring(end) + "': expected a colon and a port");
        }
        return new Endpoint(address, OptionalInt.of((int) from(end + 1).number(0, 0xffff)));
    }
}
