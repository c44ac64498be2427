// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import io.github.ipvs4j.reconciler.SyncReport;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the kernel in step with a folder of manifests: applies what changes, tries again what failed, lets removed
 * destinations drain, and repairs every now and then what others changed. Used by one thread.
 */
final class ProxyLoop {
    /** How long the longest wait for a change is; the folder is looked at then in any case. */
    static final Duration RESCAN = Duration.ofSeconds(10);

    static final Duration RESYNC = Duration.ofMinutes(1);
    static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    static final Duration LONGEST_RETRY = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(ProxyLoop.class);

    private final ManifestSource source;
    private final Target target;
    private final LongSupplier nanoTime;
    private boolean started;
    private boolean draining;
    private List<SyncReport.Failure> failures = List.of();
    private Duration retryAfter = FIRST_RETRY;
    private long retryAt;
    private long resyncAt;
    private long drainAt;

    /**
     * Makes a loop.
     *
     * @param source where the objects come from
     * @param target where they go
     * @param nanoTime the clock, {@link System#nanoTime} but in tests
     */
    ProxyLoop(ManifestSource source, Target target, LongSupplier nanoTime) {
        this.source = source;
        this.target = target;
        this.nanoTime = nanoTime;
    }

    /**
     * Does all that is due now: nothing until the folder can be listed for the first time, lest what an earlier run
     * left be taken for unwanted.
     *
     * @return whether everything that the folder asks for is in the kernel
     */
    boolean turn() {
        Delta delta = source.changes();
        if (!source.listed()) {
            return false;
        }
        delta.puts().forEach(target::put);
        delta.removals().forEach(target::remove);
        long now = nanoTime.getAsLong();
        if (!started) {
            syncChanges(delta);
            resyncAt = now + RESYNC.toNanos();
            started = true;
            tellReady();
        } else if (!delta.isEmpty()) {
            syncChanges(delta);
        } else if (!failures.isEmpty() && now - retryAt >= 0) {
            take("tried again", target.sync());
        } else if (now - resyncAt >= 0) {
            take("repaired", target.resync());
            resyncAt = now + RESYNC.toNanos();
        }
        if (draining && now - drainAt >= 0) {
            takeDrained(target.drain());
            drainAt = now + RESCAN.toNanos();
        }
        return source.complete() && failures.isEmpty();
    }

    /**
     * Does what is due, for ever.
     *
     * @param await waits for a change at most as long as it is told; false ends this call
     */
    void follow(Predicate<Duration> await) {
        boolean going;
        do {
            turn();
            going = await.test(nextWait());
        } while (going);
    }

    /** Returns how long nothing is due unless something changes. */
    Duration nextWait() {
        long wait = Math.min(RESCAN.toNanos(), failures.isEmpty() ? Long.MAX_VALUE : retryAt - nanoTime.getAsLong());
        return Duration.ofNanos(Math.max(0, wait));
    }

    private void syncChanges(Delta delta) {
        SyncReport report = target.sync();
        LOG.info("synced {}: {}", delta.isEmpty() ? "nothing" : delta, describe(report));
        take(report);
    }

    private void take(String what, SyncReport report) {
        tellChanges(what, report);
        take(report);
    }

    private void take(SyncReport report) {
        tellNewFailures(report);
        if (report.succeeded() && !failures.isEmpty()) {
            LOG.info("what had failed is in place now");
        }
        failures = report.failures();
        if (failures.isEmpty()) {
            retryAfter = FIRST_RETRY;
        } else {
            planRetry();
        }
        noteDraining(report);
    }

    /** Adds to what failed; whether that is in place by now, only a sync tells. */
    private void takeDrained(SyncReport report) {
        tellChanges("drained", report);
        tellNewFailures(report);
        if (failures.isEmpty() && !report.succeeded()) {
            planRetry();
        }
        Set<SyncReport.Failure> all = new LinkedHashSet<>(failures);
        all.addAll(report.failures());
        failures = List.copyOf(all);
        noteDraining(report);
    }

    private static void tellChanges(String what, SyncReport report) {
        if (report.changed() > 0) {
            LOG.info("{}: {}", what, describe(report));
        }
    }

    private void tellNewFailures(SyncReport report) {
        Set<SyncReport.Failure> fresh = new LinkedHashSet<>(report.failures());
        failures.forEach(fresh::remove);
        fresh.forEach(failure -> LOG.warn("{}", failure));
    }

    private void planRetry() {
        retryAt = nanoTime.getAsLong() + retryAfter.toNanos();
        Duration doubled = retryAfter.multipliedBy(2);
        retryAfter = doubled.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : doubled;
    }

    private void noteDraining(SyncReport report) {
        if (report.draining() > 0 && !draining) {
            drainAt = nanoTime.getAsLong() + RESCAN.toNanos();
        }
        draining = report.draining() > 0;
    }

    private static String describe(SyncReport report) {
        return Counted.of(report.changed(), "change") + " in the kernel"
                + (report.draining() == 0
                        ? ""
                        : ", " + Counted.of(report.draining(), "destination") + " waiting for connections to end")
                + (report.succeeded() ? "" : ", " + Counted.of(report.failures().size(), "failure"))
                + " in " + report.took().toMillis() + " ms";
    }

    private void tellReady() {
        LOG.info(
                "ready: {} and {} in place{}",
                Counted.of(source.count(ObjectId.Kind.SERVICE), "Service"),
                Counted.of(source.count(ObjectId.Kind.ENDPOINT_SLICE), "EndpointSlice"),
                source.complete() && failures.isEmpty() ? "" : ", but not all of it; see the warnings above");
    }
}
