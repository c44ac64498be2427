// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Something that failed, and until when it is left alone: the first time it is tried again as soon as may be, then
 * after a second, and after twice as long each time, up to half a minute.
 *
 * @param attempts how often it has failed in a row
 * @param until when it may be tried again, by {@link System#nanoTime}
 * @param reason why it failed
 */
record Setback(int attempts, long until, String reason) {
    private static final long SHORTEST = Duration.ofSeconds(1).toNanos();
    private static final long LONGEST = Duration.ofSeconds(30).toNanos();
    private static final int MOST_DOUBLINGS = 5;

    /** Returns the setback that follows another, or none. */
    static Setback after(@Nullable Setback before, long now, String reason) {
        int attempts = before == null ? 1 : before.attempts + 1;
        return new Setback(attempts, now + delay(attempts), reason);
    }

    private static long delay(int attempts) {
        if (attempts == 1) {
            return 0;
        }
        int doublings = Math.min(attempts - 2, MOST_DOUBLINGS);
        return Math.min(LONGEST, SHORTEST << doublings);
    }

    /** Tells whether it may be tried again. */
    boolean isOver(long now) {
        return now - until >= 0;
    }

    /** Returns it without the wait. */
    Setback ended(long now) {
        return new Setback(attempts, now, reason);
    }
}
