// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import io.github.ipvs4j.netlink.NetlinkException;
import io.github.ipvs4j.netlink.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Carries a difference out, additions first, and takes it back where something fails. */
final class DifferenceTransaction {
    private final EntryBatch batch;
    private final SetDifference difference;

    DifferenceTransaction(EntryBatch batch, SetDifference difference) {
        this.batch = batch;
        this.difference = difference;
    }

    /** Carries it out where somebody else may have done part of it. */
    void run() {
        // What was not touched must not be put back: that would set back what runs for it, counters and time.
        List<SetMember> before = new ArrayList<>();
        try {
            List<SetMember> put = new ArrayList<>(difference.added());
            put.addAll(difference.updated());
            List<Outcome> outcomes = batch.tolerant(true, put);
            noteChanged(
                    difference.outdated(), outcomes.subList(difference.added().size(), put.size()), before);
            require(outcomes);
            outcomes = batch.tolerant(false, difference.surplus());
            noteChanged(difference.surplus(), outcomes, before);
            require(outcomes);
        } catch (NetlinkException e) {
            cleanUp(e, () -> undo(difference.added(), before));
            throw e;
        }
    }

    /** Notes how those were that were changed, or may have been. */
    private static void noteChanged(List<SetMember> were, List<Outcome> outcomes, List<SetMember> before) {
        for (int i = 0; i < were.size(); i++) {
            if (!(outcomes.get(i) instanceof Outcome.Rejected)) {
                before.add(were.get(i));
            }
        }
    }

    /**
     * Carries it out where the contents are known.
     *
     * @return false if the contents are not those; then nothing was changed
     */
    boolean runExactly() {
        List<SetMember> added = new ArrayList<>();
        List<SetMember> before = new ArrayList<>();
        boolean complete = false;
        try {
            complete = batch.exact(true, difference.added(), added);
            if (complete) {
                before.addAll(difference.outdated());
                require(batch.tolerant(true, difference.updated()));
                complete = batch.exact(false, difference.surplus(), before);
            }
        } catch (NetlinkException e) {
            cleanUp(e, () -> undo(added, before));
            throw e;
        }
        if (!complete) {
            undo(added, before);
        }
        return complete;
    }

    private void undo(List<SetMember> added, List<SetMember> before) {
        require(batch.tolerant(false, added));
        require(batch.tolerant(true, before));
    }

    static void require(List<Outcome> outcomes) {
        outcomes.forEach(DifferenceTransaction::require);
    }

    static void require(@Nullable Outcome outcome) {
        if (outcome != null) {
            outcome.failure().ifPresent(why -> {
                throw why;
            });
        }
    }

    /** Takes back what was done before a failure; a second failure goes along with the first. */
    static void cleanUp(NetlinkException failure, Runnable steps) {
        try {
            steps.run();
        } catch (NetlinkException e) {
            failure.addSuppressed(e);
        }
    }
}
