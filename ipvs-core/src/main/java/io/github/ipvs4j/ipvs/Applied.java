// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import io.github.ipvs4j.netlink.Outcome;
import java.util.ArrayList;
import java.util.List;

/**
 * What became of a plan, change by change.
 *
 * @param plan what was to be done
 * @param outcomes one for each change of the plan, in the same order; a change that was not begun, because an earlier
 *     one had failed, is {@link Outcome.Unknown}
 * @param corrections what was carried out instead of changes of the plan that did not fit, because others had changed
 *     the table meanwhile, or whose answers were lost; empty if nobody interfered
 * @param rereads how often services were read again to find that out
 */
public record Applied(Plan plan, List<Outcome> outcomes, List<Change> corrections, int rereads) {
    /** Copies the lists and checks the number of outcomes. */
    public Applied {
        outcomes = List.copyOf(outcomes);
        corrections = List.copyOf(corrections);
        if (outcomes.size() != plan.size()) {
            throw new IllegalArgumentException(
                    outcomes.size() + " outcomes: expected one for each of " + plan.size() + " changes");
        }
    }

    /**
     * Tells whether the state is now what the plan leads to.
     *
     * @return true if every change is done or was not needed
     */
    public boolean succeeded() {
        return outcomes.stream().allMatch(Outcome::succeeded);
    }

    /**
     * Returns what did not succeed.
     *
     * @return the changes that were rejected or whose outcome is unknown, in the plan's order
     */
    public List<Failure> failures() {
        List<Failure> failures = new ArrayList<>();
        for (int i = 0; i < outcomes.size(); i++) {
            if (!outcomes.get(i).succeeded()) {
                failures.add(new Failure(plan.changes().get(i), outcomes.get(i)));
            }
        }
        return failures;
    }

    /**
     * A change that did not succeed.
     *
     * @param change what was to be done
     * @param outcome rejected or unknown
     */
    public record Failure(Change change, Outcome outcome) {
        /**
         * Says what was tried, on what, what the kernel said, and what to do.
         *
         * @return one sentence
         */
        public String message() {
            return outcome.failure()
                    .map(why -> String.valueOf(why.getMessage()))
                    .orElseGet(() -> change.describe() + ": succeeded");
        }
    }
}
