// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.ConntrackEntry.Direction;
import io.github.ipvs4j.netlink.ConntrackEntry.Zone;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.testkit.AttributePolicy.Kind;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads tuples, zones and filters from requests, with the checks in the kernel's order.
 *
 * <p>Follows {@code ctnetlink_parse_tuple_filter}, {@code ctnetlink_parse_zone} and {@code ctnetlink_alloc_filter} in
 * {@code net/netfilter/nf_conntrack_netlink.c}.
 */
final class ConntrackParser {
    static final AttributePolicy TOP = AttributePolicy.upTo(ConntrackNumbers.MAX)
            .with(
                    Kind.NESTED,
                    ConntrackNumbers.ORIGINAL,
                    ConntrackNumbers.REPLY,
                    ConntrackNumbers.PROTOCOL_INFO,
                    ConntrackNumbers.HELP,
                    ConntrackNumbers.NAT_SOURCE,
                    ConntrackNumbers.NAT_DESTINATION,
                    ConntrackNumbers.MASTER,
                    ConntrackNumbers.SEQUENCE_ORIGINAL,
                    ConntrackNumbers.SEQUENCE_REPLY,
                    ConntrackNumbers.FILTER)
            .with(
                    Kind.U32,
                    ConntrackNumbers.STATUS,
                    ConntrackNumbers.TIMEOUT,
                    ConntrackNumbers.MARK,
                    ConntrackNumbers.ID,
                    ConntrackNumbers.MARK_MASK,
                    ConntrackNumbers.STATUS_MASK)
            .with(Kind.U16, ConntrackNumbers.ZONE)
            .withLimited(Kind.BINARY, 16, ConntrackNumbers.LABELS, ConntrackNumbers.LABELS_MASK);

    private static final AttributePolicy TUPLE = AttributePolicy.upTo(ConntrackNumbers.TUPLE_MAX)
            .with(Kind.NESTED, ConntrackNumbers.TUPLE_IP, ConntrackNumbers.TUPLE_PROTOCOL)
            .with(Kind.U16, ConntrackNumbers.TUPLE_ZONE);

    private static final AttributePolicy ADDRESSES = AttributePolicy.upTo(ConntrackNumbers.IP_MAX)
            .with(Kind.U32, ConntrackNumbers.IPV4_SOURCE, ConntrackNumbers.IPV4_DESTINATION)
            .withLimited(Kind.AT_LEAST, 16, ConntrackNumbers.IPV6_SOURCE, ConntrackNumbers.IPV6_DESTINATION);

    private static final AttributePolicy PROTOCOL =
            AttributePolicy.upTo(ConntrackNumbers.PROTOCOL_MAX).with(Kind.U8, ConntrackNumbers.PROTOCOL);

    private static final AttributePolicy PORTS =
            PROTOCOL.with(Kind.U16, ConntrackNumbers.SOURCE_PORT, ConntrackNumbers.DESTINATION_PORT);

    private static final AttributePolicy FILTER = AttributePolicy.upTo(ConntrackNumbers.FILTER_MAX)
            .with(Kind.U32, ConntrackNumbers.FILTER_ORIGINAL, ConntrackNumbers.FILTER_REPLY);

    private final boolean zones;
    private final KernelRelease release;

    ConntrackParser(boolean zones, KernelRelease release) {
        this.zones = zones;
        this.release = release;
    }

    /** Parses a nest whose faults the kernel reports without a text. */
    static Attributes silently(Supplier<Attributes> parse) {
        try {
            return parse.get();
        } catch (Refused why) {
            throw new Refused(why.errno());
        }
    }

    static Refused invalid() {
        return new Refused(ErrorNumbers.EINVAL);
    }

    /** Reads the zone of both directions. */
    Zone zone(Attributes top) {
        if (!top.has(ConntrackNumbers.ZONE)) {
            return Zone.DEFAULT;
        }
        requireZones();
        return Zone.of(top.u16be(ConntrackNumbers.ZONE));
    }

    private void requireZones() {
        if (!zones) {
            throw new Refused(ErrorNumbers.EOPNOTSUPP);
        }
    }

    /** A tuple and the zone that a request gives it. */
    record Zoned(TrackedTuple tuple, Zone zone) {}

