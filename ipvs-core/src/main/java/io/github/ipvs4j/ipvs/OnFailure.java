// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

/** What applying a plan does when one of its changes fails. */
public enum OnFailure {
    /**
     * Undo what was carried out, in reverse order, and throw {@link PlanFailed}. Deletions are not begun before
     * everything in front of them has succeeded, because undoing them does not bring back what they cut.
     */
    ROLL_BACK,

    /** Carry out the rest and report. */
    CONTINUE
}
