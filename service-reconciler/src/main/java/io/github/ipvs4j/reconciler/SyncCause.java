// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

/** Why a reconciler did something to the kernel. */
public enum SyncCause {
    /** It had not read the kernel yet. */
    START,

    /** Objects may have changed, or it is time to try again what failed. */
    CHANGES,

    /** What is known of the kernel was in doubt after a failure, so that it was read anew. */
    DOUBT,

    /** The owner wanted the kernel compared with the objects. */
    COMPARISON,

    /** The owner wanted destinations deleted that have no connections left. */
    DRAIN,

    /** The owner wanted everything removed. */
    CLEANUP,

    /** The owner wanted the kernel's settings made, and nothing else. */
    PREPARATION,

    /** The owner wanted to know what would be done; nothing was. */
    PLAN;

    /** Tells whether the kernel was brought to what the objects ask for. */
    boolean isSync() {
        return switch (this) {
            case START, CHANGES, DOUBT, COMPARISON -> true;
            case DRAIN, CLEANUP, PREPARATION, PLAN -> false;
        };
    }
}
