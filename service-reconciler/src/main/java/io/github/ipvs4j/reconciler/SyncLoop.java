// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Decides when a reconciler syncs: first when all sources have told what they have, then when something changed, but
 * not more often than it may; what failed again after a growing while; and every now and then all of the kernel, to
 * repair what others changed in it, at once where they are found to have taken rules out.
 *
 * <p>Driven in either of two ways. {@link #run} has a thread of the owner's do all of it, while any thread tells of
 * changes:
 *
 * <pre>{@code
 * SyncLoop loop = SyncLoop.of(reconciler, SyncTiming.defaults());
 * new Thread(() -> loop.run(report -> log.info("{}", report))).start();
 * reconciler.put(service);
 * loop.changed();
 * loop.loaded();
 * }</pre>
 *
 * <p>Or a thread that has other work, too, calls {@link #turn} whenever it wakes, and sleeps no longer than
 * {@link #untilDue}.
 */
public final class SyncLoop implements AutoCloseable {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final Work work;
    private final SyncTiming timing;
    private final LongSupplier nanoTime;
    private boolean loaded;
    private boolean started;
    private boolean changed;
    private boolean suspected;
    private boolean closed;
    private boolean draining;
    private int failures;
    private long ended;
    private long compareAt;
    private long retryAt;
    private long drainAt;
    private long watchAt;

    /** What is to be done: what a {@link Reconciler} does, or something around it. */
    public interface Work {
        /**
         * Brings the kernel to what changed.
         *
         * @return what was done
         * @see Reconciler#sync()
         */
        SyncReport sync();

        /**
         * Compares all of the kernel with what is wanted.
         *
         * @return what was done
         * @see Reconciler#resync()
         */
        SyncReport resync();

        /**
         * Deletes drained destinations.
         *
         * @return what was done
         * @see Reconciler#drain()
         */
        SyncReport drain();

        /**
         * Tells when the time of the next destination at weight 0 is over.
         *
         * @return after how many nanoseconds; empty if there is none
         * @see Reconciler#nextDrainDeadline()
         */
        OptionalLong nextDrainDeadline();

        /**
         * Tells whether others are seen to have disturbed what was done, so that all is to be compared at once. Asked
         * often, and so must cost little.
         *
         * @return false where nothing speaks for it, or nobody looks
         * @see Reconciler#isDisturbed()
         */
        default boolean isDisturbed() {
            return false;
        }
    }

    /** What is due. */
    private enum Due {
        NOTHING,
        SYNC,
        COMPARISON,
        DRAIN,
        WATCH
    }

    /**
     * Makes a loop.
     *
     * @param work what it does
     * @param timing when to do what
     * @param nanoTime the clock, {@link System#nanoTime} but in tests
     */
    public SyncLoop(Work work, SyncTiming timing, LongSupplier nanoTime) {
        this.work = work;
        this.timing = timing;
        this.nanoTime = nanoTime;
    }

    /**
     * Makes a loop.
     *
     * @param reconciler stays the caller's
     * @param timing when to do what
     * @return a loop that does nothing by itself
     */
    public static SyncLoop of(Reconciler reconciler, SyncTiming timing) {
        return new SyncLoop(reconciler, timing, System::nanoTime);
    }

    /**
     * Says that every source has told all that it has. Nothing is synced before, lest what an earlier run left be taken
     * for unwanted.
     */
    public void loaded() {
        tell(() -> loaded = true);
    }

    /** Says that something was put or removed. */
    public void changed() {
        tell(() -> changed = true);
    }

    /** Says that the kernel may not be as it was left, for example because somebody flushed the rules. */
    public void suspect() {
        tell(() -> suspected = true);
    }

    /** Ends {@link #run}, after what it is doing; leaves the reconciler open. */
    @Override
    public void close() {
        tell(() -> closed = true);
    }

    private void tell(Runnable what) {
        lock.lock();
        try {
            what.run();
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Does what is due now, if anything is. Called by one thread at a time.
     *
     * @return what that did; empty if nothing was due
     */
    public Optional<SyncReport> turn() {
        Due due = take();
        if (due == Due.WATCH) {
            due = watched(work.isDisturbed());
        }
        if (due == Due.NOTHING) {
            return Optional.empty();
        }
        SyncReport report = switch (due) {
            case COMPARISON -> work.resync();
            case DRAIN -> work.drain();
            default -> work.sync();
        };
        lock.lock();
        try {
            note(due, report);
        } finally {
            lock.unlock();
        }
        return Optional.of(report);
    }

    /** Returns what is due after a look at whether anything was disturbed. */
    private Due watched(boolean disturbed) {
        lock.lock();
        try {
            watchAt = nanoTime.getAsLong() + timing.watchPeriod().toNanos();
            suspected |= disturbed;
        } finally {
            lock.unlock();
        }
        return disturbed ? take() : Due.NOTHING;
    }

    /**
     * Returns how long nothing is due unless something is told.
     *
     * @return zero if something is due now
     */
    public Duration untilDue() {
        lock.lock();
        try {
            long now = nanoTime.getAsLong();
            return Duration.ofNanos(Math.max(0, Math.min(timing.period().toNanos(), next(now))));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Does what is due, whenever it is, until the loop is closed or the thread interrupted.
     *
     * @param listener takes what was done; must not throw
     */
    public void run(Consumer<? super SyncReport> listener) {
        while (awaitWork()) {
            turn().ifPresent(listener);
        }
    }

    private boolean awaitWork() {
        lock.lock();
        try {
            long wait = next(nanoTime.getAsLong());
            while (!closed && wait > 0) {
                news.awaitNanos(wait);
                wait = next(nanoTime.getAsLong());
            }
            return !closed;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** Returns after how many nanoseconds something is due. */
    private long next(long now) {
        if (!loaded) {
            return Long.MAX_VALUE;
        }
        if (!started) {
            return 0;
        }
        long next = Math.min(compareAt - now, watchAt - now);
        if (changed || suspected) {
            next = Math.min(next, ended + timing.minPeriod().toNanos() - now);
        }
        if (failures > 0) {
            next = Math.min(next, retryAt - now);
        }
        return draining ? Math.min(next, drainAt - now) : next;
    }

    /** Chooses what is due, and takes back what was told that it answers. */
    private Due take() {
        lock.lock();
        try {
            long now = nanoTime.getAsLong();
            if (next(now) > 0) {
                return Due.NOTHING;
            }
            boolean rested = !started || now - ended >= timing.minPeriod().toNanos();
            if (started && (now - compareAt >= 0 || (suspected && rested))) {
                suspected = false;
                changed = false;
                return Due.COMPARISON;
            }
            if (!started || (changed && rested) || (failures > 0 && now - retryAt >= 0)) {
                changed = false;
                return Due.SYNC;
            }
            return draining && now - drainAt >= 0 ? Due.DRAIN : Due.WATCH;
        } finally {
            lock.unlock();
        }
    }

    private void note(Due due, SyncReport report) {
        long now = nanoTime.getAsLong();
        if (due == Due.COMPARISON || !started) {
            compareAt = now + timing.period().toNanos();
            watchAt = now + timing.watchPeriod().toNanos();
        }
        if (due != Due.DRAIN) {
            started = true;
            ended = now;
            failures = report.succeeded() ? 0 : failures + 1;
            retryAt = now + retryDelay();
        } else if (!report.succeeded() && failures == 0) {
            failures = 1;
            retryAt = now + retryDelay();
        }
        planDrain(due, report, now);
    }

    /**
     * Syncs do not put it off, however many there are. One that failed is not due again at once, even if the time of a
     * destination is over: what is in its way would be there still.
     */
    private void planDrain(Due due, SyncReport report, long now) {
        long period = timing.drainPeriod().toNanos();
        if (due == Due.DRAIN && !report.succeeded()) {
            drainAt = now + retryDelay();
        } else {
            if (!draining || due == Due.DRAIN) {
                drainAt = now + period;
            }
            long deadline = now + Math.max(0, work.nextDrainDeadline().orElse(period));
            drainAt = deadline - drainAt < 0 ? deadline : drainAt;
        }
        draining = report.draining() > 0;
    }

    private long retryDelay() {
        long delay = timing.firstRetry().toNanos();
        for (int i = 1; i < failures && delay < timing.longestRetry().toNanos(); i++) {
            delay *= 2;
        }
        return Math.min(delay, timing.longestRetry().toNanos());
    }
}