    /** Reads a whole tuple; it may say of itself that the zone holds for its direction only. */
    Zoned tuple(Attributes top, int type, int family, Zone zone) {
        return tuple(top, type, family, zone, ConntrackNumbers.LOOK_AT_ALL);
    }

    private Zoned tuple(Attributes top, int type, int family, Zone zone, int look) {
        Attributes nest = silently(() -> top.nested(type, TUPLE));
        IpFamily known = IpFamily.find(family).orElseThrow(() -> new Refused(ErrorNumbers.EOPNOTSUPP));
        IpAddress none = IpAddress.of(new byte[known.addressLength()]);
        IpAddress[] hosts = {none, none};
        if ((look & (ConntrackNumbers.LOOK_SOURCE | ConntrackNumbers.LOOK_DESTINATION)) != 0) {
            hosts = addresses(require(nest, ConntrackNumbers.TUPLE_IP), known, look);
        }
        int protocol = 0;
        int[] selector = {0, 0};
        if ((look & ConntrackNumbers.LOOK_PROTOCOL) != 0) {
            Attributes parts = silently(() ->
                    require(nest, ConntrackNumbers.TUPLE_PROTOCOL).nested(ConntrackNumbers.TUPLE_PROTOCOL, PROTOCOL));
            protocol = require(parts, ConntrackNumbers.PROTOCOL).u8(ConntrackNumbers.PROTOCOL);
            selector = selector(nest, protocol, look);
        } else if ((look & ConntrackNumbers.LOOK_BEYOND_PROTOCOL) != 0) {
            throw invalid();
        }
        Zone place = zone;
        if ((look & ConntrackNumbers.LOOK_ZONE) != 0 && nest.has(ConntrackNumbers.TUPLE_ZONE)) {
            place = zoneOfDirection(nest, type, zone);
        }
        return new Zoned(new TrackedTuple(hosts[0], hosts[1], protocol, selector[0], selector[1]), place);
    }

    private Zone zoneOfDirection(Attributes nest, int type, Zone zone) {
        if (zone.id() != 0) {
            throw invalid();
        }
        requireZones();
        return new Zone(
                nest.u16be(ConntrackNumbers.TUPLE_ZONE),
                type == ConntrackNumbers.REPLY ? Direction.REPLY : Direction.ORIGINAL);
    }

    private static Attributes require(Attributes attributes, int type) {
        if (!attributes.has(type)) {
            throw invalid();
        }
        return attributes;
    }

    private static IpAddress[] addresses(Attributes nest, IpFamily family, int look) {
        Attributes parts = silently(() -> nest.nested(ConntrackNumbers.TUPLE_IP, ADDRESSES));
        boolean ipv4 = family == IpFamily.IPV4;
        int source = ipv4 ? ConntrackNumbers.IPV4_SOURCE : ConntrackNumbers.IPV6_SOURCE;
        int destination = ipv4 ? ConntrackNumbers.IPV4_DESTINATION : ConntrackNumbers.IPV6_DESTINATION;
        IpAddress none = IpAddress.of(new byte[family.addressLength()]);
        return new IpAddress[] {
            (look & ConntrackNumbers.LOOK_SOURCE) == 0
                    ? none
                    : require(parts, source).address(source, family),
            (look & ConntrackNumbers.LOOK_DESTINATION) == 0
                    ? none
                    : require(parts, destination).address(destination, family)
        };
    }

