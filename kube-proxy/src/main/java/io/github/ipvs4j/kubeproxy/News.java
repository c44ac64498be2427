// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import io.github.ipvs4j.reconciler.EndpointSlice;
import io.github.ipvs4j.reconciler.Node;
import io.github.ipvs4j.reconciler.ObjectName;
import io.github.ipvs4j.reconciler.ObjectSink;
import io.github.ipvs4j.reconciler.Service;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Hands objects on, and counts them until they have been synced. */
final class News implements ObjectSink {
    private final ObjectSink next;
    private final Map<ObjectId.Kind, Integer> counts = new EnumMap<>(ObjectId.Kind.class);

    News(ObjectSink next) {
        this.next = next;
    }

    @Override
    public void put(Service service) {
        count(ObjectId.Kind.SERVICE);
        next.put(service);
    }

    @Override
    public void put(EndpointSlice slice) {
        count(ObjectId.Kind.ENDPOINT_SLICE);
        next.put(slice);
    }

    @Override
    public void put(Node node) {
        count(ObjectId.Kind.NODE);
        next.put(node);
    }

    @Override
    public void removeService(ObjectName name) {
        count(ObjectId.Kind.SERVICE);
        next.removeService(name);
    }

    @Override
    public void removeEndpointSlice(ObjectName name) {
        count(ObjectId.Kind.ENDPOINT_SLICE);
        next.removeEndpointSlice(name);
    }

    @Override
    public void removeNode(String name) {
        count(ObjectId.Kind.NODE);
        next.removeNode(name);
    }

    private void count(ObjectId.Kind kind) {
        counts.merge(kind, 1, Integer::sum);
    }

    boolean isEmpty() {
        return counts.isEmpty();
    }

    /** Returns for example {@code 2 Services, 1 EndpointSlice}, and begins anew. */
    String take() {
        String text = counts.entrySet().stream()
                .map(entry -> Counted.of(entry.getValue(), entry.getKey().toString()))
                .collect(Collectors.joining(", "));
        counts.clear();
        return text;
    }
}
