// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A virtual service as it is wanted, with its destinations.
 *
 * <p>Two are equal if they have equal services and the same destinations in whatever order.
 *
 * @param service its key and how it balances
 * @param destinations no two of them with the same address and port; in the order in which they are to be added, which
 *     some schedulers see
 */
public record VirtualServer(VirtualService service, List<Destination> destinations) {
    /** Up to so many destinations are compared with each other without making a set. */
    private static final int FEW = 12;

    /** Copies the list and refuses two destinations with one key. */
    public VirtualServer {
        destinations = List.copyOf(destinations);
        checkUnique(service.key(), destinations);
    }

    private static void checkUnique(ServiceKey service, List<Destination> destinations) {
        if (destinations.size() <= FEW) {
            for (int i = 1; i < destinations.size(); i++) {
                for (int j = 0; j < i; j++) {
                    if (destinations.get(i).hasKeyOf(destinations.get(j))) {
                        throw twice(service, destinations.get(i));
                    }
                }
            }
            return;
        }
        Set<DestinationKey> seen = new HashSet<>(2 * destinations.size());
        for (Destination destination : destinations) {
            if (!seen.add(destination.key())) {
                throw twice(service, destination);
            }
        }
    }

    private static IllegalArgumentException twice(ServiceKey service, Destination destination) {
        return new IllegalArgumentException(
                "service " + service + ": destination " + destination.key() + " is there twice");
    }

    /**
     * Puts a service and its destinations together.
     *
     * @param service its key and how it balances
     * @param destinations no two of them with the same address and port
     * @return the server
     */
    public static VirtualServer of(VirtualService service, Destination... destinations) {
        return new VirtualServer(service, List.of(destinations));
    }

    /**
     * Returns the key of the service.
     *
     * @return what makes the service the one it is
     */
    public ServiceKey key() {
        return service.key();
    }

    @Override
    public boolean equals(@Nullable Object object) {
        return object instanceof VirtualServer other
                && service.equals(other.service)
                && destinations.size() == other.destinations.size()
                && (destinations.equals(other.destinations)
                        || new HashSet<>(destinations).equals(new HashSet<>(other.destinations)));
    }

    @Override
    public int hashCode() {
        int sum = 0;
        for (Destination destination : destinations) {
            sum += destination.hashCode();
        }
        return 31 * service.hashCode() + sum;
    }
}
