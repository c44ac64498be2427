// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import io.github.ipvs4j.netlink.NetlinkException;
import io.github.ipvs4j.netlink.Outcome;
import java.util.List;
import java.util.Optional;

/**
 * What became of a plan.
 *
 * @param plan the plan
 * @param outcomes one for each change, in the plan's order
 * @param undone one for each step of the roll-back, empty if nothing was rolled back
 */
public record AppliedSetPlan(SetPlan plan, List<Outcome> outcomes, List<Outcome> undone) {
    /** Copies the lists. */
    public AppliedSetPlan {
        outcomes = List.copyOf(outcomes);
        undone = List.copyOf(undone);
    }

    /**
     * Tells whether the sets are now as desired.
     *
     * @return whether every change succeeded
     */
    public boolean succeeded() {
        return outcomes.stream().allMatch(Outcome::succeeded);
    }

    /**
     * Tells whether the sets are again as they were.
     *
     * @return whether changes were taken back and every step of that succeeded
     */
    public boolean rolledBack() {
        return !undone.isEmpty() && undone.stream().allMatch(Outcome::succeeded);
    }

    /**
     * Returns why the first change that failed did so.
     *
     * @return empty if all succeeded
     */
    public Optional<NetlinkException> firstFailure() {
        return outcomes.stream().flatMap(outcome -> why(outcome).stream()).findFirst();
    }

    private static Optional<NetlinkException> why(Outcome outcome) {
        if (outcome instanceof Outcome.Rejected rejected) {
            return Optional.of(rejected.why());
        }
        return outcome instanceof Outcome.Unknown unknown ? Optional.of(unknown.why()) : Optional.empty();
    }
}
