// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The attributes of one nest of a request, by type; where a type comes twice, the last one counts.
 *
 * <p>Follows {@code __nla_validate_parse} in {@code lib/nlattr.c}. The getters may only be called for types that are
 * there and that the policy has checked.
 */
final class Attributes {
    private final byte[] bytes;
    private final int origin;
    private final int[] places;
    private final boolean leftover;

    private Attributes(byte[] bytes, int origin, int[] places, boolean leftover) {
        this.bytes = bytes;
        this.origin = origin;
        this.places = places;
        this.leftover = leftover;
    }

    /**
     * Parses and checks what stands between two indexes.
     *
     * @param origin index of the first byte of the message
     * @throws Refused if the policy is not met
     */
    static Attributes parse(byte[] bytes, int origin, int from, int to, AttributePolicy policy, boolean strict) {
        int[] places = new int[policy.maxType() + 1];
        Arrays.fill(places, -1);
        int at = from;
        while (isAttribute(bytes, at, to)) {
            int length = HostOrder.u16(bytes, at);
            int raw = HostOrder.u16(bytes, at + 2);
            int type = raw & NetlinkNumbers.ATTRIBUTE_TYPE_MASK;
            if (type > 0 && type < places.length) {
                policy.check(
                        bytes,
                        at + NetlinkNumbers.ATTRIBUTE_HEADER,
                        length - NetlinkNumbers.ATTRIBUTE_HEADER,
                        raw,
                        strict,
                        at - origin);
                places[type] = at;
            } else if (strict) {
                throw new Refused(ErrorNumbers.EINVAL, "Unknown attribute type", at - origin);
            }
            at += NetlinkNumbers.align(length);
        }
        if (strict && at < to) {
            throw new Refused(ErrorNumbers.EINVAL, "bytes leftover after parsing attributes");
        }
        return new Attributes(bytes, origin, places, at < to);
    }

    private static boolean isAttribute(byte[] bytes, int at, int to) {
        if (to - at < NetlinkNumbers.ATTRIBUTE_HEADER) {
            return false;
        }
        int length = HostOrder.u16(bytes, at);
        return length >= NetlinkNumbers.ATTRIBUTE_HEADER && length <= to - at;
    }

    /** Tells whether bytes stand behind the last attribute that are none; the kernel only warns of them. */
    boolean hasLeftover() {
        return leftover;
    }

    boolean has(int type) {
        return places[type] >= 0;
    }

    boolean hasAll(int... types) {
        for (int type : types) {
            if (!has(type)) {
                return false;
            }
        }
        return true;
    }

    /** Tells whether an attribute is there and carries the flag for nests. */
    boolean isFlaggedNest(int type) {
        return has(type) && (rawType(places[type]) & NetlinkNumbers.ATTRIBUTE_NESTED) != 0;
    }

    /** Tells whether an attribute is there and carries the flag for network order. */
    boolean isNetworkOrder(int type) {
        return has(type) && (rawType(places[type]) & NetlinkNumbers.ATTRIBUTE_NETWORK_ORDER) != 0;
    }

    /** Returns the index of the payload in the datagram. */
    int payload(int type) {
        return places[type] + NetlinkNumbers.ATTRIBUTE_HEADER;
    }

    int length(int type) {
        return HostOrder.u16(bytes, places[type]) - NetlinkNumbers.ATTRIBUTE_HEADER;
    }

    int u8(int type) {
        return Byte.toUnsignedInt(bytes[payload(type)]);
    }

    int u16(int type) {
        return HostOrder.u16(bytes, payload(type));
    }

    int u16be(int type) {
        return HostOrder.swap16(u16(type));
    }

    int i32(int type) {
        return HostOrder.i32(bytes, payload(type));
    }

    int i32be(int type) {
        return HostOrder.swap32(i32(type));
    }

    long i64be(int type) {
        return HostOrder.swap64(HostOrder.i64(bytes, payload(type)));
    }

    /** Copies the payload into a field of fixed length, as {@code nla_memcpy} does: cut or filled up with zeros. */
    byte[] field(int type, int size) {
        byte[] field = new byte[size];
        System.arraycopy(bytes, payload(type), field, 0, Math.min(size, length(type)));
        return field;
    }

    /** Returns an address from a field that may be longer or shorter than it. */
    IpAddress address(int type, IpFamily family) {
        return IpAddress.of(field(type, family.addressLength()));
    }

    String string(int type) {
        int from = payload(type);
        int to = from;
        while (to < from + length(type) && bytes[to] != 0) {
            to++;
        }
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    /** Parses a nest as old families do. */
    Attributes nested(int type, AttributePolicy policy) {
        return parse(bytes, origin, payload(type), payload(type) + length(type), policy, false);
    }

    /** Parses a nest as newer families do. */
    Attributes nestedStrict(int type, AttributePolicy policy) {
        return parse(bytes, origin, payload(type), payload(type) + length(type), policy, true);
    }

    /** An attribute of a list of nests. */
    final class Item {
        private final int place;

        private Item(int place) {
            this.place = place;
        }

        int type() {
            return rawType(place) & NetlinkNumbers.ATTRIBUTE_TYPE_MASK;
        }

        boolean isFlaggedNest() {
            return (rawType(place) & NetlinkNumbers.ATTRIBUTE_NESTED) != 0;
        }

        Attributes nestedStrict(AttributePolicy policy) {
            int from = place + NetlinkNumbers.ATTRIBUTE_HEADER;
            return parse(bytes, origin, from, place + HostOrder.u16(bytes, place), policy, true);
        }
    }

    /** Returns the attributes of a nest one by one, whatever their types. */
    List<Item> items(int type) {
        List<Item> items = new ArrayList<>();
        int end = payload(type) + length(type);
        for (int at = payload(type);
                isAttribute(bytes, at, end);
                at += NetlinkNumbers.align(HostOrder.u16(bytes, at))) {
            items.add(new Item(at));
        }
        return items;
    }

    private int rawType(int place) {
        return HostOrder.u16(bytes, place + 2);
    }
}
