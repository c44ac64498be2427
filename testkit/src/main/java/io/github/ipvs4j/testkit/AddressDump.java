// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.MessageWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * A listing of addresses, of one family or both, of one link or all.
 *
 * <p>Follows {@code inet_dump_ifaddr} in {@code net/ipv4/devinet.c} and {@code inet6_dump_addr} in
 * {@code net/ipv6/addrconf.c}.
 */
final class AddressDump extends PositionedDump<AddressDump.Bound> {
    /** Preferred and valid for ever, then two timestamps. */
    private static final int FOR_EVER = -1;

    private final SimulatedLinks links;
    private final RequestMessage request;
    private final boolean strict;
    private int linkIndex;

    /** An address together with its link. */
    record Bound(LinkEntry link, LinkAddress address) {}

    AddressDump(SimulatedLinks links, RequestMessage request, boolean strict) {
        super(links, RouteNumbers.NEW_ADDRESS);
        this.links = links;
        this.request = request;
        this.strict = strict;
    }

    @Override
    Collection<Bound> entries(boolean first) {
        if (first && strict) {
            readFilter();
        }
        List<Bound> found = new ArrayList<>();
        int family = request.u8(0);
        boolean all = family != RouteNumbers.IPV4 && (family != RouteNumbers.IPV6 || !links.hasIpv6());
        if (all || family == RouteNumbers.IPV4) {
            collect(IpFamily.IPV4, found);
        }
        if (links.hasIpv6() && (all || family == RouteNumbers.IPV6)) {
            collect(IpFamily.IPV6, found);
        }
        return found;
    }

    private void collect(IpFamily family, List<Bound> found) {
        for (LinkEntry link : links.all()) {
            if (linkIndex == 0 || linkIndex == link.index()) {
                link.addresses(family).forEach(address -> found.add(new Bound(link, address)));
            }
        }
    }

    private void readFilter() {
        String family = request.u8(0) == RouteNumbers.IPV6 ? "ipv6: " : "ipv4: ";
        require(
                request.payloadLength() >= RouteNumbers.ADDRESS_HEADER,
                family + "Invalid header for address dump request");
        require(
                request.u8(RouteNumbers.ADDRESS_PREFIX) == 0
                        && request.u8(RouteNumbers.ADDRESS_FLAGS) == 0
                        && request.u8(RouteNumbers.ADDRESS_SCOPE) == 0,
                family + "Invalid values in header for address dump request");
        Attributes attributes = request.attributes(RouteNumbers.ADDRESS_HEADER, AddressRequests.IPV4);
        for (int type = 1; type <= RouteNumbers.IFA_MAX; type++) {
            require(
                    type == RouteNumbers.IFA_NETNS || !attributes.has(type),
                    family + "Unsupported attribute in dump request");
        }
        linkIndex = request.i32(RouteNumbers.ADDRESS_INDEX);
        if (linkIndex != 0 && links.at(linkIndex).isEmpty()) {
            throw new Refused(ErrorNumbers.ENODEV);
        }
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new Refused(ErrorNumbers.EINVAL, otherwise);
        }
    }

    @Override
    void write(MessageWriter out, Bound bound) {
        LinkAddress address = bound.address();
        IpFamily family = address.address().family();
        int scope = address.address().isLoopback() ? RouteNumbers.SCOPE_HOST : RouteNumbers.SCOPE_UNIVERSE;
        out.headerU8(family.number())
                .headerU8(address.prefixLength())
                .headerU8(address.flags())
                .headerU8(scope)
                .headerU32(bound.link().index());
        if (family == IpFamily.IPV4) {
            if (!address.peer().isUnspecified()) {
                out.address(RouteNumbers.IFA_ADDRESS, address.peer());
            }
            out.address(RouteNumbers.IFA_LOCAL, address.address())
                    .string(RouteNumbers.IFA_LABEL, address.label())
                    .u32(RouteNumbers.IFA_FLAGS, address.flags());
            cacheInfo(out);
        } else {
            if (!address.peer().equals(address.address())) {
                out.address(RouteNumbers.IFA_LOCAL, address.address());
            }
            out.address(RouteNumbers.IFA_ADDRESS, address.peer());
            cacheInfo(out);
            out.u32(RouteNumbers.IFA_FLAGS, address.flags());
        }
    }

    private static void cacheInfo(MessageWriter out) {
        byte[] info = new byte[4 * Integer.BYTES];
        HostOrder.i32(info, 0, FOR_EVER);
        HostOrder.i32(info, Integer.BYTES, FOR_EVER);
        out.bytes(RouteNumbers.IFA_CACHE_INFO, info);
    }

    @Override
    int flags() {
        return linkIndex == 0 ? 0 : NetlinkNumbers.FLAG_DUMP_FILTERED;
    }

    @Override
    public int endFlags() {
        return super.endFlags() | flags();
    }
}
