// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads rtnetlink's routes and events; unknown attributes are stepped over. */
final class RouteDecoder {
    private RouteDecoder() {}

    /** Reads a route of the local table; empty for other tables and for families other than IPv4 and IPv6. */
    static Optional<LocalRoute> localRoute(MessageReader message) {
        return IpFamily.find(message.headerU8(RouteLayout.ROUTE_FAMILY)).flatMap(family -> localRoute(message, family));
    }

    private static Optional<LocalRoute> localRoute(MessageReader message, IpFamily family) {
        int length = message.headerU8(RouteLayout.ROUTE_PREFIX);
        int table = message.headerU8(RouteLayout.ROUTE_TABLE);
        int link = 0;
        @Nullable IpAddress destination = null;
        AttributeReader attributes = message.attributes(RouteLayout.ROUTE_HEADER);
        while (attributes.next()) {
            switch (attributes.type()) {
                case RouteLayout.ROUTE_DESTINATION -> destination = attributes.address(family);
                case RouteLayout.ROUTE_LINK -> link = attributes.u32();
                case RouteLayout.ROUTE_TABLE_NUMBER -> table = attributes.u32();
                default -> {
                    // Preferred source, metrics, cache.
                }
            }
        }
        if (length > family.maxPrefixLength() || (destination == null && length != 0)) {
            throw new MalformedReply("a route with a prefix of " + length + " bits and no address to it", 0, "RTA_DST");
        }
        // Kernels before 4.20 list all tables.
        if (table != RouteLayout.TABLE_LOCAL) {
            return Optional.empty();
        }
        IpAddress address = destination != null ? destination : IpAddress.of(new byte[family.addressLength()]);
        return Optional.of(new LocalRoute(
                new IpPrefix(address, length),
                link,
                LocalRoute.Type.ofNumber(message.headerU8(RouteLayout.ROUTE_TYPE))));
    }

    /** Reads an event; empty for messages about other things. */
    static Optional<RouteEvent> event(MessageReader message) {
        return switch (message.type()) {
            case RouteLayout.NEW_LINK -> link(message).map(RouteEvent.LinkChanged::new);
            case RouteLayout.DELETE_LINK -> link(message).map(RouteEvent.LinkRemoved::new);
            case RouteLayout.NEW_ADDRESS -> RouteClient.address(message).map(RouteEvent.AddressChanged::new);
            case RouteLayout.DELETE_ADDRESS -> RouteClient.address(message).map(RouteEvent.AddressRemoved::new);
            default -> Optional.empty();
        };
    }

    /** A bridge tells of its ports by the same messages: one that leaves the bridge is not gone. */
    private static Optional<Link> link(MessageReader message) {
        return message.headerU8(RouteLayout.LINK_FAMILY) == 0
                ? Optional.of(RouteClient.link(message))
                : Optional.empty();
    }
}
