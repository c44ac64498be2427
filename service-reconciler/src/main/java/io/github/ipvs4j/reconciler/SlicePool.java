// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import java.util.List;
import java.util.Set;

/** What the slices of a cluster have in common. */
final class SlicePool {
    final Pool<String> namespaces = new Pool<>();
    final Pool<List<EndpointPort>> ports = new Pool<>();
    final Pool<Place> places = new Pool<>();

    /** Where an endpoint is, and for whom it is meant. */
    record Place(String nodeName, Set<String> zoneHints, Set<String> nodeHints) {
        static Place of(Endpoint endpoint) {
            return new Place(endpoint.nodeName(), endpoint.zoneHints(), endpoint.nodeHints());
        }
    }

    boolean isEmpty() {
        return namespaces.isEmpty() && ports.isEmpty() && places.isEmpty();
    }
}
