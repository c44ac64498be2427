// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.ipvs.Destination;
import io.github.ipvs4j.ipvs.DestinationKey;
import io.github.ipvs4j.ipvs.IpvsClient;
import io.github.ipvs4j.ipvs.IpvsState;
import io.github.ipvs4j.ipvs.ObservedDestination;
import io.github.ipvs4j.ipvs.ObservedService;
import io.github.ipvs4j.ipvs.Ownership;
import io.github.ipvs4j.ipvs.Plan;
import io.github.ipvs4j.ipvs.ServiceKey;
import io.github.ipvs4j.ipvs.TransportProtocol;
import io.github.ipvs4j.ipvs.VirtualServer;
import io.github.ipvs4j.netlink.NetlinkException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Brings the virtual servers to what is wanted.
 *
 * <p>A TCP destination that is wanted no more gets weight 0, so that its connections go on and no new one comes, and is
 * deleted when there are none left or its time is over. Which destinations these are needs no memory but the kernel's:
 * they are there and not wanted. One that is wanted again gets its weight back. Destinations of other protocols, and
 * those of a virtual server that is not wanted itself, are deleted at once, as kube-proxy does.
 */
final class ServerApplier {
    /** From so many on, one listing of all takes the place of a question for each. */
    private static final int MANY = 50;

    private final IpvsClient ipvs;
    private final DesiredState state;
    private final Ledger<ServiceKey, PackedServer> servers;
    private final Pace pace;
    private final Flows flows;
    private final Drains drains = new Drains();

    ServerApplier(IpvsClient ipvs, DesiredState state, Pace pace, Flows flows) {
        this.ipvs = ipvs;
        this.state = state;
        this.servers = state.servers();
        this.pace = pace;
        this.flows = flows;
    }

    /** Brings to what is wanted what was touched, then deletes destinations of those servers that are idle. */
    void bring(Predicate<ServiceKey> which, Pass pass) {
        Map<ServiceKey, @Nullable PackedServer> targets = new LinkedHashMap<>();
        for (ServiceKey key : servers.due(pace.now())) {
            if (which.test(key)) {
                targets.put(key, target(key, servers.wanted(key), servers.held(key)));
            }
        }
        Set<ServiceKey> brought = move(targets, pass);
        for (ServiceKey key : brought) {
            servers.settle(key);
            noteSurplus(key);
        }
        List<ServiceKey> draining = new ArrayList<>(drains.servers());
        draining.retainAll(brought);
        deleteIdle(draining, pass);
    }

    /** Returns those that are to be added now. */
    List<ServiceKey> added() {
        return servers.due(pace.now()).stream()
                .filter(key -> servers.wanted(key) != null && servers.held(key) == null)
                .toList();
    }

    /** Returns which of some are there, by asking for each, or, where that is cheaper, by listing all. */
    List<ServiceKey> present(List<ServiceKey> some) {
        if (some.size() < MANY) {
            return some.stream().filter(key -> ipvs.service(key).isPresent()).toList();
        }
        Set<ServiceKey> present =
                ipvs.services().stream().map(ObservedService::key).collect(Collectors.toSet());
        return some.stream().filter(present::contains).toList();
    }

    /** Returns what {@link #bring} would do to what was touched, but for what it then finds idle. */
    Plan plan() {
        List<VirtualServer> actual = new ArrayList<>();
        List<VirtualServer> desired = new ArrayList<>();
        for (ServiceKey key : servers.touched()) {
            PackedServer held = servers.held(key);
            PackedServer target = target(key, servers.wanted(key), held);
            if (held != null) {
                actual.add(held.unpack());
            }
            if (target != null) {
                desired.add(target.unpack());
            }
        }
        return Plan.between(IpvsState.of(actual), IpvsState.of(desired), Ownership.everything());
    }

    /** Deletes those destinations at weight 0 that are idle, and those whose time is over. */
    void drain(Pass pass) {
        deleteIdle(drains.servers(), pass);
    }

    /** Takes what the kernel has by a new reading: what drains now, and for how long it has. */
    void reread() {
        drains.retain(servers.heldKeys());
        drains.servers().forEach(this::noteSurplus);
    }

    /** Returns how many destinations wait for their connections to end. */
    int drainingCount() {
        return drains.count();
    }

    /** Returns after how long the time of one of them is over. */
    OptionalLong nextDeadline() {
        return drains.next(pace.now());
    }

