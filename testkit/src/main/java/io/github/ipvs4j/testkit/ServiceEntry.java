// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A virtual service of the simulated kernel, with its destinations. */
final class ServiceEntry {
    private final ServiceId id;
    private final Map<DestinationId, DestinationEntry> destinations = new LinkedHashMap<>();
    private ServiceSettings settings;
    private @Nullable TrafficCounters counters;

    ServiceEntry(ServiceId id, ServiceSettings settings) {
        this.id = id;
        this.settings = settings;
    }

    ServiceId id() {
        return id;
    }

    ServiceSettings settings() {
        return settings;
    }

    void settings(ServiceSettings newSettings) {
        settings = newSettings;
    }

    /** Returns what it has carried, null if it never carried anything. */
    @Nullable
    TrafficCounters counters() {
        return counters;
    }

    TrafficCounters startCounters() {
        TrafficCounters some = counters == null ? new TrafficCounters() : counters;
        counters = some;
        return some;
    }

    /** Lets periods pass for its counters and those of its destinations. */
    void estimate(long periods) {
        estimate(counters, periods);
        destinations.values().forEach(destination -> estimate(destination.counters(), periods));
    }

    private static void estimate(@Nullable TrafficCounters some, long periods) {
        if (some != null) {
            some.estimate(periods);
        }
    }

    /** Sets its counters and those of its destinations to zero. */
    void zero() {
        zero(counters);
        destinations.values().forEach(destination -> zero(destination.counters()));
    }

    private static void zero(@Nullable TrafficCounters some) {
        if (some != null) {
            some.zero();
        }
    }

    @Nullable
    DestinationEntry destination(DestinationId wanted) {
        return destinations.get(wanted);
    }

    void put(DestinationEntry destination) {
        destinations.put(destination.id(), destination);
    }

    @Nullable
    DestinationEntry remove(DestinationId unwanted) {
        return destinations.remove(unwanted);
    }

    Collection<DestinationEntry> destinations() {
        return destinations.values();
    }

    /** Returns the destinations in the kernel's order. */
    List<DestinationEntry> newestFirst() {
        List<DestinationEntry> reversed = new ArrayList<>(destinations.values());
        Collections.reverse(reversed);
        return reversed;
    }
}
