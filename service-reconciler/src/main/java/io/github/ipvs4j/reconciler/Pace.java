// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * What the engine measures time by.
 *
 * @param nanoTime the clock, {@link System#nanoTime} but in tests
 * @param drainTime how long a destination that is wanted no more keeps its connections at most
 */
record Pace(LongSupplier nanoTime, Duration drainTime) {
    /** Checks the time. */
    Pace {
        if (drainTime.isNegative()) {
            throw new IllegalArgumentException("drain time " + drainTime + ": expected zero or more");
        }
    }

    long now() {
        return nanoTime.getAsLong();
    }
}
