// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Optional;

/**
 * A cursor over the messages of one received datagram; it allocates nothing.
 *
 * <p>A message handed to a consumer is valid until the consumer returns. Not safe for use by several threads.
 */
public final class MessageReader {
    private final AttributeReader attributes = new AttributeReader(Unpooled.EMPTY_BUFFER);
    private ByteBuf bytes = Unpooled.EMPTY_BUFFER;
    private int first;
    private int start;
    private int length;
    private int next;
    private int end;

    /** Makes a reader over nothing. */
    public MessageReader() {}

    /**
     * Sets the cursor in front of the first message between the buffer's reader and writer index.
     *
     * @param datagram what was received; it stays the caller's
     * @return this
     */
    public MessageReader over(ByteBuf datagram) {
        bytes = datagram;
        first = datagram.readerIndex();
        next = first;
        end = datagram.writerIndex();
        length = 0;
        return this;
    }

    /**
     * Moves to the next message.
     *
     * @return false behind the last one; trailing bytes too few for a header count as padding
     * @throws MalformedReply if the message's length is below its header or reaches past the datagram
     */
    public boolean next() {
        if (end - next < NetlinkHeader.SIZE) {
            return false;
        }
        start = next;
        length = HostOrder.i32(bytes, start + NetlinkHeader.LENGTH);
        if (length < NetlinkHeader.SIZE || length > end - start) {
            String problem = "message length " + Integer.toUnsignedString(length) + " is not within 16 to the "
                    + (end - start) + " bytes left of the datagram";
            next = end;
            throw new MalformedReply(problem, start, "nlmsghdr");
        }
        next = Math.min(end, start + NetlinkHeader.align(length));
        return true;
    }

    /**
     * Returns {@code nlmsg_type}.
     *
     * @return below 16 a control message, else the family's own number
     */
    public int type() {
        return HostOrder.u16(bytes, start + NetlinkHeader.TYPE);
    }

    /**
     * Returns {@code nlmsg_flags}.
     *
     * @return see {@link MessageFlags}
     */
    public int flags() {
        return HostOrder.u16(bytes, start + NetlinkHeader.FLAGS);
    }

    /**
     * Returns {@code nlmsg_seq}.
     *
     * @return in an answer, that of the request
     */
    public int sequence() {
        return HostOrder.i32(bytes, start + NetlinkHeader.SEQUENCE);
    }

    /**
     * Returns {@code nlmsg_pid}.
     *
     * @return in an answer, the port id of the socket that asked
     */
    public int portId() {
        return HostOrder.i32(bytes, start + NetlinkHeader.PORT_ID);
    }

    /**
     * Tells whether the message is the first of its datagram; a listing comes in as many pieces as it has such ones.
     *
     * @return false for the others
     */
    public boolean isFirst() {
        return start == first;
    }

    /**
     * Returns the length of the message.
     *
     * @return in bytes, with its header, without padding
     */
    public int length() {
        return length;
    }

    /**
     * Returns the command of a generic-netlink message.
     *
     * @return the first byte of {@code struct genlmsghdr}
     */
    public int genericCommand() {
        return headerU8(0);
    }

    /**
     * Returns the attributes of a generic-netlink message.
     *
     * @return the cursor over them, valid until the next message is read
     */
    public AttributeReader genericAttributes() {
        return attributes(ControllerLayout.GENERIC_HEADER);
    }

    /**
     * Reads a byte of the family's fixed header.
     *
     * @param offset in bytes from the end of {@code nlmsghdr}
     * @return 0 to 255
     */
    public int headerU8(int offset) {
        return bytes.getUnsignedByte(header(offset, Byte.BYTES));
    }

    /**
     * Reads two bytes of the family's fixed header in host order.
     *
     * @param offset in bytes from the end of {@code nlmsghdr}
     * @return 0 to 65535
     */
    public int headerU16(int offset) {
        return HostOrder.u16(bytes, header(offset, Short.BYTES));
    }

    /**
     * Reads four bytes of the family's fixed header in host order.
     *
     * @param offset in bytes from the end of {@code nlmsghdr}
     * @return the bits
     */
    public int headerU32(int offset) {
        return HostOrder.i32(bytes, header(offset, Integer.BYTES));
    }

    /**
     * Returns the message's attributes, always through the same cursor, set in front of the first one.
     *
     * @param headerLength bytes of the family's fixed header, for example 4 in generic netlink
     * @return the cursor
     */
    public AttributeReader attributes(int headerLength) {
        return attributes.over(
                bytes, start, start + NetlinkHeader.SIZE + NetlinkHeader.align(headerLength), start + length);
    }

    /** Returns a reader that stands on the request echoed in an error message; empty if none is, or a damaged one. */
    Optional<MessageReader> echo() {
        int from = start + NetlinkHeader.ECHOED_HEADER;
        if (start + length - from < NetlinkHeader.SIZE) {
            return Optional.empty();
        }
        int echoed = HostOrder.i32(bytes, from + NetlinkHeader.LENGTH);
        boolean whole = echoed >= NetlinkHeader.SIZE && echoed <= start + length - from;
        // Where only the header is echoed, its length still tells the request's.
        MessageReader reader = new MessageReader();
        reader.bytes = bytes;
        reader.first = from;
        reader.start = from;
        reader.length = whole ? echoed : NetlinkHeader.SIZE;
        reader.end = from + reader.length;
        reader.next = reader.end;
        return Optional.of(reader);
    }

    private int header(int offset, int size) {
        if (NetlinkHeader.SIZE + offset + size > length) {
            throw new MalformedReply(
                    "message of " + length + " bytes ends within its family header", start, "family header");
        }
        return start + NetlinkHeader.SIZE + offset;
    }
}
