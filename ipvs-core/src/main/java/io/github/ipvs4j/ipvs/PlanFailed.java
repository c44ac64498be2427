// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import io.github.ipvs4j.netlink.NetlinkException;
import io.github.ipvs4j.netlink.Outcome;
import java.util.List;

/**
 * A plan was not carried out, and what had been carried out of it was undone, or was tried to be: the message names the
 * change that failed, says why, and whether the undoing succeeded.
 */
public final class PlanFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Applied attempt;
    private final transient Applied undo;
    private final transient Change failedChange;

    /**
     * Makes the failure of a plan.
     *
     * @param attempt what became of the plan, with at least one failure
     * @param failed index of the change that it failed for, not always the first of those that failed
     * @param undo what became of the plan that leads back
     */
    PlanFailed(Applied attempt, int failed, Applied undo) {
        super(
                describe(attempt, why(attempt.outcomes().get(failed)), undo),
                why(attempt.outcomes().get(failed)));
        this.attempt = attempt;
        this.undo = undo;
        this.failedChange = attempt.plan().changes().get(failed);
    }

    private static String describe(Applied attempt, NetlinkException why, Applied undo) {
        List<Applied.Failure> lost = undo.failures();
        String what = why.getMessage() + "; the plan of " + attempt.plan().size() + " changes was given up, ";
        return lost.isEmpty()
                ? what + "and what it had changed was undone"
                : what + "but undoing it failed in " + lost.size() + " of "
                        + undo.plan().size() + " steps, read the state again; the first: "
                        + lost.get(0).message();
    }

    /** Returns why a change failed. */
    static NetlinkException why(Outcome failure) {
        return failure.failure().orElseThrow();
    }

    /**
     * Returns what became of each change of the plan.
     *
     * @return the outcomes before anything was undone
     */
    public Applied attempt() {
        return attempt;
    }

    /**
     * Returns what became of the undoing.
     *
     * @return the plan that leads back from what had been carried out, with its outcomes
     */
    public Applied undo() {
        return undo;
    }

    /**
     * Returns the change that the plan was given up for: the first that the kernel refused for itself, rather than one
     * before it that only met what others had changed, and would have been settled otherwise.
     *
     * @return one of the plan's
     */
    public Change failedChange() {
        return failedChange;
    }

    /**
     * Tells whether the state is again what it was before the plan. Where an answer was lost, and others may have done
     * what the plan wanted, nothing is undone: then it is not known.
     *
     * @return true if every step of the undoing succeeded
     */
    public boolean rolledBack() {
        return undo.succeeded();
    }
}
