// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.IpPrefix;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A route of the local table, as it follows from an address of a link.
 *
 * <p>Follows {@code fib_add_ifaddr} in {@code net/ipv4/fib_frontend.c} and {@code addrconf_f6i_alloc} and
 * {@code addrconf_add_mroute} in {@code net/ipv6}.
 *
 * @param destination what it is about
 * @param link its interface
 * @param type its number, {@code RTN_LOCAL} and the like
 * @param source the address that speaks for this host, null in IPv6
 */
record LocalRouteEntry(
        IpPrefix destination,
        LinkEntry link,
        int type,
        @Nullable IpAddress source) {
    private static final IpPrefix MULTICAST6 = IpPrefix.of("ff00::/8");

    static List<LocalRouteEntry> of(Collection<LinkEntry> links, IpFamily family) {
        List<LocalRouteEntry> routes = new ArrayList<>();
        for (LinkEntry link : links) {
            for (LinkAddress own : link.addresses(family)) {
                IpAddress source = family == IpFamily.IPV4 ? own.address() : null;
                routes.add(new LocalRouteEntry(IpPrefix.single(own.address()), link, RouteNumbers.LOCAL, source));
                if (family == IpFamily.IPV4 && link.isUp() && !own.isSecondary()) {
                    addNetwork(routes, link, own);
                }
            }
            if (family == IpFamily.IPV6 && link.isUp() && !link.isLoopback()) {
                routes.add(new LocalRouteEntry(MULTICAST6, link, RouteNumbers.MULTICAST, null));
            }
        }
        routes.sort(Comparator.comparing((LocalRouteEntry route) -> route.destination.address())
                .thenComparingInt(route -> route.destination.length()));
        return routes;
    }

    private static void addNetwork(List<LocalRouteEntry> routes, LinkEntry link, LinkAddress own) {
        if (link.isLoopback() && own.prefixLength() < IpFamily.IPV4.maxPrefixLength()) {
            IpPrefix network = new IpPrefix(own.address(), own.prefixLength());
            routes.add(new LocalRouteEntry(network, link, RouteNumbers.LOCAL, own.address()));
        }
        if (own.prefixLength() <= SimulatedLinks.LONGEST_WITH_BROADCAST) {
            IpPrefix all = IpPrefix.single(AddressTypes.last(own.address(), own.prefixLength()));
            routes.add(new LocalRouteEntry(all, link, RouteNumbers.BROADCAST_ROUTE, own.address()));
        }
    }
}
