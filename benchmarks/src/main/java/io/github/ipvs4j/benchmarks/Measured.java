// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.benchmarks;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.IntSupplier;

/**
 * What something took.
 *
 * @param operations how many things were done or read
 * @param nanoseconds the time for all of them
 * @param errors how many of them failed
 */
record Measured(int operations, long nanoseconds, int errors) {
    /**
     * Takes the time of something.
     *
     * @param operations how many things it does or reads
     * @param action returns how many of them failed
     */
    static Measured of(int operations, IntSupplier action) {
        long start = System.nanoTime();
        int errors = action.getAsInt();
        return new Measured(operations, System.nanoTime() - start, errors);
    }

    /**
     * Returns the one of the median time, with the errors of all.
     *
     * @param times of the same thing, done an odd number of times
     */
    static Measured median(Measured... times) {
        long[] sorted =
                Arrays.stream(times).mapToLong(Measured::nanoseconds).sorted().toArray();
        int errors = Arrays.stream(times).mapToInt(Measured::errors).sum();
        return new Measured(times[0].operations(), sorted[sorted.length / 2], errors);
    }

    /** Returns an object of JSON. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "{\"operations\": %d, \"milliseconds\": %.3f, \"errors\": %d}",
                operations,
                nanoseconds / 1e6,
                errors);
    }
}
