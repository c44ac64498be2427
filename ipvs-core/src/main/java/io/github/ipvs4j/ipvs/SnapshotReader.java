// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the table, or some of its services, and looks again where the kernel may have left something out.
 *
 * <p>The kernel does not say when others disturb a listing, but two looks that agree tell: what is skipped in one,
 * because something in front of it was deleted between two pieces of the listing, is there in the next. The services
 * are listed until two lists in a row agree; between them, only the destinations of services that are new or changed
 * are read. A list of destinations that came in one piece which had room for more is whole; others are read again until
 * two agree. Whether a piece had room, the memory tells that the kernel took for it.
 *
 * <p>Netlink is used rather than {@code /proc/net/ip_vs}, which is never enough for a state: it has no thresholds, no
 * tunnels, no scheduler's flags, no engines, and no family of marks. A listing of a service's destinations takes two
 * system calls, since a socket carries one listing at a time but hands over its entries and its end by one
 * {@code recvmmsg}; a third, which asks for the memory, where lists are as long as a piece.
 */
final class SnapshotReader {
    /** How often a listing is repeated before it is taken as it is. */
    private static final int LOOKS = 4;

    private final TableReader table;
    private boolean settled = true;

    SnapshotReader(TableReader table) {
        this.table = table;
    }

    /** Reads the whole table. */
    Snapshot all() {
        Listing<ObservedService> look = table.services();
        Map<ServiceKey, ObservedServer> servers = update(Map.of(), look);
        for (int looks = 1; looks < LOOKS; looks++) {
            Listing<ObservedService> next = table.services();
            boolean agreed = !look.repeated() && !next.repeated() && haveEqualServices(servers, next);
            look = next;
            if (agreed) {
                return new Snapshot(servers, settled);
            }
            servers = update(servers, look);
        }
        return new Snapshot(servers, false);
    }

    /** Reads some services; those that are not there are left out. */
    Snapshot some(Collection<ServiceKey> keys) {
        Map<ServiceKey, ObservedServer> servers = new LinkedHashMap<>();
        for (ServiceKey key : new LinkedHashSet<>(keys)) {
            server(key).ifPresent(server -> servers.put(key, server));
        }
        return new Snapshot(servers, settled);
    }

    /** Reads a service before and after its destinations, until both are the same one. */
    private Optional<ObservedServer> server(ServiceKey key) {
        Optional<ObservedService> service = table.find(key);
        List<ObservedDestination> destinations = List.of();
        for (int looks = 1; looks < LOOKS && service.isPresent(); looks++) {
            destinations = destinations(key);
            Optional<ObservedService> still = table.find(key);
            if (still.isPresent() && still.get().service().equals(service.get().service())) {
                return Optional.of(new ObservedServer(still.get(), destinations));
            }
            service = still;
        }
        settled &= service.isEmpty();
        List<ObservedDestination> last = destinations;
        return service.map(seen -> new ObservedServer(seen, last));
    }

    private static boolean haveEqualServices(
            Map<ServiceKey, ObservedServer> servers, Listing<ObservedService> services) {
        if (servers.size() != services.entries().size()) {
            return false;
        }
        for (ObservedService service : services.entries()) {
            if (!isUnchanged(service, servers.get(service.key()))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isUnchanged(ObservedService service, @Nullable ObservedServer known) {
        return known != null && known.service().service().equals(service.service());
    }

    /** Returns the servers of the listed services, reading the destinations of those that are not known as listed. */
    private Map<ServiceKey, ObservedServer> update(
            Map<ServiceKey, ObservedServer> known, Listing<ObservedService> services) {
        Map<ServiceKey, ObservedServer> servers =
                new LinkedHashMap<>(services.entries().size() * 4 / 3 + 1);
        for (ObservedService service : services.entries()) {
            ObservedServer before = known.get(service.key());
            servers.put(
                    service.key(),
                    isUnchanged(service, before) ? before : new ObservedServer(service, destinations(service.key())));
        }
        return servers;
    }

    /** Lists the destinations of a service, until one list is surely whole or two in a row agree. */
    List<ObservedDestination> destinations(ServiceKey key) {
        Listing<ObservedDestination> look = table.destinations(key);
        if (!look.needsAnotherLook()) {
            return look.entries();
        }
        for (int looks = 1; looks < LOOKS; looks++) {
            Listing<ObservedDestination> next = table.destinations(key);
            boolean agreed =
                    !look.repeated() && !next.repeated() && wanted(look).equals(wanted(next));
            look = next;
            if (agreed || !look.needsAnotherLook()) {
                return look.entries();
            }
        }
        settled = false;
        return look.entries();
    }

    private static Map<DestinationKey, Destination> wanted(Listing<ObservedDestination> listing) {
        Map<DestinationKey, Destination> byKey = new HashMap<>();
        listing.entries().forEach(entry -> byKey.put(entry.key(), entry.destination()));
        return byKey;
    }
}
