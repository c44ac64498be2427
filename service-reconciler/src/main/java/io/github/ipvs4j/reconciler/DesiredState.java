// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.ipset.SetEntry;
import io.github.ipvs4j.ipvs.ServiceKey;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The sum of all Services' fragments, beside what the kernel has of it. */
final class DesiredState {
    private static final ObjectName API_SERVER = new ObjectName("default", "kubernetes");
    private static final int DOMAIN_PORT = 53;

    private final Map<ObjectName, PackedFragment> fragments = new HashMap<>();
    private final Ledger<ServiceKey, PackedServer> servers = new Ledger<>();
    private final Ledger<IpAddress, Boolean> addresses = new Ledger<>();

    /** What Services had where nothing is deleted, and what stands there still. */
    private final Set<ServiceKey> leftBehind = new HashSet<>();

    private final Map<ServiceKey.Address, Integer> closedToNode = new HashMap<>();
    private @Nullable List<ServiceKey.Address> closedInOrder;
    private final Map<IpFamily, Map<KubeSet, Ledger<SetEntry, Boolean>>> sets = new EnumMap<>(IpFamily.class);

    private final Set<ObjectName> urgent = new HashSet<>();
    private final Map<ObjectName, Duration> drainTimes = new HashMap<>();

    DesiredState() {
        for (IpFamily family : IpFamily.values()) {
            Map<KubeSet, Ledger<SetEntry, Boolean>> ofFamily = new EnumMap<>(KubeSet.class);
            for (KubeSet set : KubeSet.values()) {
                ofFamily.put(set, new Ledger<>());
            }
            sets.put(family, ofFamily);
        }
    }

    Ledger<ServiceKey, PackedServer> servers() {
        return servers;
    }

    /** Lets go of a virtual server that nobody wants any more, and that is not to be deleted. */
    void leaveBehind(ServiceKey key) {
        if (servers.held(key) != null) {
            leftBehind.add(key);
        }
        servers.hold(key, null);
        servers.settle(key);
    }

    /** Tells whether a virtual server was left behind. */
    boolean hasLeftBehind(ServiceKey key) {
        return leftBehind.contains(key);
    }

    /** Forgets what is gone of that which was left behind, and what a Service has again. */
    void forgetLeftBehind(Set<ServiceKey> present) {
        leftBehind.removeIf(key -> !present.contains(key) || servers.held(key) != null);
    }

    Ledger<IpAddress, Boolean> addresses() {
        return addresses;
    }

    Ledger<SetEntry, Boolean> set(KubeSet set, IpFamily family) {
        return Objects.requireNonNull(Objects.requireNonNull(sets.get(family)).get(set));
    }

    /** Returns the ledgers of all kinds. */
    List<Ledger<?, ?>> ledgers() {
        List<Ledger<?, ?>> all = new ArrayList<>(List.of(servers, addresses));
        sets.values().forEach(ofFamily -> all.addAll(ofFamily.values()));
        return all;
    }

    /**
     * Tells whether an object is wanted by a Service that the node itself cannot do without, so that it is to be there
     * before those of the others: that of the API server, and those that answer names.
     */
    <K> boolean isUrgent(Ledger<K, ?> ledger, K key) {
        return !urgent.isEmpty() && ledger.isOwnedByAny(key, urgent);
    }

    /** Tells whether there is any such Service. */
    boolean hasUrgent() {
        return !urgent.isEmpty();
    }

    /** Returns the virtual servers that the node itself may not reach, in their order. */
    List<ServiceKey.Address> closedToNode() {
        if (closedInOrder == null) {
            closedInOrder = closedToNode.isEmpty()
                    ? List.of()
                    : closedToNode.keySet().stream()
                            .sorted(Comparator.comparing(ServiceKey.Address::address)
                                    .thenComparing(ServiceKey.Address::protocol)
                                    .thenComparingInt(ServiceKey.Address::port))
                            .toList();
        }
        return closedInOrder;
    }

