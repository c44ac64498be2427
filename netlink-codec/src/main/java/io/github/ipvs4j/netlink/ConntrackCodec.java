// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import io.github.ipvs4j.netlink.ConntrackEntry.Direction;
import io.github.ipvs4j.netlink.ConntrackEntry.SynProxy;
import io.github.ipvs4j.netlink.ConntrackEntry.Zone;
import io.github.ipvs4j.netlink.ConntrackEvent.Kind;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes and reads entries of the connection table; unknown attributes are stepped over. */
final class ConntrackCodec {
    private ConntrackCodec() {}

    static void header(MessageWriter out, int family) {
        out.netfilterHeader(family, 0, 0);
    }

    /** Writes a whole entry, in the order in which the conntrack tool does. */
    static void entry(MessageWriter out, ConntrackEntry entry) {
        tuple(out, ConntrackLayout.ORIGINAL, entry.original(), entry.zone().idFor(Direction.ORIGINAL));
        tuple(out, ConntrackLayout.REPLY, entry.reply(), entry.zone().idFor(Direction.REPLY));
        out.u32be(ConntrackLayout.STATUS, entry.status())
                .u32be(ConntrackLayout.TIMEOUT, (int) entry.timeout().toSeconds())
                .u32be(ConntrackLayout.MARK, entry.mark());
        place(out, entry.zone(), entry.id());
        entry.synProxy().ifPresent(proxy -> synProxy(out, proxy));
    }

    private static void synProxy(MessageWriter out, SynProxy proxy) {
        int nest = out.beginNested(ConntrackLayout.SYNPROXY);
        out.u32be(ConntrackLayout.SYNPROXY_SEQUENCE, proxy.sequence())
                .u32be(ConntrackLayout.SYNPROXY_TIMESTAMP, proxy.timestamp())
                .u32be(ConntrackLayout.SYNPROXY_OFFSET, proxy.timestampOffset())
                .endNested(nest);
    }

    private static SynProxy synProxy(AttributeReader attributes) {
        int sequence = 0;
        int timestamp = 0;
        int offset = 0;
        attributes.enter();
        while (attributes.next()) {
            switch (attributes.type()) {
                case ConntrackLayout.SYNPROXY_SEQUENCE -> sequence = attributes.u32be();
                case ConntrackLayout.SYNPROXY_TIMESTAMP -> timestamp = attributes.u32be();
                case ConntrackLayout.SYNPROXY_OFFSET -> offset = attributes.u32be();
                default -> {
                    // Nothing else is known.
                }
            }
        }
        attributes.leave();
        return new SynProxy(sequence, timestamp, offset);
    }

    /** Writes what finds one entry: its original tuple, its zone, and its number if that is known. */
    static void key(MessageWriter out, ConntrackTuple original, Zone zone, int id) {
        tuple(out, ConntrackLayout.ORIGINAL, original, zone.idFor(Direction.ORIGINAL));
        place(out, zone, id);
    }

    private static void place(MessageWriter out, Zone zone, int id) {
        int both = zone.idFor(Direction.BOTH);
        if (both != 0) {
            out.u16be(ConntrackLayout.ZONE, both);
        }
        if (id != 0) {
            out.u32be(ConntrackLayout.ID, id);
        }
    }

    private static void tuple(MessageWriter out, int type, ConntrackTuple tuple, int zone) {
        int nest = out.beginNested(type);
        boolean ipv4 = tuple.family() == IpFamily.IPV4;
        int ip = out.beginNested(ConntrackLayout.TUPLE_IP);
        out.address(ipv4 ? ConntrackLayout.IPV4_SOURCE : ConntrackLayout.IPV6_SOURCE, tuple.source())
                .address(
                        ipv4 ? ConntrackLayout.IPV4_DESTINATION : ConntrackLayout.IPV6_DESTINATION, tuple.destination())
                .endNested(ip);
        int protocol = out.beginNested(ConntrackLayout.TUPLE_PROTOCOL);
        out.u8(ConntrackLayout.PROTOCOL_NUMBER, tuple.protocol());
        if (tuple.selector() instanceof ConntrackTuple.Ports ports) {
            out.u16be(ConntrackLayout.SOURCE_PORT, ports.source())
                    .u16be(ConntrackLayout.DESTINATION_PORT, ports.destination());
        } else if (tuple.selector() instanceof ConntrackTuple.Icmp icmp) {
            int shift = icmpShift(tuple.protocol());
            out.u16be(ConntrackLayout.ICMP_ID + shift, icmp.id())
                    .u8(ConntrackLayout.ICMP_TYPE + shift, icmp.type())
                    .u8(ConntrackLayout.ICMP_CODE + shift, icmp.code());
        }
        out.endNested(protocol);
        if (zone != 0) {
            out.u16be(ConntrackLayout.TUPLE_ZONE, zone);
        }
        out.endNested(nest);
    }

    private static int icmpShift(int protocol) {
        return protocol == ConntrackTuple.ICMPV6 ? ConntrackLayout.ICMPV6_ID - ConntrackLayout.ICMP_ID : 0;
    }

