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
    private boolean later;
    private long laterSince;

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
    public void began(SyncCause cause) {
        begin();
    }

    @Override
    public void ended(SyncReport report) {
        if (report.cause().isSync() && report.reachedAll()) {
            synced();
        }
    }

    private synchronized void begin() {
        later = false;
    }

    /** Notes a change, and the first one since something began, which that may not take. */
    private synchronized void queued() {
        long now = nanoTime.getAsLong();
        if (!waiting) {
            waiting = true;
            since = now;
        }
        if (!later) {
            later = true;
            laterSince = now;
        }
    }

    private synchronized void synced() {
        waiting = later;
        since = laterSince;
    }

    synchronized boolean isGood() {
        return !waiting || nanoTime.getAsLong() - since <= patience;
    }
}
