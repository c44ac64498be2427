// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import java.time.Duration;

/**
 * When a {@link SyncLoop} does what.
 *
 * @param minPeriod how long after the end of a sync the next change waits, so that many become one; zero for none
 * @param period how often the kernel is compared with what is wanted though nothing has changed
 * @param watchPeriod how often it is asked whether somebody has taken rules out, which costs next to nothing
 * @param drainPeriod how often it is looked whether destinations at weight 0 have lost their connections
 * @param firstRetry how long after a failure it is tried again; doubled after each further one
 * @param longestRetry how far that grows
 */
public record SyncTiming(
        Duration minPeriod,
        Duration period,
        Duration watchPeriod,
        Duration drainPeriod,
        Duration firstRetry,
        Duration longestRetry) {
    /** Checks that no time is negative, and that only the first may be zero. */
    public SyncTiming {
        check("minPeriod", minPeriod, Duration.ZERO);
        check("period", period, Duration.ofNanos(1));
        check("watchPeriod", watchPeriod, Duration.ofNanos(1));
        check("drainPeriod", drainPeriod, Duration.ofNanos(1));
        check("firstRetry", firstRetry, Duration.ofNanos(1));
        check("longestRetry", longestRetry, firstRetry);
    }

    private static void check(String what, Duration time, Duration least) {
        if (time.compareTo(least) < 0) {
            throw new IllegalArgumentException(what + " " + time + ": expected at least " + least);
        }
    }

    /**
     * Returns kube-proxy's times: at most a sync a second, and retries from a second to half a minute; beyond it, the
     * kernel compared every minute, and every ten seconds a look at whether rules were taken out and at drained
     * destinations.
     *
     * @return the times
     */
    public static SyncTiming defaults() {
        return new SyncTiming(
                Duration.ofSeconds(1),
                Duration.ofMinutes(1),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofSeconds(1),
                Duration.ofSeconds(30));
    }

    /**
     * Sets how long after the end of a sync the next change waits.
     *
     * @param time zero for none
     * @return another one
     */
    public SyncTiming withMinPeriod(Duration time) {
        return new SyncTiming(time, period, watchPeriod, drainPeriod, firstRetry, longestRetry);
    }

    /**
     * Sets how often the kernel is compared with what is wanted.
     *
     * @param time more than zero
     * @return another one
     */
    public SyncTiming withPeriod(Duration time) {
        return new SyncTiming(minPeriod, time, watchPeriod, drainPeriod, firstRetry, longestRetry);
    }

    /**
     * Sets how often it is asked whether somebody has taken rules out.
     *
     * @param time more than zero
     * @return another one
     */
    public SyncTiming withWatchPeriod(Duration time) {
        return new SyncTiming(minPeriod, period, time, drainPeriod, firstRetry, longestRetry);
    }
}
