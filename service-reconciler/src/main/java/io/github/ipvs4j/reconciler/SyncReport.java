// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What one call of {@link Reconciler#sync()}, {@link Reconciler#resync()} or {@link Reconciler#drain()} did.
 *
 * @param changed how many things were changed in the kernel: virtual servers, destinations, addresses, set entries,
 *     sets, rule sets, settings
 * @param draining how many destinations stay at weight 0 because connections to them last; while there are any, call
 *     {@link Reconciler#drain()} every now and then
 * @param failures what could not be done; it is tried again by the next call
 * @param took how long the call took
 */
public record SyncReport(int changed, int draining, List<Failure> failures, Duration took) {
    /** Copies the list. */
    public SyncReport {
        failures = List.copyOf(failures);
    }

    /**
     * Tells whether the call did all that it had to: after {@link Reconciler#sync()} or {@link Reconciler#resync()} the
     * kernel is then as it should be; {@link Reconciler#drain()} knows nothing of what failed before it.
     *
     * @return true if nothing failed
     */
    public boolean succeeded() {
        return failures.isEmpty();
    }

    /**
     * One thing that could not be done.
     *
     * @param service the Service it was for; empty if it concerns all of them
     * @param reason what was tried, on what, and why it failed
     */
    public record Failure(Optional<ObjectName> service, String reason) {
        /** Returns the Service and the reason. */
        @Override
        public String toString() {
            return service.map(name -> "Service " + name + ": ").orElse("") + reason;
        }
    }
}
