// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import java.util.Optional;

/**
 * Requests for links that are no listings.
 *
 * <p>Follows {@code rtnl_newlink}, {@code rtnl_dellink} and {@code rtnl_getlink} in {@code net/core/rtnetlink.c}. Of a
 * link that exists only the switch can be changed; a new one gets the next index, whatever was asked for; alternative
 * names do not exist.
 */
final class LinkRequests {
    private final SimulatedLinks links;

    LinkRequests(SimulatedLinks links) {
        this.links = links;
    }

    /** Carries out NEWLINK and SETLINK. */
    void change(RequestMessage request) {
        Attributes attributes = request.attributes(RouteNumbers.LINK_HEADER, LinkPolicy.LINK);
        Optional<LinkEntry> present = find(request, attributes);
        String kind = LinkPolicy.kind(attributes);
        boolean creates = request.type() == RouteNumbers.NEW_LINK;
        if (!creates) {
            requireNamed(request, attributes);
        }
        if (present.isPresent()) {
            if (creates && request.has(NetlinkNumbers.FLAG_EXCLUSIVE)) {
                throw new Refused(ErrorNumbers.EEXIST);
            }
            if (creates && request.has(NetlinkNumbers.FLAG_REPLACE)) {
                throw new Refused(ErrorNumbers.EOPNOTSUPP);
            }
            switchAsWanted(request, present.get());
            return;
        }
        if (!creates || !request.has(NetlinkNumbers.FLAG_CREATE)) {
            throw new Refused(ErrorNumbers.ENODEV);
        }
        if (!links.canMake(kind)) {
            throw new Refused(ErrorNumbers.EOPNOTSUPP, "Unknown device type");
        }
        String name = attributes.has(RouteNumbers.IFLA_NAME) ? attributes.string(RouteNumbers.IFLA_NAME) : unused(kind);
        if (!SimulatedLinks.isName(name)) {
            throw new Refused(ErrorNumbers.EINVAL);
        }
        switchAsWanted(request, links.create(name, kind, false));
    }

    private String unused(String kind) {
        int number = 0;
        while (links.named(kind + number).isPresent()) {
            number++;
        }
        return kind + number;
    }

    private void switchAsWanted(RequestMessage request, LinkEntry link) {
        int flags = request.i32(RouteNumbers.LINK_FLAGS);
        int change = request.i32(RouteNumbers.LINK_CHANGE);
        // Flags without a mask mean all of them.
        boolean touched = (change & RouteNumbers.UP) != 0 || (change == 0 && flags != 0);
        boolean up = (flags & RouteNumbers.UP) != 0;
        if (touched) {
            links.switchTo(link, up);
        }
    }

    private Optional<LinkEntry> find(RequestMessage request, Attributes attributes) {
        int index = request.i32(RouteNumbers.LINK_INDEX);
        if (index > 0) {
            return links.at(index);
        }
        return attributes.has(RouteNumbers.IFLA_NAME)
                ? links.named(attributes.string(RouteNumbers.IFLA_NAME))
                : Optional.empty();
    }

    private static void requireNamed(RequestMessage request, Attributes attributes) {
        if (request.i32(RouteNumbers.LINK_INDEX) <= 0
                && !attributes.has(RouteNumbers.IFLA_NAME)
                && !attributes.has(RouteNumbers.IFLA_ALT_NAME)) {
            throw new Refused(ErrorNumbers.EINVAL);
        }
    }

    void delete(RequestMessage request) {
        Attributes attributes = request.attributes(RouteNumbers.LINK_HEADER, LinkPolicy.LINK);
        requireNamed(request, attributes);
        LinkEntry link = find(request, attributes).orElseThrow(() -> new Refused(ErrorNumbers.ENODEV));
        if (link.kind().isEmpty()) {
            throw new Refused(ErrorNumbers.EOPNOTSUPP);
        }
        links.delete(link);
    }

    void get(Call call) {
        RequestMessage request = call.request();
        Attributes attributes = request.attributes(RouteNumbers.LINK_HEADER, LinkPolicy.LINK);
        if (call.isStrict()) {
            checkStrictly(request);
        }
        requireNamed(request, attributes);
        LinkEntry link = find(request, attributes).orElseThrow(() -> new Refused(ErrorNumbers.ENODEV));
        call.reply(RouteNumbers.NEW_LINK, out -> LinkAnswer.write(out, link));
    }

    private static void checkStrictly(RequestMessage request) {
        if (request.u8(1) != 0
                || request.u16(RouteNumbers.LINK_TYPE) != 0
                || request.i32(RouteNumbers.LINK_FLAGS) != 0
                || request.i32(RouteNumbers.LINK_CHANGE) != 0) {
            throw new Refused(ErrorNumbers.EINVAL, "Invalid values in header for get link request");
        }
    }
}