    /** Reads an entry; empty if it is of another family than IPv4 and IPv6. */
    static Optional<ConntrackEntry> read(MessageReader message) {
        if (IpFamily.find(message.headerU8(ConntrackLayout.FAMILY)).isEmpty()) {
            return Optional.empty();
        }
        TupleParts original = null;
        TupleParts reply = null;
        int zone = 0;
        int status = 0;
        int mark = 0;
        int id = 0;
        long timeout = 0;
        SynProxy synProxy = null;
        AttributeReader attributes = message.attributes(ConntrackLayout.HEADER);
        while (attributes.next()) {
            switch (attributes.type()) {
                case ConntrackLayout.ORIGINAL -> original = new TupleParts(attributes);
                case ConntrackLayout.REPLY -> reply = new TupleParts(attributes);
                case ConntrackLayout.ZONE -> zone = attributes.u16be();
                case ConntrackLayout.STATUS -> status = attributes.u32be();
                case ConntrackLayout.MARK -> mark = attributes.u32be();
                case ConntrackLayout.TIMEOUT -> timeout = Integer.toUnsignedLong(attributes.u32be());
                case ConntrackLayout.ID -> id = attributes.u32be();
                case ConntrackLayout.SYNPROXY -> synProxy = synProxy(attributes);
                default -> {
                    // Counters, state of the protocol, labels, and what newer kernels say.
                }
            }
        }
        if (original == null || reply == null) {
            throw new MalformedReply("a conntrack entry without both tuples", 0, "CTA_TUPLE_ORIG, CTA_TUPLE_REPLY");
        }
        Duration left = Duration.ofSeconds(timeout);
        return Optional.of(new ConntrackEntry(
                original.tuple,
                reply.tuple,
                zone(zone, original, reply),
                status,
                mark,
                left,
                id,
                Optional.ofNullable(synProxy)));
    }

    /** Reads an event; empty for messages about other things and other families. */
    static Optional<ConntrackEvent> event(MessageReader message) {
        return switch (message.type()) {
            case ConntrackLayout.NEW ->
                event(message, (message.flags() & MessageFlags.CREATE) != 0 ? Kind.CREATED : Kind.UPDATED);
            case ConntrackLayout.DELETE -> event(message, Kind.DESTROYED);
            default -> Optional.empty();
        };
    }

    private static Optional<ConntrackEvent> event(MessageReader message, Kind kind) {
        return read(message).map(entry -> new ConntrackEvent.Changed(kind, entry));
    }

    private static Zone zone(int both, TupleParts original, TupleParts reply) {
        if (both != 0 || (original.zone == 0 && reply.zone == 0)) {
            return Zone.of(both);
        }
        return original.zone != 0 ? new Zone(original.zone, Direction.ORIGINAL) : new Zone(reply.zone, Direction.REPLY);
    }

    /** What the attributes of a tuple say, read from the nest under a cursor. */
    private static final class TupleParts {
        private final ConntrackTuple tuple;
        private @Nullable IpAddress source;
        private @Nullable IpAddress destination;
        private int protocol = -1;
        private int sourcePort = -1;
        private int destinationPort = -1;
        private int icmpId = -1;
        private int icmpType;
        private int icmpCode;
        private int zone;

        TupleParts(AttributeReader attributes) {
            attributes.enter();
            while (attributes.next()) {
                switch (attributes.type()) {
                    case ConntrackLayout.TUPLE_IP -> readAddresses(attributes);
                    case ConntrackLayout.TUPLE_PROTOCOL -> readProtocol(attributes);
                    case ConntrackLayout.TUPLE_ZONE -> zone = attributes.u16be();
                    default -> {
                        // Nothing else is known.
                    }
                }
            }
            attributes.leave();
            tuple = tuple(attributes);
        }

        private void readAddresses(AttributeReader attributes) {
            attributes.enter();
            while (attributes.next()) {
                switch (attributes.type()) {
                    case ConntrackLayout.IPV4_SOURCE -> source = attributes.address(IpFamily.IPV4);
                    case ConntrackLayout.IPV4_DESTINATION -> destination = attributes.address(IpFamily.IPV4);
                    case ConntrackLayout.IPV6_SOURCE -> source = attributes.address(IpFamily.IPV6);
                    case ConntrackLayout.IPV6_DESTINATION -> destination = attributes.address(IpFamily.IPV6);
                    default -> {
                        // Nothing else is known.
                    }
                }
            }
            attributes.leave();
        }

        private void readProtocol(AttributeReader attributes) {
            attributes.enter();
            while (attributes.next()) {
                switch (attributes.type()) {
                    case ConntrackLayout.PROTOCOL_NUMBER -> protocol = attributes.u8();
                    case ConntrackLayout.SOURCE_PORT -> sourcePort = attributes.u16be();
                    case ConntrackLayout.DESTINATION_PORT -> destinationPort = attributes.u16be();
                    case ConntrackLayout.ICMP_ID, ConntrackLayout.ICMPV6_ID -> icmpId = attributes.u16be();
                    case ConntrackLayout.ICMP_TYPE, ConntrackLayout.ICMPV6_TYPE -> icmpType = attributes.u8();
                    case ConntrackLayout.ICMP_CODE, ConntrackLayout.ICMPV6_CODE -> icmpCode = attributes.u8();
                    default -> {
                        // Nothing else is known.
                    }
                }
            }
            attributes.leave();
        }

        private ConntrackTuple tuple(AttributeReader attributes) {
            if (source == null || destination == null || protocol < 0) {
                throw attributes.malformed("a tuple without addresses or protocol");
            }
            if (source.family() != destination.family()) {
                throw attributes.malformed("a tuple with addresses of two families");
            }
            return new ConntrackTuple(source, destination, protocol, selector());
        }

        private ConntrackTuple.Selector selector() {
            if (icmpId >= 0 && ConntrackTuple.isIcmp(protocol)) {
                return new ConntrackTuple.Icmp(icmpId, icmpType, icmpCode);
            }
            // UDP-Lite has no ports on kernel 7.2, and protocols that the kernel does not know never have.
            return sourcePort >= 0 && destinationPort >= 0
                    ? new ConntrackTuple.Ports(sourcePort, destinationPort)
                    : ConntrackTuple.Selector.NONE;
        }
    }
}
