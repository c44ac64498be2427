// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Who wants what of one kind of kernel object, what the kernel has of it, and where the two may differ.
 *
 * <p>Several Services may want the same object. Where they want it differently, the first by name gets its way, in
 * whatever order they came.
 *
 * @param <K> what tells objects apart
 * @param <V> what an object is like
 */
final class Ledger<K, V> {
    private final Map<K, Slot<V>> slots = new HashMap<>();
    private Map<K, Set<ObjectName>> touched = new LinkedHashMap<>();
    private final Map<K, Setback> setbacks = new LinkedHashMap<>();

    /** What has failed since the present pass began. */
    private final Set<K> failedNow = new HashSet<>();

    private final Set<K> contested = new LinkedHashSet<>();
    private int heldCount;
    private int wantedCount;

    /** One object instead of two for each of many thousand keys. */
    private static final class Slot<V> extends Claims<V> {
        private @Nullable V held;
    }

    /** Notes that a Service wants an object, in place of what it wanted of it before. */
    void claim(K key, ObjectName owner, V value) {
        Slot<V> slot = slots.computeIfAbsent(key, added -> new Slot<>());
        wantedCount += slot.winning() == null ? 1 : 0;
        slot.put(owner, value);
        touch(key, owner, slot);
    }

    /** Notes that a Service wants an object no more. */
    void release(K key, ObjectName owner) {
        Slot<V> slot = slots.get(key);
        if (slot != null) {
            int before = slot.winning() == null ? 0 : 1;
            slot.remove(owner);
            wantedCount -= slot.winning() == null ? before : 0;
            touch(key, owner, slot);
            dropIfEmpty(key, slot);
        }
    }

    /** Returns what the object should be like, null if nobody wants it. */
    @Nullable
    V wanted(K key) {
        Slot<V> slot = slots.get(key);
        return slot == null ? null : slot.winning();
    }

    /** Returns what the kernel has, as far as is known; null if it has no such object of ours. */
    @Nullable
    V held(K key) {
        Slot<V> slot = slots.get(key);
        return slot == null ? null : slot.held;
    }

    /** Notes what the kernel has, null for nothing. */
    void hold(K key, @Nullable V value) {
        Slot<V> slot = slots.get(key);
        if (slot == null) {
            if (value == null) {
                return;
            }
            slot = new Slot<>();
            slots.put(key, slot);
        }
        heldCount += (value == null ? 0 : 1) - (slot.held == null ? 0 : 1);
        // Equal values are one object, so that what is as wanted costs its memory once.
        slot.held = Objects.equals(value, slot.winning()) ? slot.winning() : value;
        dropIfEmpty(key, slot);
    }

    /** Forgets what the kernel has, because it is about to be read anew. */
    void forgetHeld() {
        Iterator<Slot<V>> all = slots.values().iterator();
        while (all.hasNext()) {
            Slot<V> slot = all.next();
            slot.held = null;
            if (slot.winning() == null) {
                all.remove();
            }
        }
        heldCount = 0;
    }

    /** Returns how many objects the kernel has. */
    int heldCount() {
        return heldCount;
    }

    /** Returns how many objects are wanted. */
    int wantedCount() {
        return wantedCount;
    }

    /** Returns the objects that the kernel has. */
    List<K> heldKeys() {
        List<K> held = new ArrayList<>(heldCount);
        for (Map.Entry<K, Slot<V>> entry : slots.entrySet()) {
            if (entry.getValue().held != null) {
                held.add(entry.getKey());
            }
        }
        return held;
    }

    /** Returns the objects where what is wanted and what is there may differ, in the order in which that came up. */
    List<K> touched() {
        return List.copyOf(touched.keySet());
    }

    /** Returns those of them that need not wait because they failed; none that has been tried in this pass. */
    List<K> due(long now) {
        if (setbacks.isEmpty()) {
            return touched();
        }
        return touched.keySet().stream()
                .filter(key -> {
                    Setback setback = setbacks.get(key);
                    return setback == null || (setback.isOver(now) && !failedNow.contains(key));
                })
                .toList();
    }

    /** Says that what fails from now on is not to be tried again before the next time this is said. */
    void beginPass() {
        failedNow.clear();
    }

    /** Returns what is wanted and not there. */
    List<K> missing() {
        return touched.keySet().stream().filter(this::isMissing).toList();
    }

