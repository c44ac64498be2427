// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What the owner has told of Services, EndpointSlices and the own node, and what of it is new. */
final class ObjectStore {
    /** Labels of objects that another proxy handles or that need none. */
    private static final List<String> NOT_OURS =
            List.of("service.kubernetes.io/service-proxy-name", "service.kubernetes.io/headless");

    private final String nodeName;
    private final Predicate<String> keptAnnotations;
    private final Map<ObjectName, Entry> entries = new HashMap<>();
    private final Map<ObjectName, PackedSlice> slices = new HashMap<>();
    private final SlicePool pool = new SlicePool();
    private Set<ObjectName> changed = new LinkedHashSet<>();
    private @Nullable Node own;

    /** Makes one that forgets all annotations. */
    ObjectStore(String nodeName) {
        this(nodeName, false);
    }

    /**
     * Makes one.
     *
     * @param nodeName the own node
     * @param annotations whether Services keep those by which they choose
     */
    ObjectStore(String nodeName, boolean annotations) {
        this.nodeName = nodeName;
        this.keptAnnotations = key -> annotations && key.startsWith(Choices.PREFIX);
    }

    /** A Service with its slices in the order of their names. */
    record Inputs(Service service, List<EndpointSlice> slices) {}

    /** A Service, which may come after its slices, and its slices in the order of their names. */
    private static final class Entry {
        private @Nullable Service service;
        private PackedSlice[] slices = {};
    }

    /**
     * Remembers a Service.
     *
     * @return whether that is news
     */
    synchronized boolean put(Service service) {
        if (isOthers(service.labels())) {
            return remove(service.name());
        }
        Entry entry = entries.computeIfAbsent(service.name(), added -> new Entry());
        Service lean = service.withoutNotes(keptAnnotations);
        if (entry.service != null && lean.equals(entry.service)) {
            return false;
        }
        entry.service = lean;
        changed.add(service.name());
        return true;
    }

    /**
     * Forgets a Service.
     *
     * @return whether there was one
     */
    synchronized boolean remove(ObjectName service) {
        Entry entry = entries.get(service);
        if (entry == null || entry.service == null) {
            return false;
        }
        entry.service = null;
        dropIfEmpty(service, entry);
        changed.add(service);
        return true;
    }

    /**
     * Remembers a slice.
     *
     * @return whether that is news
     */
    synchronized boolean put(EndpointSlice slice) {
        if (slice.serviceName().isEmpty() || isOthers(slice.labels())) {
            return removeSlice(slice.name());
        }
        PackedSlice packed = PackedSlice.of(slice, pool);
        PackedSlice before = slices.get(slice.name());
        if (packed.equals(before)) {
            packed.release(pool);
            return false;
        }
        removeSlice(slice.name());
        slices.put(packed.name(), packed);
        Entry entry = entries.computeIfAbsent(packed.service(), added -> new Entry());
        PackedSlice[] together = Arrays.copyOf(entry.slices, entry.slices.length + 1);
        together[entry.slices.length] = packed;
        if (together.length > 1) {
            Arrays.sort(together, (one, other) -> one.name().compareTo(other.name()));
        }
        entry.slices = together;
        changed.add(packed.service());
        return true;
    }

    /**
     * Forgets a slice.
     *
     * @return whether there was one
     */
    @SuppressWarnings("ReferenceEquality") // Another slice of the Service may hold the same.
    synchronized boolean removeSlice(ObjectName name) {
        PackedSlice slice = slices.remove(name);
        if (slice == null) {
            return false;
        }
        ObjectName service = slice.service();
        Entry entry = Objects.requireNonNull(entries.get(service));
        entry.slices =
                Arrays.stream(entry.slices).filter(other -> other != slice).toArray(PackedSlice[]::new);
        dropIfEmpty(service, entry);
        slice.release(pool);
        changed.add(service);
        return true;
    }

    /** Forgets all Services and slices. */
    synchronized void clear() {
        List.copyOf(slices.keySet()).forEach(this::removeSlice);
        List.copyOf(entries.keySet()).forEach(this::remove);
    }

    private static boolean isOthers(Map<String, String> labels) {
        for (String label : NOT_OURS) {
            if (labels.containsKey(label)) {
                return true;
            }
        }
        return false;
    }

    private void dropIfEmpty(ObjectName service, Entry entry) {
        if (entry.service == null && entry.slices.length == 0) {
            entries.remove(service);
        }
    }

    synchronized void put(Node node) {
        if (node.name().equals(nodeName)) {
            own = node;
        }
    }

    synchronized void removeNode(String name) {
        if (name.equals(nodeName)) {
            own = null;
        }
    }

    /** Marks every Service as changed, because something that all depend on has changed. */
    synchronized void touchAll() {
        entries.forEach((name, entry) -> {
            if (entry.service != null) {
                changed.add(name);
            }
        });
    }

    /** Marks Services as changed, because something that they depend on has changed. */
    synchronized void touch(Collection<ObjectName> services) {
        for (ObjectName name : services) {
            Entry entry = entries.get(name);
            if (entry != null && entry.service != null) {
                changed.add(name);
            }
        }
    }

    /** Returns the own node, if it is known. */
    synchronized Optional<Node> node() {
        return Optional.ofNullable(own);
    }

    /**
     * Hands on what is new since the last call, in the order it came. Each is put together only when it is its turn, so
     * that never all of it is in memory at once.
     *
     * @param consumer takes each Service that changed with its present state, nothing if it is gone
     * @return how many they were
     */
    int takeChanges(BiConsumer<ObjectName, Optional<Inputs>> consumer) {
        Set<ObjectName> taken;
        synchronized (this) {
            taken = changed;
            // A set does not shrink by itself, and at the start it has room for every Service.
            changed = new LinkedHashSet<>();
        }
        taken.forEach(name -> consumer.accept(name, inputs(name)));
        return taken.size();
    }

    private synchronized Optional<Inputs> inputs(ObjectName name) {
        Entry entry = entries.get(name);
        if (entry == null || entry.service == null) {
            return Optional.empty();
        }
        List<EndpointSlice> unpacked = new ArrayList<>(entry.slices.length);
        for (PackedSlice slice : entry.slices) {
            unpacked.add(slice.unpack());
        }
        return Optional.of(new Inputs(entry.service, unpacked));
    }

    /** Tells whether nothing at all is remembered. */
    synchronized boolean isEmpty() {
        return entries.isEmpty() && slices.isEmpty() && changed.isEmpty() && pool.isEmpty();
    }
}
