// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.netlink.Transport;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A network namespace of a {@link SimulatedKernel}: services, sets, connections, interfaces and addresses of its own.
 * In all but the first one {@code lo} is switched off until a client or {@link SimulatedLinks#setUp} switches it on.
 */
public final class SimulatedNamespace {
    static final int IPVS_FAMILY = 28;

    private final String name;
    private final KernelContext kernel;
    private final SimulatedLinks links;
    private final SimulatedIpvs ipvs;
    private final SimulatedIpsets ipsets;
    private final SimulatedConntrack conntrack;
    private final Map<NetlinkProtocol, ProtocolHandler> handlers = new EnumMap<>(NetlinkProtocol.class);
    private final Map<NetlinkProtocol, EventChannel> events = new EnumMap<>(NetlinkProtocol.class);

    SimulatedNamespace(String name, KernelContext kernel, KernelFeatures features) {
        this.name = name;
        this.kernel = kernel;
        for (NetlinkProtocol protocol : NetlinkProtocol.values()) {
            events.put(protocol, new EventChannel());
        }
        KernelModules modules = features.modules();
        links = new SimulatedLinks(kernel.lock(), modules, name.isEmpty());
        ipvs = new SimulatedIpvs(kernel, modules, links);
        ipsets = new SimulatedIpsets(kernel);
        conntrack = new SimulatedConntrack(kernel, events(NetlinkProtocol.NETFILTER));
        handlers.put(
                NetlinkProtocol.GENERIC,
                new GenericHandler(
                        modules.has("ip_vs")
                                ? List.of(new IpvsHandler(ipvs, IPVS_FAMILY, features.padded()))
                                : List.of()));
        KernelRelease release = kernel.release();
        ConntrackParser parser = new ConntrackParser(features.conntrackZones(), release);
        handlers.put(
                NetlinkProtocol.NETFILTER,
                new NetfilterHandler(
                        new IpsetHandler(ipsets, modules, release, new SetAnswers(ipsets, kernel, features.padded())),
                        new ConntrackHandler(conntrack, parser, release),
                        modules));
        handlers.put(
                NetlinkProtocol.ROUTE, new RouteHandler(links, kernel.faults(NetlinkProtocol.ROUTE), kernel.release()));
    }

    private EventChannel events(NetlinkProtocol protocol) {
        return Objects.requireNonNull(events.get(protocol));
    }

    /**
     * Returns the name it was asked for by.
     *
     * @return empty for the one that the kernel starts with
     */
    public String name() {
        return name;
    }

    /**
     * Returns what opens sockets in this namespace.
     *
     * @return for {@link io.github.ipvs4j.netlink.NetlinkClient.Builder#transport}
     */
    public Transport.Factory transports() {
        return protocol -> kernel.open(protocol, Objects.requireNonNull(handlers.get(protocol)), events(protocol));
    }

    /**
     * Returns the virtual services.
     *
     * @return always the same view, which follows every change
     */
    public SimulatedIpvs ipvs() {
        return ipvs;
    }

    /**
     * Returns the sets.
     *
     * @return always the same view, which follows every change
     */
    public SimulatedIpsets ipsets() {
        return ipsets;
    }

    /**
     * Returns the network interfaces.
     *
     * @return always the same view, which follows every change
     */
    public SimulatedLinks links() {
        return links;
    }

    /**
     * Returns the tracked connections.
     *
     * @return always the same view, which follows every change
     */
    public SimulatedConntrack conntrack() {
        return conntrack;
    }

    /** Lets what is due by now happen. */
    void timePassed() {
        conntrack.expire();
        ipsets.expire();
        ipvs.timePassed();
    }
}
