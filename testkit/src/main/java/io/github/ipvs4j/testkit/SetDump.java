// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.MessageWriter;
import org.jspecify.annotations.Nullable;

/**
 * A listing of sets, one message to a datagram; a large set goes on over several.
 *
 * <p>Follows {@code ip_set_dump_do} in {@code net/netfilter/ipset/ip_set_core.c}.
 */
final class SetDump implements Dump {
    private static final int NEST = NetlinkNumbers.ATTRIBUTE_HEADER;
    private static final int PORT_SIZE = 8;
    private static final int PROTOCOL_SIZE = 8;
    private static final int LENGTH_SIZE = 8;

    private final SimulatedIpsets sets;
    private final @Nullable SimulatedSet only;
    private final int flags;
    private final int protocol;
    private int index;
    private int position;
    private @Nullable SimulatedSet held;

    SetDump(SimulatedIpsets sets, @Nullable SimulatedSet only, int flags, int protocol) {
        this.sets = sets;
        this.only = only;
        this.flags = flags;
        this.protocol = protocol;
    }

    @Override
    public void fill(Datagram page) {
        SimulatedSet set = held != null ? held : next();
        if (set == null) {
            return;
        }
        MessageWriter out = page.begin(
                        IpsetNumbers.SUBSYSTEM << Byte.SIZE | IpsetNumbers.LIST, NetlinkNumbers.FLAG_MULTI)
                .netfilterHeader(IpsetNumbers.FAMILY_IPV4, 0, 0)
                .u8(IpsetNumbers.ATTR_PROTOCOL, protocol)
                .string(IpsetNumbers.ATTR_NAME, set.name());
        boolean complete = (flags & IpsetNumbers.FLAG_LIST_NAMES) != 0 || writeContents(out, page, set);
        page.end();
        hold(complete ? null : set);
    }

    /** Returns the next set to begin with. */
    private @Nullable SimulatedSet next() {
        position = 0;
        if (only != null) {
            return index++ == 0 ? only : null;
        }
        while (index < sets.indexes()) {
            SimulatedSet set = sets.at(index++);
            if (set != null) {
                return set;
            }
        }
        return null;
    }

    private boolean writeContents(MessageWriter out, Datagram page, SimulatedSet set) {
        if (position == 0) {
            writeType(out, set.settings());
            out.u16be(IpsetNumbers.ATTR_INDEX | NetlinkNumbers.ATTRIBUTE_NETWORK_ORDER, sets.indexOf(set));
            writeHeader(out, set);
        }
        return (flags & IpsetNumbers.FLAG_LIST_HEADERS) != 0 || writeElements(out, page, set);
    }

    static void writeType(MessageWriter out, SetSettings settings) {
        out.string(IpsetNumbers.ATTR_TYPE_NAME, settings.kind().typeName())
                .u8(IpsetNumbers.ATTR_FAMILY, familyNumber(settings))
                .u8(IpsetNumbers.ATTR_REVISION, settings.revision());
    }

    static int familyNumber(SetSettings settings) {
        IpFamily family = settings.family();
        return family == null ? 0 : family.number();
    }

    private static void writeHeader(MessageWriter out, SimulatedSet set) {
        SetSettings settings = set.settings();
        int data = out.beginNested(IpsetNumbers.ATTR_DATA);
        if (settings.kind().isHash()) {
            u32(out, IpsetNumbers.HASH_SIZE, settings.hashSize());
            u32(out, IpsetNumbers.MAX_ELEMENTS, settings.maxElements());
            if (settings.revision() == settings.kind().revision()) {
                out.u8(IpsetNumbers.BUCKET_SIZE, settings.bucketSize());
                u32(out, IpsetNumbers.INITVAL, System.identityHashCode(set));
            }
        } else {
            port(out, IpsetNumbers.PORT, settings.first());
            port(out, IpsetNumbers.PORT_TO, settings.last());
        }
        u32(out, IpsetNumbers.REFERENCES, 0);
        u32(out, IpsetNumbers.MEMORY, memory(set));
        u32(out, IpsetNumbers.ELEMENTS, set.elements().size());
        out.endNested(data);
    }

    /** Returns a size that could be true: it grows with the set. */
    private static int memory(SimulatedSet set) {
        int element = elementSize(set.settings());
        return 200 + element * set.elements().size();
    }

    /** Writes elements from the present position; false if some are left for another message. */
    private boolean writeElements(MessageWriter out, Datagram page, SimulatedSet set) {
        int size = elementSize(set.settings());
        int list = out.beginNested(IpsetNumbers.ATTR_ENTRIES);
        int seen = 0;
        boolean complete = true;
        for (SetElement element : set.elements()) {
            if (seen++ < position) {
                continue;
            }
            if (page.room() < size) {
                complete = false;
                break;
            }
            write(out, element);
            position++;
        }
        out.endNested(list);
        return complete;
    }

    /** Returns how many bytes an element takes in a listing. */
    private static int elementSize(SetSettings settings) {
        IpFamily family = settings.family();
        int address = family == null ? 0 : 2 * NEST + family.addressLength();
        SetKind kind = settings.kind();
        return NEST
                + (kind.hasAddress() ? address : 0)
                + (kind.hasSecondAddress() ? address : 0)
                + (kind.hasNetwork() ? LENGTH_SIZE : 0)
                + (kind.hasPort() ? PORT_SIZE : 0)
                + (kind.hasProtocol() ? PROTOCOL_SIZE : 0);
    }

    private static void write(MessageWriter out, SetElement element) {
        int data = out.beginNested(IpsetNumbers.ATTR_DATA);
        IpAddress address = element.address();
        IpAddress second = element.second();
        if (address != null) {
            address(out, IpsetNumbers.IP, address);
        }
        if (second != null) {
            address(out, IpsetNumbers.IP2, second);
        }
        if (address == null || element.protocol() != 0) {
            port(out, IpsetNumbers.PORT, element.port());
        }
        if (element.length() != 0) {
            out.u8(IpsetNumbers.CIDR2, element.length());
        }
        if (element.protocol() != 0) {
            out.u8(IpsetNumbers.PROTO, element.protocol());
        }
        out.endNested(data);
    }

    private static void address(MessageWriter out, int type, IpAddress address) {
        int nest = out.beginNested(type);
        boolean ipv4 = address.family() == IpFamily.IPV4;
        out.address(ipv4 ? IpsetNumbers.ADDRESS_IPV4 : IpsetNumbers.ADDRESS_IPV6, address);
        out.endNested(nest);
    }

    private static void port(MessageWriter out, int type, int port) {
        out.u16be(type | NetlinkNumbers.ATTRIBUTE_NETWORK_ORDER, port);
    }

    private static void u32(MessageWriter out, int type, int value) {
        out.u32be(type | NetlinkNumbers.ATTRIBUTE_NETWORK_ORDER, value);
    }

    private void hold(@Nullable SimulatedSet set) {
        if (held != null && held != set) {
            held.endListing();
        }
        if (set != null && held != set) {
            set.beginListing();
        }
        held = set;
    }

    @Override
    public void close() {
        hold(null);
    }
}