    private void noteSurplus(ServiceKey key) {
        Set<DestinationKey> surplus = surplus(servers.wanted(key), servers.held(key));
        if (surplus.isEmpty()) {
            drains.forget(key);
        } else {
            drains.note(
                    key,
                    surplus,
                    pace.now() + state.drainTime(key, pace.drainTime()).toNanos());
        }
    }

    private void deleteIdle(Collection<ServiceKey> keys, Pass pass) {
        Map<ServiceKey, @Nullable PackedServer> targets = new LinkedHashMap<>();
        for (ServiceKey key : keys) {
            PackedServer held = servers.held(key);
            if (held == null) {
                drains.forget(key);
                continue;
            }
            Set<DestinationKey> gone = drains.expired(key, pace.now());
            Set<DestinationKey> left = new HashSet<>(drains.of(key));
            left.removeAll(gone);
            gone.addAll(idle(key, left, pass));
            targets.put(key, without(held, gone));
        }
        move(targets, pass).forEach(this::noteSurplus);
    }

    /** Returns which of some destinations have no connections; none if these cannot be counted. */
    private Set<DestinationKey> idle(ServiceKey key, Set<DestinationKey> some, Pass pass) {
        if (some.isEmpty()) {
            return Set.of();
        }
        try {
            Set<DestinationKey> idle = new HashSet<>(some);
            idle.removeAll(busy(key));
            return idle;
        } catch (NetlinkException e) {
            pass.refused(servers.owners(key), e);
            return Set.of();
        }
    }

    private Set<DestinationKey> busy(ServiceKey key) {
        return ipvs.destinations(key).stream()
                .filter(seen -> seen.activeConnections() != 0 || seen.inactiveConnections() != 0)
                .map(ObservedDestination::key)
                .collect(Collectors.toSet());
    }

    /**
     * Changes virtual servers to what shall be.
     *
     * @return those where that succeeded
     */
    private Set<ServiceKey> move(Map<ServiceKey, @Nullable PackedServer> targets, Pass pass) {
        Map<ServiceKey, @Nullable PackedServer> before = new LinkedHashMap<>();
        for (ServiceKey key : targets.keySet()) {
            if (!drains(key)) {
                before.put(key, servers.held(key));
            }
        }
        Set<ServiceKey> moved = new LinkedHashSet<>(targets.keySet());
        new ServerMove(ipvs, servers, pass).carryOut(targets).forEach((key, reason) -> {
            moved.remove(key);
            servers.setBack(key, pace.now(), reason);
            pass.failed(servers.owners(key), reason);
        });
        before.forEach((key, server) -> flows.moved(key, server, servers.held(key)));
        return moved;
    }

    /** Returns what shall be there now: what is wanted, and beside it what must be drained first. */
    private static @Nullable PackedServer target(
            ServiceKey key, @Nullable PackedServer wanted, @Nullable PackedServer held) {
        if (!drains(key)) {
            return wanted;
        }
        Set<DestinationKey> surplus = surplus(wanted, held);
        if (wanted == null || held == null || surplus.isEmpty()) {
            return wanted;
        }
        VirtualServer goal = wanted.unpack();
        List<Destination> destinations = new ArrayList<>(goal.destinations());
        held.unpack().destinations().stream()
                .filter(destination -> surplus.contains(destination.key()))
                .forEach(destination -> destinations.add(destination.withWeight(0)));
        return PackedServer.of(new VirtualServer(goal.service(), destinations));
    }

    private static boolean drains(ServiceKey key) {
        return key instanceof ServiceKey.Address address && address.protocol() == TransportProtocol.TCP;
    }

    /** Returns the destinations that are there and not wanted. */
    private static Set<DestinationKey> surplus(@Nullable PackedServer wanted, @Nullable PackedServer held) {
        if (wanted == null || held == null || wanted.equals(held)) {
            return Set.of();
        }
        Set<DestinationKey> surplus = new HashSet<>();
        held.unpack().destinations().forEach(destination -> surplus.add(destination.key()));
        wanted.unpack().destinations().forEach(destination -> surplus.remove(destination.key()));
        return surplus;
    }

    private static PackedServer without(PackedServer packed, Set<DestinationKey> gone) {
        VirtualServer server = packed.unpack();
        List<Destination> left = server.destinations().stream()
                .filter(destination -> !gone.contains(destination.key()))
                .toList();
        return PackedServer.of(new VirtualServer(server.service(), left));
    }
}
