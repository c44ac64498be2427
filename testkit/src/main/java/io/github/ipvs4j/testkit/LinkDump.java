// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.MessageWriter;
import java.util.Collection;

/**
 * A listing of links.
 *
 * <p>Follows {@code rtnl_dump_ifinfo} and {@code rtnl_valid_dump_ifinfo_req} in {@code net/core/rtnetlink.c}.
 */
final class LinkDump extends PositionedDump<LinkEntry> {
    private final SimulatedLinks links;
    private final RequestMessage request;
    private final boolean strict;
    private String kind = "";

    LinkDump(SimulatedLinks links, RequestMessage request, boolean strict) {
        super(links, RouteNumbers.NEW_LINK);
        this.links = links;
        this.request = request;
        this.strict = strict;
    }

    @Override
    Collection<LinkEntry> entries(boolean first) {
        if (first) {
            readFilter();
        }
        return kind.isEmpty()
                ? links.all()
                : links.all().stream().filter(link -> link.kind().equals(kind)).toList();
    }

    private void readFilter() {
        if (strict) {
            checkStrictly();
        }
        if (request.payloadLength() >= RouteNumbers.LINK_HEADER) {
            String wanted = LinkPolicy.kind(request.attributes(RouteNumbers.LINK_HEADER, LinkPolicy.LINK));
            // A kind that the kernel does not know filters nothing.
            kind = links.canMake(wanted) ? wanted : "";
        }
    }

    private void checkStrictly() {
        require(request.payloadLength() >= RouteNumbers.LINK_HEADER, "Invalid header for link dump");
        require(
                request.u8(1) == 0
                        && request.u16(RouteNumbers.LINK_TYPE) == 0
                        && request.i32(RouteNumbers.LINK_FLAGS) == 0
                        && request.i32(RouteNumbers.LINK_CHANGE) == 0,
                "Invalid values in header for link dump request");
        require(request.i32(RouteNumbers.LINK_INDEX) == 0, "Filter by device index not supported for link dumps");
        Attributes attributes = request.attributes(RouteNumbers.LINK_HEADER, LinkPolicy.LINK);
        for (int type = 1; type <= RouteNumbers.IFLA_MAX; type++) {
            boolean known = type == RouteNumbers.IFLA_EXT_MASK || type == RouteNumbers.IFLA_INFO;
            require(known || !attributes.has(type), "Unsupported attribute in link dump request");
        }
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new Refused(ErrorNumbers.EINVAL, otherwise);
        }
    }

    @Override
    void write(MessageWriter out, LinkEntry link) {
        LinkAnswer.write(out, link);
    }

    @Override
    int flags() {
        return kind.isEmpty() ? 0 : NetlinkNumbers.FLAG_DUMP_FILTERED;
    }
}
