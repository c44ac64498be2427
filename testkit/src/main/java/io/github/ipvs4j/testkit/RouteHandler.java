// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.IpFamily;

/**
 * Rtnetlink for links, addresses and the local table.
 *
 * <p>Follows {@code rtnetlink_rcv_msg} in {@code net/core/rtnetlink.c}. Not simulated, and answered with
 * {@code EOPNOTSUPP}: other tables, rules, neighbours and all other messages.
 */
final class RouteHandler implements ProtocolHandler {
    private static final int LAST_TYPE = 123;

    private final SimulatedLinks links;
    private final LinkRequests linkRequests;
    private final AddressRequests addressRequests;
    private final Faults faults;

    RouteHandler(SimulatedLinks links, Faults faults, KernelRelease release) {
        this.links = links;
        this.linkRequests = new LinkRequests(links);
        this.addressRequests = new AddressRequests(links, release);
        this.faults = faults;
    }

    @Override
    public void execute(Call call) {
        RequestMessage request = call.request();
        int type = request.type();
        if (type > LAST_TYPE) {
            throw new Refused(ErrorNumbers.EOPNOTSUPP);
        }
        if (request.payloadLength() < 1) {
            return;
        }
        boolean get = ((type - RouteNumbers.BASE) & RouteNumbers.KIND_MASK) == RouteNumbers.KIND_GET;
        if (!get) {
            call.requireCapability();
        }
        if (get && request.has(NetlinkNumbers.FLAG_DUMP)) {
            call.dump(dump(call, type));
            return;
        }
        switch (type) {
            case RouteNumbers.NEW_LINK, RouteNumbers.SET_LINK -> linkRequests.change(request);
            case RouteNumbers.DEL_LINK -> linkRequests.delete(request);
            case RouteNumbers.GET_LINK -> linkRequests.get(call);
            case RouteNumbers.NEW_ADDRESS -> addressRequests.add(request, family(request));
            case RouteNumbers.DEL_ADDRESS -> addressRequests.delete(request, family(request));
            default -> throw new Refused(ErrorNumbers.EOPNOTSUPP);
        }
    }

    private IpFamily family(RequestMessage request) {
        return IpFamily.find(request.u8(0))
                .filter(family -> family == IpFamily.IPV4 || links.hasIpv6())
                .orElseThrow(() -> new Refused(ErrorNumbers.EOPNOTSUPP));
    }

    private Dump dump(Call call, int type) {
        Dump dump = switch (type) {
            case RouteNumbers.GET_LINK -> new LinkDump(links, call.request(), call.isStrict());
            case RouteNumbers.GET_ADDRESS -> new AddressDump(links, call.request(), call.isStrict());
            case RouteNumbers.GET_ROUTE -> RouteListing.dump(links, call.request(), call.isStrict());
            default -> throw new Refused(ErrorNumbers.EOPNOTSUPP);
        };
        return type != RouteNumbers.GET_ROUTE && faults.interruptsDump() ? new InterruptedDump(dump, links) : dump;
    }

    /** A listing during which somebody changes something. */
    private static final class InterruptedDump implements Dump {
        private final Dump dump;
        private final SimulatedLinks links;
        private boolean begun;

        InterruptedDump(Dump dump, SimulatedLinks links) {
            this.dump = dump;
            this.links = links;
        }

        @Override
        public void fill(Datagram page) {
            if (begun) {
                links.changed();
            }
            begun = true;
            dump.fill(page);
        }

        @Override
        public int endFlags() {
            return dump.endFlags();
        }

        @Override
        public void close() {
            dump.close();
        }
    }
}
