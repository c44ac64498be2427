// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import io.github.ipvs4j.netlink.AttributeReader;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.MessageWriter;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Entries as attributes, both ways. A codec keeps the parts of the entry at hand; it serves one thread.
 *
 * <p>Follows {@code hash_ip4_uadt} and its like in {@code net/netfilter/ipset/ip_set_hash_*.c}. Attributes are written
 * in the order of the program ipset.
 */
final class EntryCodec {
    private final EntryParts parts = new EntryParts();
    private final EntryParts last = new EntryParts();
    private final OptionCodec options = new OptionCodec();

    /** Appends the attributes of an entry or range, and of what it carries, to the nest that is open. */
    void write(MessageWriter out, SetMember member) {
        EntrySpec spec = member.spec();
        if (spec instanceof EntryRange range) {
            parts.take(range.first());
            last.take(range.last());
            write(out, parts, last, member.options());
        } else if (spec instanceof SetEntry entry) {
            parts.take(entry);
            write(out, parts, parts, member.options());
        }
    }

    private static void write(MessageWriter out, EntryParts from, EntryParts to, EntryOptions carried) {
        address(out, IpsetEntryAttributes.IP, from.address);
        if (to.address != null && !Objects.equals(to.address, from.address)) {
            address(out, IpsetEntryAttributes.IP_TO, to.address);
        }
        if (from.prefix >= 0) {
            out.u8(IpsetEntryAttributes.PREFIX, from.prefix);
        }
        if (from.hasPort) {
            out.u16be(IpsetEntryAttributes.PORT | MessageWriter.NETWORK_ORDER, from.port);
            if (to.port != from.port) {
                out.u16be(IpsetEntryAttributes.PORT_TO | MessageWriter.NETWORK_ORDER, to.port);
            }
        }
        OptionCodec.writeTimeout(out, carried);
        if (from.protocol != 0) {
            out.u8(IpsetEntryAttributes.PROTOCOL, from.protocol);
        }
        int flags = flags(from, carried);
        if (flags != 0) {
            out.u32be(IpsetEntryAttributes.FLAGS | MessageWriter.NETWORK_ORDER, flags);
        }
        if (from.hasMark) {
            out.u32be(IpsetEntryAttributes.MARK | MessageWriter.NETWORK_ORDER, from.mark);
        }
        if (from.mac != null) {
            out.bytes(IpsetEntryAttributes.ETHER, from.mac.bytes());
        }
        if (from.name != null && from.address == null) {
            out.string(IpsetEntryAttributes.NAME, from.name);
            carried.placement().ifPresent(place -> out.string(IpsetEntryAttributes.NAME_REFERENCE, place.set()));
        }
        writeSecond(out, from, to);
        if (!carried.isNone()) {
            OptionCodec.write(out, carried);
        }
    }

    private static void writeSecond(MessageWriter out, EntryParts from, EntryParts to) {
        address(out, IpsetEntryAttributes.IP2, from.second);
        if (from.secondPrefix >= 0) {
            out.u8(IpsetEntryAttributes.PREFIX2, from.secondPrefix);
        }
        if (to.second != null && !Objects.equals(to.second, from.second)) {
            address(out, IpsetEntryAttributes.IP2_TO, to.second);
        }
        if (from.name != null && from.address != null) {
            out.string(IpsetEntryAttributes.INTERFACE, from.name);
        }
    }

    private static int flags(EntryParts from, EntryOptions carried) {
        boolean before = !carried.isNone()
                && carried.placement().isPresent()
                && carried.placement().get().before();
        return (before ? IpsetEntryAttributes.FLAG_BEFORE : 0)
                | (from.physical ? IpsetEntryAttributes.FLAG_PHYSICAL : 0)
                | (from.wildcard ? IpsetEntryAttributes.FLAG_WILDCARD : 0)
                | (carried.nomatch() ? IpsetEntryAttributes.FLAG_NOMATCH : 0);
    }

    /** Appends a nest with an address, unless there is none. */
    static void address(MessageWriter out, int type, @Nullable IpAddress address) {
        if (address == null) {
            return;
        }
        int nest = out.beginNested(type);
        int inner = address.family() == IpFamily.IPV4
                ? IpsetEntryAttributes.ADDRESS_IPV4
                : IpsetEntryAttributes.ADDRESS_IPV6;
        out.address(inner | MessageWriter.NETWORK_ORDER, address);
        out.endNested(nest);
    }

    /**
     * Reads the entry in the nest under the cursor.
     *
     * @return null if the attributes are not those of the type
     */
    @Nullable
    SetEntry read(SetType type, AttributeReader in) {
        parts.clear();
        options.clear();
        in.enter();
        while (in.next()) {
            switch (in.type()) {
                case IpsetEntryAttributes.IP -> parts.address = address(in);
                case IpsetEntryAttributes.IP2 -> parts.second = address(in);
                case IpsetEntryAttributes.PREFIX -> parts.prefix = in.u8();
                case IpsetEntryAttributes.PREFIX2 -> parts.secondPrefix = in.u8();
                case IpsetEntryAttributes.PROTOCOL -> parts.protocol = in.u8();
                case IpsetEntryAttributes.PORT -> {
                    parts.port = in.u16be();
                    parts.hasPort = true;
                }
                case IpsetEntryAttributes.MARK -> {
                    parts.mark = in.u32be();
                    parts.hasMark = true;
                }
                case IpsetEntryAttributes.ETHER -> parts.mac = in.length() < 6 ? null : mac(in);
                case IpsetEntryAttributes.NAME, IpsetEntryAttributes.INTERFACE -> parts.name = in.string();
                case IpsetEntryAttributes.FLAGS -> readFlags(in.u32be());
                // Time left, counters, comment and the like, and what a newer kernel may say.
                default -> options.read(in);
            }
        }
        in.leave();
        return parts.entry(type);
    }

    private void readFlags(int flags) {
        parts.physical = (flags & IpsetEntryAttributes.FLAG_PHYSICAL) != 0;
        parts.wildcard = (flags & IpsetEntryAttributes.FLAG_WILDCARD) != 0;
        options.readFlags(flags);
    }

    private static MacAddress mac(AttributeReader in) {
        return MacAddress.of(Arrays.copyOf(in.bytes(), 6));
    }

    /** Returns what the entry that was read last carries. */
    EntryOptions options() {
        return options.get();
    }

    /** Reads the nest with an address under the cursor; null if it is of no family that is known. */
    static @Nullable IpAddress address(AttributeReader in) {
        IpAddress address = null;
        in.enter();
        while (in.next()) {
            switch (in.type()) {
                case IpsetEntryAttributes.ADDRESS_IPV4 -> address = in.address(IpFamily.IPV4);
                case IpsetEntryAttributes.ADDRESS_IPV6 -> address = in.address(IpFamily.IPV6);
                default -> {
                    // No third family is known.
                }
            }
        }
        in.leave();
        return address;
    }
}