    /** Takes how long the destinations of a Service drain at most, if it has chosen that. */
    void drainTime(ObjectName service, Optional<Duration> chosen) {
        if (chosen.isPresent()) {
            drainTimes.put(service, chosen.get());
        } else {
            drainTimes.remove(service);
        }
    }

    /** Returns how long a virtual server's destinations drain at most: as its first Service has chosen, or as usual. */
    Duration drainTime(ServiceKey server, Duration usual) {
        if (drainTimes.isEmpty()) {
            return usual;
        }
        return servers.owners(server).stream().findFirst().map(drainTimes::get).orElse(usual);
    }

    /** Puts a Service's fragment in the place of the one it had; only what differs between them is touched. */
    void put(ObjectName service, Fragment fragment) {
        PackedFragment before = fragments.getOrDefault(service, PackedFragment.EMPTY);
        PackedFragment after = PackedFragment.of(fragment, before);
        if (after == PackedFragment.EMPTY) {
            fragments.remove(service);
        } else {
            fragments.put(service, after);
        }
        if (isUrgent(service, after)) {
            urgent.add(service);
        } else {
            urgent.remove(service);
        }
        replaceServers(service, before.servers(), after.servers());
        if (!after.closedToNode().equals(before.closedToNode())) {
            closedInOrder = null;
        }
        for (ServiceKey.Address key : after.closedToNode()) {
            closedToNode.merge(key, 1, Integer::sum);
        }
        for (ServiceKey.Address key : before.closedToNode()) {
            closedToNode.computeIfPresent(key, (gone, count) -> count == 1 ? null : count - 1);
        }
        for (IpAddress gone : difference(before.addresses(), after.addresses())) {
            addresses.release(gone, service);
        }
        for (IpAddress added : difference(after.addresses(), before.addresses())) {
            addresses.claim(added, service, Boolean.TRUE);
        }
        for (Member gone : difference(before.members(), after.members())) {
            set(gone).release(gone.entry(), service);
        }
        for (Member added : difference(after.members(), before.members())) {
            set(added).claim(added.entry(), service, Boolean.TRUE);
        }
    }

    /** Tells whether nothing is wanted, there, or remembered. */
    boolean isEmpty() {
        return fragments.isEmpty()
                && urgent.isEmpty()
                && drainTimes.isEmpty()
                && leftBehind.isEmpty()
                && servers.isEmpty()
                && addresses.isEmpty()
                && closedToNode.isEmpty()
                && sets.values().stream()
                        .allMatch(family -> family.values().stream().allMatch(Ledger::isEmpty));
    }

    private static boolean isUrgent(ObjectName service, PackedFragment fragment) {
        return fragment != PackedFragment.EMPTY && (service.equals(API_SERVER) || answersNames(fragment.servers()));
    }

    private static boolean answersNames(List<PackedServer> servers) {
        for (PackedServer server : servers) {
            if (server.key() instanceof ServiceKey.Address key && key.port() == DOMAIN_PORT) {
                return true;
            }
        }
        return false;
    }

    private void replaceServers(ObjectName service, List<PackedServer> before, List<PackedServer> after) {
        Map<ServiceKey, PackedServer> gone = new HashMap<>();
        for (PackedServer server : before) {
            gone.put(server.key(), server);
        }
        for (PackedServer server : after) {
            if (!server.equals(gone.remove(server.key()))) {
                servers.claim(server.key(), service, server);
            }
        }
        for (ServiceKey key : gone.keySet()) {
            servers.release(key, service);
        }
    }

    private Ledger<SetEntry, Boolean> set(Member member) {
        return set(member.set(), member.family());
    }

    private static <T> Collection<T> difference(List<T> all, List<T> without) {
        if (all.isEmpty() || without.isEmpty()) {
            return all;
        }
        Set<T> left = new LinkedHashSet<>(all);
        without.forEach(left::remove);
        return left;
    }
}
