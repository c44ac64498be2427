// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import io.github.ipvs4j.netlink.DumpConsumer;
import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.GenericClient;
import io.github.ipvs4j.netlink.KernelRejected;
import io.github.ipvs4j.netlink.MessageReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads services and destinations from the kernel. Its dumps are positional and never flagged as disturbed
 * ({@code ip_vs_genl_dump_services}, {@code ip_vs_genl_dump_dests}); entries that come twice are counted once.
 */
final class TableReader {
    private final GenericClient kernel;

    TableReader(GenericClient kernel) {
        this.kernel = kernel;
    }

    Listing<ObservedService> services() {
        ServiceDecoder decoder = new ServiceDecoder();
        Collector<ObservedService, ServiceKey> services =
                new Collector<>(message -> decoder.decode(GenericClient.attributes(message)), ObservedService::key);
        kernel.dump(new IpvsRequest.ListServices(), services);
        return services.listing();
    }

    /**
     * Reads one service.
     *
     * @param key of the service
     * @param purpose what it is done for, as the beginning of an error message
     * @throws KernelRejected with {@code ESRCH} if there is no such service
     */
    ObservedService service(ServiceKey key, String purpose) {
        return kernel.query(new IpvsRequest.GetService(key, purpose), new ServiceDecoder()::decode);
    }

    Optional<ObservedService> find(ServiceKey key) {
        try {
            return Optional.of(service(key, "read service"));
        } catch (KernelRejected e) {
            if (e.errno().equals(Errno.ESRCH)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Lists the destinations of a service, first added first; none if there is no such service. */
    Listing<ObservedDestination> destinations(ServiceKey service) {
        DestinationDecoder decoder = new DestinationDecoder(service.family());
        Collector<ObservedDestination, DestinationKey> destinations =
                new Collector<>(decoder::decode, ObservedDestination::key);
        kernel.dump(new IpvsRequest.ListDestinations(service), destinations);
        Listing<ObservedDestination> listing = destinations.listing();
        Collections.reverse(listing.entries());
        return listing;
    }

    /** Lists services and, one after the other, their destinations. */
    Snapshot snapshot() {
        Listing<ObservedService> services = services();
        boolean disturbed = services.repeated();
        List<ObservedServer> servers = new ArrayList<>(services.entries().size());
        for (ObservedService service : services.entries()) {
            Listing<ObservedDestination> destinations = destinations(service.key());
            disturbed |= destinations.repeated();
            // An empty list may mean that the service has gone; the kernel does not say so.
            if (destinations.entries().isEmpty() && find(service.key()).isEmpty()) {
                disturbed = true;
            } else {
                servers.add(new ObservedServer(service, destinations.entries()));
            }
        }
        return new Snapshot(servers, !disturbed);
    }

    /** Collects the entries of one listing. */
    private static final class Collector<T, K> implements DumpConsumer {
        private final Function<MessageReader, T> decoder;
        private final Function<T, K> keyOf;
        private final List<T> entries = new ArrayList<>();
        private final Set<K> keys = new HashSet<>();
        private boolean repeated;

        Collector(Function<MessageReader, T> decoder, Function<T, K> keyOf) {
            this.decoder = decoder;
            this.keyOf = keyOf;
        }

        @Override
        public void accept(MessageReader message) {
            T entry = decoder.apply(message);
            if (keys.add(keyOf.apply(entry))) {
                entries.add(entry);
            } else {
                repeated = true;
            }
        }

        @Override
        public void restart() {
            entries.clear();
            keys.clear();
            repeated = false;
        }

        Listing<T> listing() {
            return new Listing<>(entries, repeated);
        }
    }
}
