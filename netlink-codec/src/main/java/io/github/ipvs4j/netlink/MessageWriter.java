// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * Appends netlink messages and their attributes to one buffer, and patches each length when its message or nest closes.
 *
 * <p>Nothing is allocated per message or attribute; the buffer grows when it must. Integers are written in host byte
 * order unless the name of the method ends in {@code be}. Every message and attribute is padded to four bytes with
 * zeros. Not safe for use by several threads.
 *
 * <pre>{@code
 * out.begin(family, MessageFlags.REQUEST | MessageFlags.ACK, sequence).genericHeader(IPVS_CMD_NEW_SERVICE, 1);
 * int service = out.beginNested(IPVS_CMD_ATTR_SERVICE);
 * out.u16(IPVS_SVC_ATTR_AF, 2).u16be(IPVS_SVC_ATTR_PORT, 80);
 * out.endNested(service);
 * out.end();
 * }</pre>
 */
public final class MessageWriter {
    /** To be added to an attribute type where a family insists on being told that the value is big-endian. */
    public static final int NETWORK_ORDER = AttributeHeader.NETWORK_ORDER;

    private final ByteBuf bytes;
    private int end;
    private int message = -1;

    /**
     * Writes behind what the buffer already holds.
     *
     * @param bytes the buffer; it stays the caller's to release
     */
    public MessageWriter(ByteBuf bytes) {
        this.bytes = bytes;
        this.end = bytes.writerIndex();
    }

    /**
     * Begins a message.
     *
     * @param type {@code nlmsg_type}
     * @param flags see {@link MessageFlags}
     * @param sequence copied by the kernel into every answer
     * @return this
     */
    public MessageWriter begin(int type, int flags, int sequence) {
        if (message >= 0) {
            throw new IllegalStateException("begin: the message before is still open");
        }
        message = reserve(NetlinkHeader.SIZE);
        HostOrder.u16(bytes, message + NetlinkHeader.TYPE, type);
        HostOrder.u16(bytes, message + NetlinkHeader.FLAGS, flags);
        HostOrder.i32(bytes, message + NetlinkHeader.SEQUENCE, sequence);
        HostOrder.i32(bytes, message + NetlinkHeader.PORT_ID, 0);
        return this;
    }

    /**
     * Closes the message and patches its length.
     *
     * @return this
     */
    public MessageWriter end() {
        if (message < 0) {
            throw new IllegalStateException("end: no message is open");
        }
        HostOrder.i32(bytes, message + NetlinkHeader.LENGTH, end - message);
        message = -1;
        bytes.writerIndex(end);
        return this;
    }

    /** Adds flags to a closed message that begins at the given index. */
    void addFlags(int start, int flags) {
        int index = start + NetlinkHeader.FLAGS;
        HostOrder.u16(bytes, index, HostOrder.u16(bytes, index) | flags);
    }

    /**
     * Appends {@code struct genlmsghdr}.
     *
     * @param command number of the command
     * @param version version of the family
     * @return this
     */
    public MessageWriter genericHeader(int command, int version) {
        HostOrder.i32(bytes, reserve(Integer.BYTES), 0);
        bytes.setByte(end - Integer.BYTES, command);
        bytes.setByte(end - Integer.BYTES + 1, version);
        return this;
    }

    /**
     * Appends {@code struct nfgenmsg}.
     *
     * @param family address family
     * @param version version of nfnetlink, 0
     * @param resource resource id
     * @return this
     */
    public MessageWriter netfilterHeader(int family, int version, int resource) {
        int index = reserve(Integer.BYTES);
        bytes.setByte(index, family);
        bytes.setByte(index + 1, version);
        bytes.setShort(index + 2, resource);
        return this;
    }

    /**
     * Appends one byte of a fixed family header.
     *
     * @param value its low 8 bits count
     * @return this
     */
    public MessageWriter headerU8(int value) {
        bytes.setByte(reserve(Byte.BYTES), value);
        return this;
    }

    /**
     * Appends two bytes of a fixed family header.
     *
     * @param value its low 16 bits count
     * @return this
     */
    public MessageWriter headerU16(int value) {
        HostOrder.u16(bytes, reserve(Short.BYTES), value);
        return this;
    }

    /**
     * Appends four bytes of a fixed family header.
     *
     * @param value all 32 bits count
     * @return this
     */
    public MessageWriter headerU32(int value) {
        HostOrder.i32(bytes, reserve(Integer.BYTES), value);
        return this;
    }

    /**
     * Appends an attribute without payload.
     *
     * @param type attribute type
     * @return this
     */
    public MessageWriter flag(int type) {
        attribute(type, 0);
        return this;
    }

    /**
     * Appends an attribute of one byte.
     *
     * @param type attribute type
     * @param value its low 8 bits count
     * @return this
     */
    public MessageWriter u8(int type, int value) {
        bytes.setByte(attribute(type, Byte.BYTES), value);
        return this;
    }

    /**
     * Appends an attribute of 16 bits in host order.
     *
     * @param type attribute type
     * @param value its low 16 bits count
     * @return this
     */
    public MessageWriter u16(int type, int value) {
        HostOrder.u16(bytes, attribute(type, Short.BYTES), value);
        return this;
    }

    /**
     * Appends an attribute of 16 bits in network order.
     *
     * @param type attribute type
     * @param value its low 16 bits count
     * @return this
     */
    public MessageWriter u16be(int type, int value) {
        bytes.setShort(attribute(type, Short.BYTES), value);
        return this;
    }