    private int[] selector(Attributes nest, int protocol, int look) {
        if (TrackedTuple.hasPorts(protocol, release.hasUdpLite())) {
            Attributes ports = silently(() -> nest.nested(ConntrackNumbers.TUPLE_PROTOCOL, PORTS));
            return new int[] {
                u16(ports, ConntrackNumbers.SOURCE_PORT, look & ConntrackNumbers.LOOK_SOURCE_PORT),
                u16(ports, ConntrackNumbers.DESTINATION_PORT, look & ConntrackNumbers.LOOK_DESTINATION_PORT)
            };
        }
        if (!TrackedTuple.isIcmp(protocol)) {
            return new int[] {0, 0};
        }
        boolean six = protocol == TrackedTuple.ICMPV6;
        int toSix = six ? ConntrackNumbers.TO_ICMPV6 : 0;
        int looked = six ? look >>> ConntrackNumbers.LOOK_TO_ICMPV6 : look;
        AttributePolicy policy = PROTOCOL.with(Kind.U16, ConntrackNumbers.ICMP_ID + toSix)
                .with(Kind.U8, ConntrackNumbers.ICMP_TYPE + toSix, ConntrackNumbers.ICMP_CODE + toSix);
        Attributes icmp = silently(() -> nest.nested(ConntrackNumbers.TUPLE_PROTOCOL, policy));
        int type = u8(icmp, ConntrackNumbers.ICMP_TYPE + toSix, looked & ConntrackNumbers.LOOK_ICMP_TYPE);
        if ((looked & ConntrackNumbers.LOOK_ICMP_TYPE) != 0 && !TrackedTuple.isIcmpType(protocol, type)) {
            throw invalid();
        }
        int code = u8(icmp, ConntrackNumbers.ICMP_CODE + toSix, looked & ConntrackNumbers.LOOK_ICMP_CODE);
        int id = u16(icmp, ConntrackNumbers.ICMP_ID + toSix, looked & ConntrackNumbers.LOOK_ICMP_ID);
        return new int[] {id, type << Byte.SIZE | code};
    }

    private static int u16(Attributes attributes, int type, int looked) {
        return looked == 0 ? 0 : require(attributes, type).u16be(type);
    }

    private static int u8(Attributes attributes, int type, int looked) {
        return looked == 0 ? 0 : require(attributes, type).u8(type);
    }

    /** Tells whether a request names anything that makes the kernel filter at all. */
    private boolean filters(Attributes top, int family) {
        return family != 0
                || top.has(ConntrackNumbers.MARK)
                || top.has(ConntrackNumbers.FILTER)
                || top.has(ConntrackNumbers.STATUS)
                || (release.filtersConntrackByZone() && top.has(ConntrackNumbers.ZONE));
    }

    /** Reads what a listing or a flush is limited to; null for nothing. */
    @Nullable
    ConntrackSelection selection(Attributes top, int family) {
        if (!filters(top, family)) {
            return null;
        }
        int[] mark = word(top, ConntrackNumbers.MARK, ConntrackNumbers.MARK_MASK, true);
        int[] status = word(top, ConntrackNumbers.STATUS, ConntrackNumbers.STATUS_MASK, false);
        Zone zone = null;
        if (release.filtersConntrackByZone() && top.has(ConntrackNumbers.ZONE)) {
            zone = zone(top);
        }
        ConntrackSelection plain = new ConntrackSelection(family, mark[0], mark[1], status[0], status[1], zone);
        if (!top.has(ConntrackNumbers.FILTER)) {
            return plain;
        }
        Zone place = release.filtersConntrackByZone() ? Zone.DEFAULT : zone(top);
        Attributes filter = silently(() -> {
            if (!top.isFlaggedNest(ConntrackNumbers.FILTER)) {
                throw invalid();
            }
            return top.nestedStrict(ConntrackNumbers.FILTER, FILTER);
        });
        int original = flags(filter, ConntrackNumbers.FILTER_ORIGINAL);
        int reply = flags(filter, ConntrackNumbers.FILTER_REPLY);
        return plain.with(
                original,
                original == 0 ? null : partial(top, ConntrackNumbers.ORIGINAL, family, place, original),
                reply,
                reply == 0 ? null : partial(top, ConntrackNumbers.REPLY, family, place, reply));
    }

    private TrackedTuple partial(Attributes top, int type, int family, Zone zone, int look) {
        return tuple(require(top, type), type, family, zone, look).tuple();
    }

    private static int flags(Attributes filter, int type) {
        int flags = filter.has(type) ? filter.i32(type) : 0;
        if ((flags & ~ConntrackNumbers.LOOK_AT_ALL) != 0) {
            throw invalid();
        }
        return flags;
    }

    /** Reads a value and its mask, which is the value itself or all bits where it is missing. */
    private static int[] word(Attributes top, int type, int maskType, boolean wholeByDefault) {
        if (!top.has(type)) {
            if (top.has(maskType)) {
                throw invalid();
            }
            return new int[] {0, 0};
        }
        int value = top.i32be(type);
        int whole = wholeByDefault ? -1 : value;
        int mask = top.has(maskType) ? top.i32be(maskType) : whole;
        if (!wholeByDefault && mask == 0) {
            throw invalid();
        }
        return new int[] {value, mask};
    }
}
