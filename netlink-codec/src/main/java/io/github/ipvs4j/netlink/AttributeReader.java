// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * A cursor over the attributes of a message. It allocates nothing but what {@code string}, {@code bytes} and
 * {@code address} return, and never reads outside its message.
 *
 * <p>{@link #next()} moves to the next attribute of the present nest, {@link #enter()} goes into the one under the
 * cursor, {@link #leave()} comes back out behind it. Unknown types are stepped over by not asking for them. Integers
 * are in host byte order unless the name of the method ends in {@code be}; a payload longer than the integer is
 * accepted, as the kernel does, a shorter one is a {@link MalformedReply}. Not safe for use by several threads; valid
 * until its
 * {@link MessageReader} moves on.
 *
 * <pre>{@code
 * while (attributes.next()) {
 *     switch (attributes.type()) {
 *         case IPVS_SVC_ATTR_PORT -> port = attributes.u16be();
 *         case IPVS_SVC_ATTR_SCHED_NAME -> scheduler = attributes.string();
 *         default -> {} // a newer kernel may say more
 *     }
 * }
 * }</pre>
 */
public final class AttributeReader {
    /** Deepest nest that is entered; the deepest of the kernel's own answers here is four. */
    static final int MAX_DEPTH = 16;

    private final int[] outerEnds = new int[MAX_DEPTH];
    private final int[] outerNexts = new int[MAX_DEPTH];
    private final int[] outerTypes = new int[MAX_DEPTH];
    private ByteBuf bytes;
    private int origin;
    private int depth;
    private int end;
    private int next;
    private int payload;
    private int length = -1;
    private int type;
    private int flags;

    AttributeReader(ByteBuf bytes) {
        this.bytes = bytes;
    }

    /** Sets the cursor in front of the first attribute; offsets in errors count from {@code messageStart}. */
    AttributeReader over(ByteBuf source, int messageStart, int from, int to) {
        bytes = source;
        origin = messageStart;
        next = Math.min(from, to);
        end = to;
        depth = 0;
        length = -1;
        return this;
    }

    /**
     * Moves to the next attribute of the present nest.
     *
     * @return false at its end
     * @throws MalformedReply if the attribute's length is below its header or reaches past its parent
     */
    public boolean next() {
        if (end - next < AttributeHeader.SIZE) {
            // Fewer bytes than a header are padding, as for the kernel's own nla_ok().
            next = end;
            length = -1;
            return false;
        }
        // Both halves at once: most of what reading an attribute costs is the way to its bytes.
        int header = HostOrder.i32(bytes, next);
        int whole = HostOrder.first16(header);
        flags = HostOrder.second16(header);
        type = flags & AttributeHeader.TYPE_MASK;
        if (whole < AttributeHeader.SIZE || whole > end - next) {
            payload = next;
            throw malformed("attribute length " + whole + " is not within 4 to the " + (end - next) + " bytes left");
        }
        payload = next + AttributeHeader.SIZE;
        length = whole - AttributeHeader.SIZE;
        next = Math.min(end, next + NetlinkHeader.align(whole));
        return true;
    }

    /**
     * Returns the type of the attribute under the cursor, without the flags for nests and byte order.
     *
     * @return 0 to 16383
     */
    public int type() {
        return type;
    }

    /** Tells whether the attribute says of itself that its value is big-endian. */
    boolean networkOrder() {
        return (flags & AttributeHeader.NETWORK_ORDER) != 0;
    }

    /**
     * Returns the length of the payload under the cursor.
     *
     * @return in bytes, padding not counted
     */
    public int length() {
        return length;
    }

    /**
     * Goes into the nest under the cursor, in front of its first attribute.
     *
     * @throws MalformedReply if nests lie deeper than 16 in each other
     */
    public void enter() {
        require(0);
        if (depth == MAX_DEPTH) {
            throw malformed("nests lie deeper than " + MAX_DEPTH);
        }
        outerEnds[depth] = end;
        outerNexts[depth] = next;
        outerTypes[depth] = type;
        depth++;
        next = payload;
        end = payload + length;
        length = -1;
    }

    /** Leaves the present nest; {@link #next()} goes on behind it. */
    public void leave() {
        if (depth == 0) {
            throw new IllegalStateException("leave: the cursor is in no nest");
        }
        depth--;
        end = outerEnds[depth];
        next = outerNexts[depth];
        type = outerTypes[depth];
        length = -1;
    }

    /**
     * Reads an unsigned byte.
     *
     * @return 0 to 255
     */
    public int u8() {
        require(Byte.BYTES);
        return bytes.getUnsignedByte(payload);
    }

    /**
     * Reads 16 bits in host order.
     *
     * @return 0 to 65535
     */
    public int u16() {
        require(Short.BYTES);
        return HostOrder.u16(bytes, payload);
    }

    /**
     * Reads 16 bits in network order.
     *
     * @return 0 to 65535
     */
    public int u16be() {
        require(Short.BYTES);
        return bytes.getUnsignedShort(payload);
    }

    /**
     * Reads 32 bits in host order.
     *
     * @return the bits; see {@link Integer#toUnsignedLong} where the number may exceed 2<sup>31</sup>
     */
    public int u32() {
        return u32(0);
    }

    /**
     * Reads 32 bits in host order from further back in the payload.
     *
     * @param offset in bytes from the start of the payload
     * @return the bits
     */
    public int u32(int offset) {
        require(offset + Integer.BYTES);
        return HostOrder.i32(bytes, payload + offset);
    }

    /**
     * Reads 32 bits in network order.
     *
     * @return the bits
     */
    public int u32be() {
        require(Integer.BYTES);
        return bytes.getInt(payload);
    }

    /**
     * Reads 64 bits in host order.
     *
     * @return the bits
     */
    public long u64() {
        require(Long.BYTES);
        return HostOrder.i64(bytes, payload);
    }

    /**
     * Reads 64 bits in network order.
     *
     * @return the bits
     */
    public long u64be() {
        require(Long.BYTES);
        return bytes.getLong(payload);
    }

    /**
     * Reads a string up to its NUL, or to the end of the payload where there is none.
     *
     * @return decoded as UTF-8
     */
    public String string() {
        require(0);
        // A loop: ByteBuf.indexOf would wake half of Netty's allocators for a first name.
        int end = 0;
        while (end < length && bytes.getByte(payload + end) != 0) {
            end++;
        }
        byte[] text = new byte[end];
        bytes.getBytes(payload, text);
        return new String(text, StandardCharsets.UTF_8);
    }

    /**
     * Copies the payload.
     *
     * @return a new array
     */
    public byte[] bytes() {
        require(0);
        byte[] copy = new byte[length];
        bytes.getBytes(payload, copy);
        return copy;
    }

    /**
     * Reads an address in network order; what follows it in the payload is ignored.
     *
     * @param family how many bytes to read
     * @return the address
     */
    public IpAddress address(IpFamily family) {
        require(family.addressLength());
        return IpAddress.read(family, bytes, payload);
    }

    private void require(int count) {
        if (length < 0) {
            throw new IllegalStateException("no attribute is under the cursor: call next() first");
        }
        if (length < count) {
            throw malformed("payload has " + length + " bytes where " + count + " are needed");
        }
    }

    /**
     * Makes the exception for a value that the framing allows and its family does not, such as a missing attribute; it
     * names the place of the attribute under the cursor.
     *
     * @param problem what is wrong, with the value
     * @return the exception, for the decoder to throw
     */
    public MalformedReply malformed(String problem) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < depth; i++) {
            path.append(outerTypes[i]).append('/');
        }
        return new MalformedReply(problem, payload - origin, path.append(type).toString());
    }
}
