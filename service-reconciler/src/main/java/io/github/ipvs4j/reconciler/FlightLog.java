// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/**
 * Tells the flight recorder of syncs, if this JVM has one at work: where nobody records, the first event of a process
 * would cost more than the sync of many Services.
 */
final class FlightLog {
    private FlightLog() {}

    /** Begins an event; returns null where nobody records. */
    static @Nullable SyncEvent begin() {
        if (!FlightRecorder.isInitialized()) {
            return null;
        }
        SyncEvent event = new SyncEvent();
        event.begin();
        return event;
    }

    /** Ends what was begun. */
    static void end(@Nullable SyncEvent event, SyncReport report) {
        if (event != null) {
            event.end(report);
        }
    }
}
