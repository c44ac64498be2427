// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.MessageWriter;
import io.github.ipvs4j.testkit.AttributePolicy.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Listings of the local table.
 *
 * <p>Follows {@code inet_dump_fib} in {@code net/ipv4/fib_frontend.c}, {@code fib_dump_info} and {@code rt6_fill_node}.
 */
final class RouteListing {
    private static final AttributePolicy POLICY =
            AttributePolicy.upTo(RouteNumbers.RTA_MAX).with(Kind.U32, RouteNumbers.RTA_LINK, RouteNumbers.RTA_TABLE);

    private static final int IPV6_PRIORITY = 0;
    private static final int IPV6_MULTICAST_PRIORITY = 256;

    private RouteListing() {}

    /** Makes a listing, if the request is for nothing but the local table. */
    static Dump dump(SimulatedLinks links, RequestMessage request, boolean strict) {
        Attributes attributes = request.attributes(RouteNumbers.ROUTE_HEADER, POLICY);
        int table = attributes.has(RouteNumbers.RTA_TABLE)
                ? attributes.i32(RouteNumbers.RTA_TABLE)
                : request.u8(RouteNumbers.ROUTE_TABLE);
        boolean others = request.u8(RouteNumbers.ROUTE_TYPE) != 0 || attributes.has(RouteNumbers.RTA_LINK);
        if (!strict || others || table != RouteNumbers.TABLE_LOCAL) {
            throw new Refused(ErrorNumbers.EOPNOTSUPP);
        }
        return new PlainDump<>(
                RouteNumbers.NEW_ROUTE,
                NetlinkNumbers.FLAG_DUMP_FILTERED,
                () -> entries(links, request.u8(0)),
                RouteListing::write);
    }

    private static Collection<LocalRouteEntry> entries(SimulatedLinks links, int family) {
        List<LocalRouteEntry> entries = new ArrayList<>();
        boolean ipv6 = links.hasIpv6() && family != RouteNumbers.IPV4;
        if (!ipv6 || family != RouteNumbers.IPV6) {
            entries.addAll(LocalRouteEntry.of(links.all(), IpFamily.IPV4));
        }
        if (ipv6) {
            entries.addAll(LocalRouteEntry.of(links.all(), IpFamily.IPV6));
        }
        return entries;
    }

    private static void write(MessageWriter out, LocalRouteEntry route) {
        IpAddress destination = route.destination().address();
        boolean ipv4 = destination.family() == IpFamily.IPV4;
        out.headerU8(destination.family().number())
                .headerU8(route.destination().length())
                .headerU8(0)
                .headerU8(0)
                .headerU8(RouteNumbers.TABLE_LOCAL)
                .headerU8(RouteNumbers.PROTOCOL_KERNEL)
                .headerU8(ipv4 ? scope(route) : RouteNumbers.SCOPE_UNIVERSE)
                .headerU8(route.type())
                .headerU32(0);
        IpAddress source = route.source();
        if (source != null) {
            out.u32(RouteNumbers.RTA_TABLE, RouteNumbers.TABLE_LOCAL)
                    .address(RouteNumbers.RTA_DESTINATION, destination)
                    .address(RouteNumbers.RTA_SOURCE, source)
                    .u32(RouteNumbers.RTA_LINK, route.link().index());
        } else {
            boolean multicast = route.type() == RouteNumbers.MULTICAST;
            out.address(RouteNumbers.RTA_DESTINATION, destination)
                    .u32(RouteNumbers.RTA_TABLE, RouteNumbers.TABLE_LOCAL)
                    .u32(RouteNumbers.RTA_PRIORITY, multicast ? IPV6_MULTICAST_PRIORITY : IPV6_PRIORITY)
                    .u32(RouteNumbers.RTA_LINK, route.link().index());
        }
    }

    private static int scope(LocalRouteEntry route) {
        return route.type() == RouteNumbers.LOCAL ? RouteNumbers.SCOPE_HOST : RouteNumbers.SCOPE_LINK;
    }
}
