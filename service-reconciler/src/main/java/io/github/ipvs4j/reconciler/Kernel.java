// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.ipset.IpsetClient;
import io.github.ipvs4j.ipvs.IpvsClient;
import io.github.ipvs4j.ipvs.ServiceKey;
import io.github.ipvs4j.netlink.ConntrackClient;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.NetlinkClient;
import io.github.ipvs4j.netlink.NetlinkException;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.netlink.RouteClient;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The ways into one network namespace.
 *
 * @param ipvs virtual servers
 * @param ipset sets
 * @param routes devices and addresses
 * @param conntrack tracked connections
 * @param settings what stands below {@code /proc/sys}
 */
record Kernel(
        IpvsClient ipvs, IpsetClient ipset, RouteClient routes, ConntrackClient conntrack, KernelSettings settings)
        implements AutoCloseable {
    /** Some service to ask for; the answer does not matter. */
    private static final ServiceKey PROBE = ServiceKey.tcp(IpAddress.of("127.0.0.1"), 1);

    /**
     * Opens all sockets and asks each whether it answers.
     *
     * @throws NetlinkException if one does not
     */
    static Kernel open(Function<NetlinkProtocol, NetlinkClient.Builder> clients, KernelSettings settings) {
        @Nullable IpvsClient ipvs = null;
        @Nullable IpsetClient ipset = null;
        @Nullable RouteClient routes = null;
        @Nullable ConntrackClient conntrack = null;
        boolean opened = false;
        try {
            ipvs = IpvsClient.open(clients.apply(NetlinkProtocol.GENERIC));
            ipset = IpsetClient.open(clients.apply(NetlinkProtocol.NETFILTER));
            routes = RouteClient.open(clients.apply(NetlinkProtocol.ROUTE));
            conntrack = ConntrackClient.open(clients.apply(NetlinkProtocol.NETFILTER));
            Kernel kernel = new Kernel(ipvs, ipset, routes, conntrack, settings);
            kernel.check();
            opened = true;
            return kernel;
        } finally {
            if (!opened) {
                closeAll(ipvs, ipset, routes, conntrack);
            }
        }
    }

    private void check() {
        ipvs.service(PROBE);
        ipset.header(KubeSet.CLUSTER_IP.nameIn(IpFamily.IPV4));
        routes.link(Observation.DEVICE);
    }

    @Override
    public void close() {
        closeAll(ipvs, ipset, routes, conntrack);
    }

    /** Closes all, whatever becomes of one. */
    private static void closeAll(
            @Nullable IpvsClient ipvs,
            @Nullable IpsetClient ipset,
            @Nullable RouteClient routes,
            @Nullable ConntrackClient conntrack) {
        try (ipvs;
                ipset;
                routes;
                conntrack) {
            return;
        }
    }
}
