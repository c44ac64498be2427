// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import java.time.Duration;

/**
 * That a client comes back to the destination it was given, for some time after its last connection.
 *
 * @param timeout whole seconds, below 2<sup>32</sup>; the kernel counts in ticks, so that more than 4,294,967 seconds
 *     do not survive on every kernel
 * @param granularity which clients count as one
 */
public record Persistence(Duration timeout, Granularity granularity) {
    /** The longest time that every kernel keeps, whatever its tick. */
    public static final Duration MAX_TIMEOUT = Duration.ofSeconds(4_294_967);

    private static final Duration MIN_TIMEOUT = Duration.ofSeconds(1);
    private static final long MAX_WIRE_SECONDS = 0xffff_ffffL;

    /** Checks that the time has whole seconds and fits the kernel's field. */
    public Persistence {
        long seconds = timeout.toSeconds();
        if (seconds < 0 || seconds > MAX_WIRE_SECONDS || !timeout.equals(Duration.ofSeconds(seconds))) {
            throw new IllegalArgumentException(
                    "persistence " + timeout + ": expected whole seconds, 0 to " + MAX_WIRE_SECONDS);
        }
    }

    /** Checks what a caller wants to set, as opposed to what some kernel has kept. */
    static void checkWanted(Duration timeout) {
        if (timeout.compareTo(MIN_TIMEOUT) < 0 || timeout.compareTo(MAX_TIMEOUT) > 0) {
            throw new IllegalArgumentException(
                    "persistence " + timeout + ": expected whole seconds, 1 to " + MAX_TIMEOUT.toSeconds());
        }
    }
}
