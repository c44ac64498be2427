// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the owner has told of Services, EndpointSlices and the own node, and what of it is new. */
final class ObjectStore {
    /** Labels of objects that another proxy handles or that need none. */
    private static final List<String> NOT_OURS =
            List.of("service.kubernetes.io/service-proxy-name", "service.kubernetes.io/headless");

    private final String nodeName;
    private final Map<ObjectName, Service> services = new HashMap<>();
    private final Map<ObjectName, EndpointSlice> slices = new HashMap<>();
    private final Map<ObjectName, List<EndpointSlice>> slicesOf = new HashMap<>();
    private final Set<ObjectName> changed = new LinkedHashSet<>();
    private String zone = "";

    ObjectStore(String nodeName) {
        this.nodeName = nodeName;
    }

    /** A Service with its slices in the order of their names. */
    record Inputs(Service service, List<EndpointSlice> slices) {}

    synchronized void put(Service service) {
        if (NOT_OURS.stream().anyMatch(service.labels()::containsKey)) {
            remove(service.name());
        } else if (!service.equals(services.put(service.name(), service))) {
            changed.add(service.name());
        }
    }

    synchronized void remove(ObjectName service) {
        if (services.remove(service) != null) {
            changed.add(service);
        }
    }

    synchronized void put(EndpointSlice slice) {
        EndpointSlice before = slices.get(slice.name());
        if (slice.equals(before)) {
            return;
        }
        if (before != null && !before.serviceName().equals(slice.serviceName())) {
            removeSlice(slice.name());
        }
        if (slice.serviceName().isEmpty() || NOT_OURS.stream().anyMatch(slice.labels()::containsKey)) {
            removeSlice(slice.name());
            return;
        }
        slices.put(slice.name(), slice);
        ObjectName service = serviceOf(slice);
        List<EndpointSlice> together = without(service, slice.name());
        together.add(slice);
        together.sort(Comparator.comparing(EndpointSlice::name));
        slicesOf.put(service, List.copyOf(together));
        changed.add(service);
    }

    synchronized void removeSlice(ObjectName name) {
        EndpointSlice slice = slices.remove(name);
        if (slice == null) {
            return;
        }
        ObjectName service = serviceOf(slice);
        List<EndpointSlice> left = without(service, name);
        if (left.isEmpty()) {
            slicesOf.remove(service);
        } else {
            slicesOf.put(service, List.copyOf(left));
        }
        changed.add(service);
    }

    synchronized void put(Node node) {
        if (node.name().equals(nodeName)) {
            moveTo(node.zone());
        }
    }

    synchronized void removeNode(String name) {
        if (name.equals(nodeName)) {
            moveTo("");
        }
    }

    /** Marks every Service as changed, because something that all depend on has changed. */
    synchronized void touchAll() {
        changed.addAll(services.keySet());
    }

    synchronized String zone() {
        return zone;
    }

    /**
     * Returns what is new since the last call, in the order it came.
     *
     * @return for each Service that changed its present state, nothing if it is gone
     */
    synchronized Map<ObjectName, Optional<Inputs>> takeChanges() {
        Map<ObjectName, Optional<Inputs>> taken = new LinkedHashMap<>();
        for (ObjectName name : changed) {
            @Nullable Service service = services.get(name);
            taken.put(
                    name,
                    Optional.ofNullable(service).map(it -> new Inputs(it, slicesOf.getOrDefault(name, List.of()))));
        }
        changed.clear();
        return taken;
    }

    /** Tells whether nothing at all is remembered. */
    synchronized boolean isEmpty() {
        return services.isEmpty() && slices.isEmpty() && slicesOf.isEmpty() && changed.isEmpty();
    }

    private void moveTo(String newZone) {
        if (!zone.equals(newZone)) {
            zone = newZone;
            touchAll();
        }
    }

    private List<EndpointSlice> without(ObjectName service, ObjectName slice) {
        List<EndpointSlice> left = new ArrayList<>(slicesOf.getOrDefault(service, List.of()));
        left.removeIf(other -> other.name().equals(slice));
        return left;
    }

    private static ObjectName serviceOf(EndpointSlice slice) {
        return new ObjectName(slice.name().namespace(), slice.serviceName());
    }
}
