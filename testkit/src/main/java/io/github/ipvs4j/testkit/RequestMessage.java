// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.MessageWriter;

/**
 * One message of a datagram that a client sent. It only looks at the bytes; what it is asked for must be within the
 * message.
 */
final class RequestMessage {
    private static final String TOO_SHORT = "Invalid header length";

    private final byte[] datagram;
    private final int start;
    private final int length;

    private RequestMessage(byte[] datagram, int start, int length) {
        this.datagram = datagram;
        this.start = start;
        this.length = length;
    }

    /** Tells whether a whole message stands at an index; where none does, the kernel drops the rest of the datagram. */
    static boolean isAt(byte[] datagram, int start) {
        int left = datagram.length - start;
        if (left < NetlinkNumbers.HEADER_SIZE) {
            return false;
        }
        int length = HostOrder.i32(datagram, start + NetlinkNumbers.HEADER_LENGTH);
        return length >= NetlinkNumbers.HEADER_SIZE && length <= left;
    }

    static RequestMessage at(byte[] datagram, int start) {
        return new RequestMessage(datagram, start, HostOrder.i32(datagram, start + NetlinkNumbers.HEADER_LENGTH));
    }

    /** Returns the index where the next message may stand. */
    int next() {
        return Math.min(datagram.length, start + NetlinkNumbers.align(length));
    }

    int length() {
        return length;
    }

    int type() {
        return HostOrder.u16(datagram, start + NetlinkNumbers.HEADER_TYPE);
    }

    int flags() {
        return HostOrder.u16(datagram, start + NetlinkNumbers.HEADER_FLAGS);
    }

    boolean has(int flag) {
        return (flags() & flag) != 0;
    }

    /** Tells whether both bits that ask for a listing are set. */
    boolean wantsDump() {
        return (flags() & NetlinkNumbers.FLAG_DUMP) == NetlinkNumbers.FLAG_DUMP;
    }

    int sequence() {
        return HostOrder.i32(datagram, start + NetlinkNumbers.HEADER_SEQUENCE);
    }

    /** Returns the number of bytes behind {@code nlmsghdr}. */
    int payloadLength() {
        return length - NetlinkNumbers.HEADER_SIZE;
    }

    int u8(int offset) {
        return Byte.toUnsignedInt(datagram[start + NetlinkNumbers.HEADER_SIZE + offset]);
    }

    int u16(int offset) {
        return HostOrder.u16(datagram, start + NetlinkNumbers.HEADER_SIZE + offset);
    }

    int i32(int offset) {
        return HostOrder.i32(datagram, start + NetlinkNumbers.HEADER_SIZE + offset);
    }

    /** Parses the attributes behind the family's header as old families do. */
    Attributes attributes(int header, AttributePolicy policy) {
        return attributes(header, policy, false);
    }

    /** Parses the attributes behind the family's header as newer families do. */
    Attributes attributesStrict(int header, AttributePolicy policy) {
        return attributes(header, policy, true);
    }

    private Attributes attributes(int header, AttributePolicy policy, boolean strict) {
        if (payloadLength() < header) {
            throw new Refused(ErrorNumbers.EINVAL, TOO_SHORT);
        }
        int from = start + NetlinkNumbers.HEADER_SIZE + NetlinkNumbers.align(header);
        return Attributes.parse(datagram, start, Math.min(from, start + length), start + length, policy, strict);
    }

    /** Appends the header of this message, or all of it, to the one that is open. */
    void echo(MessageWriter out, boolean whole) {
        int end = start + (whole ? length : NetlinkNumbers.HEADER_SIZE);
        int at = start;
        for (; at + Integer.BYTES <= end; at += Integer.BYTES) {
            out.headerU32(HostOrder.i32(datagram, at));
        }
        for (; at < end; at++) {
            out.headerU8(datagram[at]);
        }
    }

    /** Returns a copy of this message in a datagram of its own, with four bytes of the original's place overwritten. */
    RequestMessage patched(int datagramIndex, int value) {
        byte[] copy = new byte[length];
        System.arraycopy(datagram, start, copy, 0, length);
        HostOrder.i32(copy, datagramIndex - start, value);
        return at(copy, 0);
    }
}
