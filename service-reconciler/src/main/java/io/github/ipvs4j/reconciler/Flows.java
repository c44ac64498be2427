// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.ipvs.Destination;
import io.github.ipvs4j.ipvs.DestinationKey;
import io.github.ipvs4j.ipvs.ServiceKey;
import io.github.ipvs4j.ipvs.TransportProtocol;
import io.github.ipvs4j.netlink.ConntrackClient;
import io.github.ipvs4j.netlink.ConntrackEntry;
import io.github.ipvs4j.netlink.ConntrackFilter;
import io.github.ipvs4j.netlink.ConntrackTuple;
import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.KernelRejected;
import io.github.ipvs4j.netlink.NetlinkException;
import io.github.ipvs4j.netlink.Outcome;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Connections without a connection, as those of UDP are: what the kernel tracks of them is renewed by each packet, so
 * that a client that goes on sending is led for ever to an endpoint that has gone, or, where there was none at first,
 * to nowhere. Where a virtual server of such a protocol lost destinations or got its first ones, the tracked flows to
 * it that lead elsewhere are deleted, one by one.
 *
 * <p>The table is listed once for each family and pass in which that happened, however many virtual servers it was.
 */
final class Flows {
    private static final Errno EPROTONOSUPPORT = new Errno(93);

    /** What the kernel says where it has no connection tracking, or no module to list it. */
    private static final Set<Errno> MISSING = Set.of(Errno.EOPNOTSUPP, Errno.EINVAL, EPROTONOSUPPORT);

    private final ConntrackClient conntrack;
    private final Ledger<ServiceKey, PackedServer> servers;
    private final Set<ServiceKey.Address> stale = new LinkedHashSet<>();

    /** Where a flow was sent. */
    private record Target(int protocol, IpAddress address, int port) {}

    Flows(ConntrackClient conntrack, Ledger<ServiceKey, PackedServer> servers) {
        this.conntrack = conntrack;
        this.servers = servers;
    }

    /** Takes what a virtual server was and is, and notes whether flows to it may lead to the wrong place now. */
    void moved(ServiceKey key, @Nullable PackedServer before, @Nullable PackedServer after) {
        Set<DestinationKey> was = destinations(before);
        if (key instanceof ServiceKey.Address address
                && address.protocol() != TransportProtocol.TCP
                && (was.isEmpty() || !destinations(after).containsAll(was))) {
            stale.add(address);
        }
    }

    /** Deletes the flows that lead to the wrong place. */
    void clean(Pass pass) {
        if (stale.isEmpty()) {
            return;
        }
        Map<Target, Set<DestinationKey>> right = new HashMap<>();
        Set<IpFamily> families = new HashSet<>();
        for (ServiceKey.Address key : stale) {
            families.add(key.family());
            right.put(new Target(key.protocol().number(), key.address(), key.port()), destinations(servers.held(key)));
        }
        for (IpFamily family : families) {
            clean(family, right, pass);
        }
    }

    private void clean(IpFamily family, Map<Target, Set<DestinationKey>> right, Pass pass) {
        try {
            List<ConntrackClient.Deletion> deletions =
                    conntrack.deleteIf(ConntrackFilter.ALL.ofFamily(family), entry -> isStale(entry, right));
            stale.removeIf(key -> key.family() == family);
            for (ConntrackClient.Deletion deletion : deletions) {
                if (deletion.outcome() instanceof Outcome.Done) {
                    pass.flowDeleted(family);
                } else if (!deletion.outcome().succeeded()) {
                    again(deletion.entry());
                    pass.failed("flow " + deletion.entry().original() + " of an endpoint that has gone: "
                            + deletion.outcome());
                }
            }
        } catch (NetlinkException e) {
            String remedy = "";
            if (e instanceof KernelRejected rejected && MISSING.contains(rejected.errno())) {
                // A kernel that has no such listing will not have it the next time either; the rest works without.
                stale.removeIf(key -> key.family() == family);
                remedy = "; without the module nf_conntrack_netlink they go on until they time out";
            }
            pass.failed("flows of " + family + " to endpoints that have gone: " + Pass.text(e) + remedy);
        }
    }

    private void again(ConntrackEntry entry) {
        ConntrackTuple sent = entry.original();
        TransportProtocol.ofNumber(sent.protocol())
                .ifPresent(protocol ->
                        stale.add(new ServiceKey.Address(protocol, sent.destination(), sent.destinationPort())));
    }

    private static boolean isStale(ConntrackEntry entry, Map<Target, Set<DestinationKey>> right) {
        ConntrackTuple sent = entry.original();
        Set<DestinationKey> endpoints =
                right.get(new Target(sent.protocol(), sent.destination(), sent.destinationPort()));
        ConntrackTuple answers = entry.reply();
        return endpoints != null && !endpoints.contains(new DestinationKey(answers.source(), answers.sourcePort()));
    }

    private static Set<DestinationKey> destinations(@Nullable PackedServer server) {
        return server == null
                ? Set.of()
                : server.unpack().destinations().stream().map(Destination::key).collect(Collectors.toSet());
    }
}
