// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import java.util.ArrayList;
import java.util.List;

/**
 * A virtual service as the kernel has it, with its destinations.
 *
 * @param service the service
 * @param destinations in the order in which they were added, as far as the kernel's list tells
 */
public record ObservedServer(ObservedService service, List<ObservedDestination> destinations) {
    /** Copies the list. */
    public ObservedServer {
        destinations = List.copyOf(destinations);
    }

    /**
     * Returns the key of the service.
     *
     * @return what makes the service the one it is
     */
    public ServiceKey key() {
        return service.key();
    }

    /**
     * Forgets what is observed only.
     *
     * @return the service with its destinations, as one would want them to have this
     */
    public VirtualServer server() {
        List<Destination> wanted = new ArrayList<>(destinations.size());
        for (ObservedDestination seen : destinations) {
            wanted.add(seen.destination());
        }
        return new VirtualServer(service.service(), wanted);
    }
}