    /** Returns what is wanted and not there, and that because it failed. */
    List<K> failing() {
        return setbacks.keySet().stream().filter(this::isMissing).toList();
    }

    private boolean isMissing(K key) {
        return wanted(key) != null && held(key) == null;
    }

    /** Notes that an object could not be brought to what is wanted. */
    void setBack(K key, long now, String reason) {
        touched.putIfAbsent(key, Set.of());
        failedNow.add(key);
        setbacks.compute(key, (same, before) -> Setback.after(before, now, reason));
    }

    /** Returns what failed and is left alone for now. */
    Map<K, String> waiting(long now) {
        if (setbacks.isEmpty()) {
            return Map.of();
        }
        Map<K, String> waiting = new LinkedHashMap<>();
        setbacks.forEach((key, setback) -> {
            if (!setback.isOver(now)) {
                waiting.put(key, setback.reason());
            }
        });
        return waiting;
    }

    /** Has everything that failed tried again at once. */
    void endSetbacks(long now) {
        failedNow.clear();
        setbacks.replaceAll((key, setback) -> setback.ended(now));
    }

    /** Marks every object where what is wanted and what is there differ. */
    void touchDifferences() {
        for (Map.Entry<K, Slot<V>> entry : slots.entrySet()) {
            Slot<V> slot = entry.getValue();
            if (!Objects.equals(slot.winning(), slot.held)) {
                touched.putIfAbsent(entry.getKey(), Set.of());
            }
        }
    }

    /** Notes that what is wanted is there. */
    void settle(K key) {
        setbacks.remove(key);
        if (touched.remove(key) != null && touched.isEmpty()) {
            // A map does not shrink by itself, and after a first sync it has room for everything.
            touched = new LinkedHashMap<>();
        }
    }

    /** Returns the Services that an object is for, or was for when it was touched. */
    Set<ObjectName> owners(K key) {
        Set<ObjectName> owners = new TreeSet<>(touched.getOrDefault(key, Set.of()));
        Slot<V> slot = slots.get(key);
        if (slot != null) {
            owners.addAll(slot.owners());
        }
        return owners;
    }

    /** Tells whether one of these Services is among the {@link #owners(Object) owners}; makes no list of them. */
    boolean isOwnedByAny(K key, Set<ObjectName> services) {
        Slot<V> slot = slots.get(key);
        return touched.getOrDefault(key, Set.of()).stream().anyMatch(services::contains)
                || (slot != null && slot.owners().stream().anyMatch(services::contains));
    }

    /** Returns the Services that some objects are for, or were for when they were touched. */
    Set<ObjectName> owners(Collection<K> keys) {
        Set<ObjectName> owners = new TreeSet<>();
        keys.forEach(key -> owners.addAll(owners(key)));
        return owners;
    }

    /** Returns the objects that several Services want, each with those Services; the first of them gets its way. */
    Map<K, List<ObjectName>> contested() {
        Map<K, List<ObjectName>> found = new LinkedHashMap<>();
        contested.forEach(key -> found.put(
                key, List.copyOf(Objects.requireNonNull(slots.get(key)).owners())));
        return found;
    }

    /** Tells whether nothing is wanted, there, or remembered. */
    boolean isEmpty() {
        return slots.isEmpty() && touched.isEmpty() && setbacks.isEmpty() && contested.isEmpty();
    }

    /** Returns everything that is wanted. */
    Map<K, V> allWanted() {
        Map<K, V> all = new HashMap<>();
        slots.forEach((key, slot) -> {
            V wanted = slot.winning();
            if (wanted != null) {
                all.put(key, wanted);
            }
        });
        return all;
    }

    private void touch(K key, ObjectName owner, Slot<V> slot) {
        setbacks.remove(key);
        touched.merge(key, Set.of(owner), Ledger::union);
        if (slot.owners().size() > 1) {
            contested.add(key);
        } else {
            contested.remove(key);
        }
    }

    private static Set<ObjectName> union(Set<ObjectName> some, Set<ObjectName> more) {
        if (some.containsAll(more)) {
            return some;
        }
        Set<ObjectName> all = new HashSet<>(some);
        all.addAll(more);
        return all;
    }

    private void dropIfEmpty(K key, Slot<V> slot) {
        if (slot.winning() == null && slot.held == null) {
            slots.remove(key);
        }
    }
}
