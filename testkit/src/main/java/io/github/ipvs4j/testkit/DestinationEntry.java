// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import org.jspecify.annotations.Nullable;

/** A destination of the simulated kernel. */
final class DestinationEntry {
    private final DestinationId id;
    private DestinationSettings settings;
    private int active;
    private int inactive;
    private int persistent;
    private @Nullable TrafficCounters counters;

    DestinationEntry(DestinationId id, DestinationSettings settings) {
        this.id = id;
        this.settings = settings;
    }

    DestinationId id() {
        return id;
    }

    DestinationSettings settings() {
        return settings;
    }

    void settings(DestinationSettings newSettings) {
        settings = newSettings;
    }

    int active() {
        return active;
    }

    int inactive() {
        return inactive;
    }

    int persistent() {
        return persistent;
    }

    void connections(int newActive, int newInactive, int newPersistent) {
        active = newActive;
        inactive = newInactive;
        persistent = newPersistent;
    }

    boolean hasConnections() {
        return active > 0 || inactive > 0 || persistent > 0;
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
}
