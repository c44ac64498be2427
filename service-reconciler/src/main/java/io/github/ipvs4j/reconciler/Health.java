// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Tells whether changes reach the kernel in time. */
final class Health implements SyncListener {
    private final long patience;
    private final LongSupplier nanoTime;
    private boolean waiting;
    private long since;

    /**
     * Begins healthy, as long as nothing is queued.
     *
     * @param patience how long a change may wait
     * @param nanoTime the clock, {@link System#nanoTime} but in tests
     */
    Health(Duration patience, LongSupplier nanoTime) {
        this.patience = patience.toNanos();
        this.nanoTime = nanoTime;
    }

    @Override
    public void serviceChanged() {
        queued();
    }

    @Override
    public void endpointsChanged() {
        queued();
    }

    @Override
    public void ended(SyncReport report) {
        if (report.cause() != SyncCause.DRAIN && report.reachedAll()) {
            synced();
        }
    }

    private synchronized void queued() {
        if (!waiting) {
            waiting = true;
            since = nanoTime.getAsLong();
        }
    }

    private synchronized void synced() {
        waiting = false;
    }

    synchronized boolean isGood() {
        return !waiting || nanoTime.getAsLong() - since <= patience;
    }
}
