// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** What the flight recorder shows of a sync; its duration is that of the sync. */
@Name("io.github.ipvs4j.Sync")
@Label("Sync")
@Category("ipvs4j")
@Description("Services and EndpointSlices brought to the kernel")
@StackTrace(false)
@SuppressWarnings("UnusedVariable") // The flight recorder reads the fields.
final class SyncEvent extends Event {
    @Label("Cause")
    private String cause = "";

    @Label("Services compiled")
    private int services;

    @Label("Changes in the kernel")
    private int changes;

    @Label("Destinations draining")
    private int draining;

    @Label("Failures")
    private int failures;

    @Label("First failure")
    private String firstFailure = "";

    /** Ends the event and, if somebody records it, fills it. */
    void end(SyncReport report) {
        end();
        if (shouldCommit()) {
            cause = report.cause().name();
            services = report.services();
            changes = report.changed();
            draining = report.draining();
            failures = report.failures().size();
            firstFailure = report.failures().stream()
                    .findFirst()
                    .map(SyncReport.Failure::toString)
                    .orElse("");
            commit();
        }
    }
}
