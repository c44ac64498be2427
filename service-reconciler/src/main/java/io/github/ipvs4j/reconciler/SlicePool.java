// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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

        // Written out: the JVM makes a record's own when it is first called, which a first sync would wait for.
        @Override
        public boolean equals(@Nullable Object object) {
            return object instanceof Place other
                    && nodeName.equals(other.nodeName)
                    && zoneHints.equals(other.zoneHints)
                    && nodeHints.equals(other.nodeHints);
        }

        @Override
        public int hashCode() {
            return (nodeName.hashCode() * 31 + zoneHints.hashCode()) * 31 + nodeHints.hashCode();
        }
    }

    boolean isEmpty() {
        return namespaces.isEmpty() && ports.isEmpty() && places.isEmpty();
    }
}
