// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.IpFamily;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Destinations that were deleted. Each stays for two to three minutes, longer if it has connections, so that the same
 * one added again to the same service finds its connections and counters.
 *
 * <p>Follows {@code ip_vs_trash_get_dest} and {@code ip_vs_dest_trash_expire} in
 * {@code net/netfilter/ipvs/ip_vs_ctl.c}.
 */
final class DestinationTrash {
    /** How long a destination is kept that has no connections, in milliseconds. */
    private static final long IDLE = 120_000;

    private static final long LOOK_EVERY = IDLE / 2;
    private static final long NEVER = 0;

    /** A destination by the service it belonged to, whether that is there or not. */
    private record Place(ServiceId service, DestinationId destination) {
        /** Services of one mark share it, whatever their families are. */
        Place {
            service = service.mark() == 0 ? service : ServiceId.ofMark(IpFamily.IPV4, service.mark());
        }
    }

    /** A destination, and since when it was seen to be idle. */
    private static final class Entry {
        private final ServiceEntry service;
        private final DestinationEntry destination;
        private long idleSince = NEVER;

        Entry(ServiceEntry service, DestinationEntry destination) {
            this.service = service;
            this.destination = destination;
        }
    }

    private final KernelContext kernel;
    private final Map<Place, Entry> entries = new LinkedHashMap<>();
    private long nextLook = NEVER;

    DestinationTrash(KernelContext kernel) {
        this.kernel = kernel;
    }

    void put(ServiceEntry service, DestinationEntry destination) {
        if (entries.isEmpty()) {
            nextLook = kernel.now() + LOOK_EVERY;
        }
        entries.put(new Place(service.id(), destination.id()), new Entry(service, destination));
    }

    @Nullable
    DestinationEntry find(ServiceId service, DestinationId destination) {
        Entry entry = entries.get(new Place(service, destination));
        return entry == null ? null : entry.destination;
    }

    /** Takes a destination out for a service, which may be another one of the same name; then it counts from zero. */
    @Nullable
    DestinationEntry take(ServiceEntry service, DestinationId destination) {
        Entry entry = entries.isEmpty() ? null : entries.remove(new Place(service.id(), destination));
        if (entry == null) {
            return null;
        }
        TrafficCounters counters = entry.destination.counters();
        if (entry.service != service && counters != null) {
            counters.zero();
        }
        return entry.destination;
    }

    void timePassed() {
        while (!entries.isEmpty() && nextLook <= kernel.now()) {
            look(nextLook);
            nextLook += LOOK_EVERY;
        }
    }

    private void look(long now) {
        Iterator<Entry> all = entries.values().iterator();
        while (all.hasNext()) {
            Entry entry = all.next();
            if (entry.destination.hasConnections()) {
                continue;
            }
            if (entry.idleSince == NEVER) {
                entry.idleSince = now;
            } else if (now >= entry.idleSince + IDLE) {
                all.remove();
            }
        }
    }
}