    /**
     * Appends an attribute of 32 bits in host order.
     *
     * @param type attribute type
     * @param value all 32 bits count
     * @return this
     */
    public MessageWriter u32(int type, int value) {
        HostOrder.i32(bytes, attribute(type, Integer.BYTES), value);
        return this;
    }

    /**
     * Appends an attribute of 32 bits in network order.
     *
     * @param type attribute type
     * @param value all 32 bits count
     * @return this
     */
    public MessageWriter u32be(int type, int value) {
        bytes.setInt(attribute(type, Integer.BYTES), value);
        return this;
    }

    /**
     * Appends an attribute of 64 bits in host order.
     *
     * @param type attribute type
     * @param value all 64 bits count
     * @return this
     */
    public MessageWriter u64(int type, long value) {
        HostOrder.i64(bytes, attribute(type, Long.BYTES), value);
        return this;
    }

    /**
     * Appends an attribute of 64 bits in network order.
     *
     * @param type attribute type
     * @param value all 64 bits count
     * @return this
     */
    public MessageWriter u64be(int type, long value) {
        bytes.setLong(attribute(type, Long.BYTES), value);
        return this;
    }

    /**
     * Appends an attribute of two 32-bit numbers in host order, such as flags and their mask.
     *
     * @param type attribute type
     * @param first the first number
     * @param second the second number
     * @return this
     */
    public MessageWriter u32pair(int type, int first, int second) {
        int index = attribute(type, 2 * Integer.BYTES);
        HostOrder.i32(bytes, index, first);
        HostOrder.i32(bytes, index + Integer.BYTES, second);
        return this;
    }

    /**
     * Appends a string with its terminating NUL.
     *
     * @param type attribute type
     * @param value written as UTF-8
     * @return this
     * @throws IllegalArgumentException if the string holds a NUL
     */
    public MessageWriter string(int type, String value) {
        if (value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("attribute " + type + ": a string for the kernel cannot hold a NUL");
        }
        byte[] encoded = value.getBytes(StandardCharsets.UTF_8);
        int index = attribute(type, encoded.length + 1);
        bytes.setBytes(index, encoded);
        bytes.setByte(index + encoded.length, 0);
        return this;
    }

    /**
     * Appends raw bytes.
     *
     * @param type attribute type
     * @param value the payload
     * @return this
     */
    public MessageWriter bytes(int type, byte[] value) {
        bytes.setBytes(attribute(type, value.length), value);
        return this;
    }

    /**
     * Appends an address in network order, 4 or 16 bytes long.
     *
     * @param type attribute type
     * @param address the address
     * @return this
     */
    public MessageWriter address(int type, IpAddress address) {
        address.write(bytes, attribute(type, address.family().addressLength()));
        return this;
    }

    /**
     * Appends an address in network order in a field of 16 bytes; IPv4 stands in the first four and zeros follow.
     *
     * @param type attribute type
     * @param address the address
     * @return this
     */
    public MessageWriter wideAddress(int type, IpAddress address) {
        int index = attribute(type, IpFamily.IPV6.addressLength());
        if (address.family() == IpFamily.IPV4) {
            bytes.setLong(index, 0);
            bytes.setLong(index + Long.BYTES, 0);
        }
        address.write(bytes, index);
        return this;
    }

    /**
     * Begins a nest of attributes.
     *
     * @param type attribute type; the flag for nests is added
     * @return a mark for {@link #endNested}
     */
    public int beginNested(int type) {
        return attribute(type | AttributeHeader.NESTED, 0) - AttributeHeader.SIZE;
    }

    /** Begins a nest without the flag for nests, as families from before it was invented have always been written. */
    int beginUnflaggedNest(int type) {
        return attribute(type, 0) - AttributeHeader.SIZE;
    }

    /**
     * Closes a nest and patches its length.
     *
     * @param mark what {@link #beginNested} returned
     * @return this
     * @throws IllegalStateException if the nest outgrew the 65,535 bytes that an attribute can have
     */
    public MessageWriter endNested(int mark) {
        HostOrder.u16(bytes, mark + AttributeHeader.LENGTH, checkLength(end - mark));
        return this;
    }

    /**
     * Returns how many bytes stand in the buffer, an open message included.
     *
     * @return the index behind the last byte
     */
    public int size() {
        return end;
    }

    /** Drops everything from the given index on; it must be the start of a message. */
    void truncate(int start) {
        end = start;
        message = -1;
        bytes.writerIndex(start);
    }

    /** Forgets everything written and begins anew at the start of the buffer. */
    public void clear() {
        truncate(0);
    }

    /** Appends a header and room for its payload, and returns the payload's index; the padding is zeroed. */
    private int attribute(int type, int length) {
        int whole = checkLength(AttributeHeader.SIZE + length);
        int padded = NetlinkHeader.align(whole);
        int index = reserve(padded);
        if (padded != whole) {
            HostOrder.i32(bytes, index + padded - Integer.BYTES, 0);
        }
        HostOrder.u16(bytes, index + AttributeHeader.LENGTH, whole);
        HostOrder.u16(bytes, index + AttributeHeader.TYPE, type);
        return index + AttributeHeader.SIZE;
    }

    private static int checkLength(int length) {
        if (length > AttributeHeader.MAX_LENGTH) {
            throw new IllegalStateException("attribute of " + length + " bytes: the kernel's limit is "
                    + AttributeHeader.MAX_LENGTH + "; split it over several messages");
        }
        return length;
    }

    private int reserve(int length) {
        int index = end;
        int needed = index + length;
        if (needed > bytes.capacity()) {
            bytes.capacity(Math.min(bytes.maxCapacity(), Math.max(needed, 2 * bytes.capacity())));
        }
        end = needed;
        return index;
    }
}
