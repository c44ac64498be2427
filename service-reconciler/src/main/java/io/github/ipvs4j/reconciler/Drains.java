// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.ipvs.DestinationKey;
import io.github.ipvs4j.ipvs.ServiceKey;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Until when each destination that is wanted no more may keep its connections.
 *
 * <p>Which destinations those are is not remembered here but seen in the kernel: they are there and not wanted. After a
 * restart they are found again, and their time begins anew.
 */
final class Drains {
    private final Map<ServiceKey, Map<DestinationKey, Long>> deadlines = new LinkedHashMap<>();

    /**
     * Takes which destinations of a virtual server drain now; those that did before keep their deadline.
     *
     * @param deadline for those that begin now
     */
    void note(ServiceKey server, Collection<DestinationKey> draining, long deadline) {
        if (draining.isEmpty()) {
            deadlines.remove(server);
            return;
        }
        Map<DestinationKey, Long> before = deadlines.getOrDefault(server, Map.of());
        Map<DestinationKey, Long> after = new HashMap<>();
        draining.forEach(key -> after.put(key, before.getOrDefault(key, deadline)));
        deadlines.put(server, after);
    }

    void forget(ServiceKey server) {
        deadlines.remove(server);
    }

    /** Forgets virtual servers that are not among these. */
    void retain(Collection<ServiceKey> servers) {
        deadlines.keySet().retainAll(new HashSet<>(servers));
    }

    /** Returns the virtual servers with destinations that drain. */
    List<ServiceKey> servers() {
        return List.copyOf(deadlines.keySet());
    }

    /** Returns the destinations that drain. */
    Set<DestinationKey> of(ServiceKey server) {
        return Set.copyOf(deadlines.getOrDefault(server, Map.of()).keySet());
    }

    /** Returns those of them whose time is over. */
    Set<DestinationKey> expired(ServiceKey server, long now) {
        Set<DestinationKey> expired = new HashSet<>();
        Objects.requireNonNull(deadlines.getOrDefault(server, Map.of())).forEach((key, deadline) -> {
            if (now - deadline >= 0) {
                expired.add(key);
            }
        });
        return expired;
    }

    int count() {
        return deadlines.values().stream().mapToInt(Map::size).sum();
    }

    /** Returns when the time of the next one is over, counted from now. */
    OptionalLong next(long now) {
        return deadlines.values().stream()
                .flatMap(some -> some.values().stream())
                .mapToLong(deadline -> deadline - now)
                .min();
    }
}
