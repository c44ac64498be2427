// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The wishes of Services for one object. Most objects are wanted by one Service, and cost no more than that; some are
 * wanted by many.
 *
 * @param <V> what the object is like
 */
class Claims<V> {
    private @Nullable ObjectName owner;
    private @Nullable V value;
    private @Nullable TreeMap<ObjectName, V> several;

    /** Takes a Service's wish in place of the one it had. */
    void put(ObjectName service, V wish) {
        if (several != null) {
            several.put(service, wish);
        } else if (owner != null && value != null && !owner.equals(service)) {
            several = new TreeMap<>(Map.of(owner, value, service, wish));
        }
        lead(service, wish);
    }

    /** Forgets a Service's wish. */
    void remove(ObjectName service) {
        if (several != null) {
            several.remove(service);
            if (service.equals(owner)) {
                owner = several.firstKey();
                value = several.get(owner);
            }
            if (several.size() == 1) {
                several = null;
            }
        } else if (service.equals(owner)) {
            owner = null;
            value = null;
        }
    }

    /** Returns what the object should be like: the wish of the first Service by name; null if nobody wants it. */
    @Nullable
    V winning() {
        return value;
    }

    /** Returns the Services that want the object, in the order of their names. */
    Collection<ObjectName> owners() {
        if (several != null) {
            return several.keySet();
        }
        return owner == null ? List.of() : List.of(owner);
    }

    private void lead(ObjectName service, V wish) {
        if (owner == null || service.compareTo(owner) <= 0) {
            owner = service;
            value = wish;
        }
    }
}
