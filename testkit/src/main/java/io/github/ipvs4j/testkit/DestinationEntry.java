// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

/** A destination of the simulated kernel. */
final class DestinationEntry {
    private final DestinationId id;
    private DestinationSettings settings;
    private int active;
    private int inactive;

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

    void connections(int newActive, int newInactive) {
        active = newActive;
        inactive = newInactive;
    }

    boolean hasConnections() {
        return active > 0 || inactive > 0;
    }
}
