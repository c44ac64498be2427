// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import io.github.ipvs4j.reconciler.SyncLoop;
import io.github.ipvs4j.reconciler.SyncReport;
import io.github.ipvs4j.reconciler.SyncTiming;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
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

    private static final Logger LOG = LoggerFactory.getLogger(ProxyLoop.class);

    private final ManifestSource source;
    private final Target target;
    private final Told work = new Told();
    private final SyncLoop loop;
    private final News news;
    private boolean started;
    private List<SyncReport.Failure> failures = List.of();

    /**
     * Makes a loop.
     *
     * @param source where the objects come from
     * @param target where they go
     * @param timing when to do what
     * @param nanoTime the clock, {@link System#nanoTime} but in tests
     */
    ProxyLoop(ManifestSource source, Target target, SyncTiming timing, LongSupplier nanoTime) {
        this.source = source;
        this.target = target;
        this.loop = new SyncLoop(work, timing, nanoTime);
        this.news = new News(target);
    }

    /** The target, with everything told that it does. */
    private final class Told implements SyncLoop.Work {
        @Override
        public SyncReport sync() {
            boolean again = started && news.isEmpty();
            String what = news.isEmpty() ? "nothing" : news.take();
            SyncReport report = target.sync();
            if (again) {
                tellChanges("tried again", report);
            } else {
                LOG.info("synced {}: {}", what, describe(report));
            }
            take(report);
            return report;
        }

        @Override
        public SyncReport resync() {
            String what = news.isEmpty() ? "repaired" : "synced " + news.take() + ", compared and repaired";
            SyncReport report = target.resync();
            tellChanges(what, report);
            take(report);
            return report;
        }

        @Override
        public SyncReport drain() {
            SyncReport report = target.drain();
            tellChanges("drained", report);
            addFailures(report);
            return report;
        }

        @Override
        public OptionalLong nextDrainDeadline() {
            return target.nextDrainDeadline();
        }

        @Override
        public boolean isDisturbed() {
            return target.isDisturbed();
        }
    }

    /**
     * Does all that is due now: nothing until the folder can be listed for the first time, lest what an earlier run
     * left be taken for unwanted.
     *
     * @return whether everything that the folder asks for is in the kernel
     */
    boolean turn() {
        if (source.feed(news)) {
            loop.changed();
        }
        if (!source.hasSynced()) {
            return false;
        }
        loop.loaded();
        boolean busy = true;
        while (busy) {
            busy = loop.turn().isPresent();
            if (!started && busy) {
                started = true;
                tellReady();
            }
        }
        return source.complete() && failures.isEmpty();
    }

    /**
     * Does all that is due now, and if that succeeds, compares the kernel with it and repairs what differs. A JVM that
     * leaves an archive of its classes at its end so has in it what a start needs that finds its state in the kernel.
     *
     * @return whether everything that the folder asks for is in the kernel
     */
    boolean once() {
        return turn() && work.resync().succeeded();
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
        Duration wait = loop.untilDue();
        return wait.compareTo(RESCAN) < 0 ? wait : RESCAN;
    }

    private void take(SyncReport report) {
        tellNewFailures(report);
        if (report.succeeded() && !failures.isEmpty()) {
            LOG.info("what had failed is in place now");
        }
        failures = report.failures();
    }

    /** Adds to what failed; whether that is in place by now, only a sync tells. */
    private void addFailures(SyncReport report) {
        tellNewFailures(report);
        Set<SyncReport.Failure> all = new LinkedHashSet<>(failures);
        all.addAll(report.failures());
        failures = List.copyOf(all);
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
