// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.ipvs.Applied;
import io.github.ipvs4j.ipvs.Change;
import io.github.ipvs4j.ipvs.Destination;
import io.github.ipvs4j.ipvs.DestinationKey;
import io.github.ipvs4j.ipvs.IpvsClient;
import io.github.ipvs4j.ipvs.IpvsState;
import io.github.ipvs4j.ipvs.ObservedDestination;
import io.github.ipvs4j.ipvs.OnFailure;
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
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Brings the virtual servers to what is wanted.
 *
 * <p>A TCP destination that is wanted no more gets weight 0, so that its connections go on and no new one comes, and is
 * deleted when there are none left. Which destinations these are needs no memory but the kernel's: they are there and
 * not wanted. One that is wanted again gets its weight back. Destinations of other protocols, and those of a virtual
 * server that is not wanted itself, are deleted at once, as kube-proxy does.
 */
final class ServerApplier {
    private final IpvsClient ipvs;
    private final Ledger<ServiceKey, PackedServer> servers;
    private final Set<ServiceKey> draining = new LinkedHashSet<>();

    ServerApplier(IpvsClient ipvs, Ledger<ServiceKey, PackedServer> servers) {
        this.ipvs = ipvs;
        this.servers = servers;
    }

    /** Brings to what is wanted what was touched, then deletes destinations of those servers that are idle. */
    void bring(Pass pass) {
        List<ServiceKey> touched = servers.touched();
        Map<ServiceKey, VirtualServer> targets = new LinkedHashMap<>();
        for (ServiceKey key : touched) {
            VirtualServer target = target(wanted(key), held(key));
            if (target != null) {
                targets.put(key, target);
            }
        }
        Set<ServiceKey> failed = move(touched, targets, pass);
        Set<ServiceKey> brought = new LinkedHashSet<>(touched);
        brought.removeAll(failed);
        brought.forEach(servers::settle);
        brought.forEach(this::noteSurplus);
        brought.retainAll(draining);
        deleteIdle(brought, pass);
    }

    /** Deletes those destinations at weight 0 that are idle. */
    void drain(Pass pass) {
        deleteIdle(List.copyOf(draining), pass);
    }

    /** Forgets which servers have such destinations, because the kernel is about to be read anew. */
    void forget() {
        draining.clear();
    }

    /** Returns how many destinations wait for their connections to end. */
    int drainingCount() {
        return draining.stream()
                .mapToInt(key -> surplus(wanted(key), held(key)).size())
                .sum();
    }

    private @Nullable VirtualServer wanted(ServiceKey key) {
        PackedServer wanted = servers.wanted(key);
        return wanted == null ? null : wanted.unpack();
    }

    private @Nullable VirtualServer held(ServiceKey key) {
        PackedServer held = servers.held(key);
        return held == null ? null : held.unpack();
    }

    private void hold(ServiceKey key, @Nullable VirtualServer server) {
        servers.hold(key, server == null ? null : PackedServer.of(server));
    }

    private void noteSurplus(ServiceKey key) {
        if (surplus(wanted(key), held(key)).isEmpty()) {
            draining.remove(key);
        } else {
            draining.add(key);
        }
    }

    private void deleteIdle(Collection<ServiceKey> keys, Pass pass) {
        List<ServiceKey> looked = new ArrayList<>();
        Map<ServiceKey, VirtualServer> targets = new LinkedHashMap<>();
        for (ServiceKey key : keys) {
            VirtualServer held = Objects.requireNonNull(held(key));
            try {
                Set<DestinationKey> busy = busy(key);
                Set<DestinationKey> idle = surplus(wanted(key), held);
                idle.removeAll(busy);
                targets.put(key, without(held, idle));
                looked.add(key);
            } catch (NetlinkException e) {
                pass.refused(servers.owners(key), e);
            }
        }
        Set<ServiceKey> failed = move(looked, targets, pass);
        looked.stream().filter(key -> !failed.contains(key)).forEach(this::noteSurplus);
    }

    private Set<DestinationKey> busy(ServiceKey key) {
        return ipvs.destinations(key).stream()
                .filter(seen -> seen.activeConnections() != 0 || seen.inactiveConnections() != 0)
                .map(ObservedDestination::key)
                .collect(Collectors.toSet());
    }

    /**
     * Changes virtual servers from what is there to what shall be.
     *
     * @return those where that failed
     */
    private Set<ServiceKey> move(Collection<ServiceKey> keys, Map<ServiceKey, VirtualServer> targets, Pass pass) {
        List<VirtualServer> actual =
                keys.stream().map(this::held).filter(Objects::nonNull).toList();
        Plan plan = Plan.between(IpvsState.of(actual), IpvsState.of(targets.values()), Ownership.everything());
        Set<ServiceKey> failed = new HashSet<>();
        if (!plan.isEmpty()) {
            try {
                Applied applied = ipvs.apply(plan, OnFailure.CONTINUE);
                for (int i = 0; i < plan.changes().size(); i++) {
                    Change change = plan.changes().get(i);
                    if (!pass.judge(applied.outcomes().get(i), () -> servers.owners(change.key()))) {
                        failed.add(change.key());
                    }
                }
            } catch (NetlinkException e) {
                pass.refused(servers.owners(keys), e);
                return new HashSet<>(keys);
            }
        }
        keys.stream().filter(key -> !failed.contains(key)).forEach(key -> hold(key, targets.get(key)));
        return failed;
    }

    /** Returns what shall be there now: what is wanted, and beside it what must be drained first. */
    private static @Nullable VirtualServer target(@Nullable VirtualServer wanted, @Nullable VirtualServer held) {
        if (wanted == null || held == null || wanted.equals(held) || !drains(wanted.key())) {
            return wanted;
        }
        Set<DestinationKey> surplus = surplus(wanted, held);
        if (surplus.isEmpty()) {
            return wanted;
        }
        List<Destination> destinations = new ArrayList<>(wanted.destinations());
        held.destinations().stream()
                .filter(destination -> surplus.contains(destination.key()))
                .forEach(destination -> destinations.add(destination.withWeight(0)));
        return new VirtualServer(wanted.service(), destinations);
    }

    private static boolean drains(ServiceKey key) {
        return key instanceof ServiceKey.Address address && address.protocol() == TransportProtocol.TCP;
    }

    /** Returns the destinations that are there and not wanted. */
    private static Set<DestinationKey> surplus(@Nullable VirtualServer wanted, @Nullable VirtualServer held) {
        Set<DestinationKey> surplus = new HashSet<>();
        if (wanted != null && held != null) {
            held.destinations().forEach(destination -> surplus.add(destination.key()));
            wanted.destinations().forEach(destination -> surplus.remove(destination.key()));
        }
        return surplus;
    }

    private static VirtualServer without(VirtualServer server, Set<DestinationKey> gone) {
        List<Destination> left = server.destinations().stream()
                .filter(destination -> !gone.contains(destination.key()))
                .toList();
        return new VirtualServer(server.service(), left);
    }
}
