// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Keeps what other people's code throws away from the event loop, which would stop for a second and tell nobody. */
final class Guard {
    private Guard() {}

    /** Runs a step at once and returns what it threw. */
    static Optional<Throwable> failureOf(Runnable step) {
        return CompletableFuture.runAsync(step, Runnable::run)
                .handle((done, thrown) -> Optional.ofNullable(thrown)
                        .map(wrapped -> wrapped.getCause() == null ? wrapped : wrapped.getCause()))
                .join();
    }
}
