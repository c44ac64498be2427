// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import io.netty.buffer.ByteBufUtil;
import java.util.Arrays;

/** Shows the attributes of one message, each on a line of its own, nests indented. */
final class ValuePrinter {
    private static final String INDENT = "  ";
    private static final int LONGEST_BYTES = 64;

    private final StringBuilder text;

    /** The address family that the message has named so far; IPVS keeps its addresses in 16 bytes either way. */
    private int family;

    ValuePrinter(StringBuilder text) {
        this.text = text;
    }

    /** Shows all attributes of the present nest. */
    void attributes(AttributeReader attributes, AttributeTable table, String indent) {
        while (attributes.next()) {
            AttributeTable.Attribute known = table.attribute(attributes.type());
            text.append(indent).append(known.name());
            if (known.kind() == AttributeKind.NESTED) {
                text.append('\n');
                attributes.enter();
                attributes(attributes, known.nest(), indent + INDENT);
                attributes.leave();
            } else {
                value(attributes, known);
                text.append('\n');
            }
        }
    }

    private void value(AttributeReader attributes, AttributeTable.Attribute known) {
        if (known.kind() == AttributeKind.FLAG) {
            return;
        }
        text.append(" = ").append(shown(attributes, known.kind()));
        if (known.name().endsWith("_ATTR_AF")) {
            family = attributes.u16();
        }
    }

    private String shown(AttributeReader attributes, AttributeKind kind) {
        if (attributes.length() < length(kind)) {
            return bytes(attributes.bytes());
        }
        return switch (kind) {
            case U8 -> Integer.toString(attributes.u8());
            case U16, U16BE ->
                Integer.toString(
                        kind == AttributeKind.U16BE || attributes.networkOrder()
                                ? attributes.u16be()
                                : attributes.u16());
            case U32, U32BE -> Integer.toUnsignedString(word(attributes, kind == AttributeKind.U32BE));
            case BITS32, BITS32BE -> "0x" + Integer.toHexString(word(attributes, kind == AttributeKind.BITS32BE));
            case U64, U64BE ->
                Long.toUnsignedString(
                        kind == AttributeKind.U64BE || attributes.networkOrder()
                                ? attributes.u64be()
                                : attributes.u64());
            case MASKED_BITS32 ->
                "0x" + Integer.toHexString(attributes.u32()) + " of 0x"
                        + Integer.toHexString(attributes.u32(Integer.BYTES));
            case STRING -> '"' + escaped(attributes.string()) + '"';
            case ADDRESS -> address(attributes);
            case WIDE_ADDRESS -> wideAddress(attributes);
            case IPVS_NETMASK ->
                family == IpFamily.IPV6.number()
                        ? "/" + Integer.toUnsignedString(attributes.u32())
                        : attributes.address(IpFamily.IPV4).toString();
            case BYTES, FLAG, NESTED -> bytes(attributes.bytes());
        };
    }

    private static int length(AttributeKind kind) {
        return switch (kind) {
            case U8 -> Byte.BYTES;
            case U16, U16BE -> Short.BYTES;
            case U32, U32BE, BITS32, BITS32BE, ADDRESS, IPVS_NETMASK -> Integer.BYTES;
            case U64, U64BE, MASKED_BITS32 -> Long.BYTES;
            case WIDE_ADDRESS -> IpFamily.IPV6.addressLength();
            case STRING, BYTES, FLAG, NESTED -> 0;
        };
    }

    private static int word(AttributeReader attributes, boolean bigEndian) {
        return bigEndian || attributes.networkOrder() ? attributes.u32be() : attributes.u32();
    }

    private static String address(AttributeReader attributes) {
        return attributes
                .address(attributes.length() >= IpFamily.IPV6.addressLength() ? IpFamily.IPV6 : IpFamily.IPV4)
                .toString();
    }

    /** Without a family in the message, twelve zeros behind the first four bytes are taken for IPv4's padding. */
    private String wideAddress(AttributeReader attributes) {
        byte[] wide = attributes.bytes();
        byte[] rest = Arrays.copyOfRange(wide, IpFamily.IPV4.addressLength(), IpFamily.IPV6.addressLength());
        boolean padded = Arrays.equals(rest, new byte[rest.length]);
        boolean ipv4 = family == 0 ? padded : family == IpFamily.IPV4.number();
        return attributes.address(ipv4 ? IpFamily.IPV4 : IpFamily.IPV6).toString();
    }

    private static String bytes(byte[] payload) {
        String shown = ByteBufUtil.hexDump(payload, 0, Math.min(payload.length, LONGEST_BYTES));
        return payload.length > LONGEST_BYTES ? shown + "... (" + payload.length + " bytes)" : shown;
    }

    private static String escaped(String string) {
        StringBuilder safe = new StringBuilder(string.length());
        string.codePoints().forEach(character -> {
            if (character < ' ' || character == '"' || character == '\\' || character == 0x7f) {
                safe.append("\\x").append(Integer.toHexString(0x100 | character).substring(1));
            } else {
                safe.appendCodePoint(character);
            }
        });
        return safe.toString();
    }

    /** Shows a field of a fixed header. */
    static void field(StringBuilder text, MessageReader message, MessageFormat.Field field) {
        int offset = field.offset();
        switch (field.kind()) {
            case U8 -> text.append(message.headerU8(offset));
            case U16 -> text.append(message.headerU16(offset));
            case U16BE -> text.append(message.headerU8(offset) << Byte.SIZE | message.headerU8(offset + 1));
            case BITS32 -> text.append("0x").append(Integer.toHexString(message.headerU32(offset)));
            default -> text.append(Integer.toUnsignedString(message.headerU32(offset)));
        }
    }
}
