// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

/**
 * Is told what a {@link Reconciler} does, on the threads that call it. Its methods should return at once, and must not
 * throw or call the reconciler.
 */
public interface SyncListener {
    /** A Service was put that is new or changed, or was removed; the next sync takes it. */
    default void serviceChanged() {}

    /** An EndpointSlice was put that is new or changed, or was removed; the next sync takes it. */
    default void endpointsChanged() {}

    /**
     * Something begins. It takes all changes told so far.
     *
     * @param cause why
     */
    default void began(SyncCause cause) {}

    /**
     * Something has ended, well or not.
     *
     * @param report what was done
     */
    default void ended(SyncReport report) {}
}
