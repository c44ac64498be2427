// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import io.github.ipvs4j.netlink.NetlinkException;
import io.github.ipvs4j.netlink.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Carries a plan out, and back where that is wanted. */
final class SetTransaction {
    private final SetExchange exchange;

    SetTransaction(SetExchange exchange) {
        this.exchange = exchange;
    }

    AppliedSetPlan run(SetPlan plan, SetPlan.OnFailure onFailure) {
        if (!plan.isEmpty()) {
            // Without the capability the kernel answers only the first message of a datagram; ask one by itself.
            exchange.protocolVersion();
        }
        List<Outcome> outcomes = carryOut(plan.changes());
        boolean failed = !outcomes.stream().allMatch(Outcome::succeeded);
        List<Outcome> undone =
                failed && onFailure == SetPlan.OnFailure.ROLL_BACK ? undo(plan.changes(), outcomes) : List.of();
        return new AppliedSetPlan(plan, outcomes, undone);
    }

    private List<Outcome> carryOut(List<SetChange> changes) {
        List<SetRequest> requests = new ArrayList<>(changes.size());
        for (SetChange change : changes) {
            requests.add(request(change));
        }
        return exchange.batch(requests);
    }

    private SetRequest request(SetChange change) {
        if (change instanceof SetChange.AddEntry add) {
            return entry(IpsetCommands.ADD, true, add.set(), new SetMember(add.entry(), add.options()));
        }
        if (change instanceof SetChange.DeleteEntry delete) {
            return entry(IpsetCommands.DELETE, true, delete.set(), new SetMember(delete.entry()));
        }
        if (change instanceof SetChange.UpdateEntry update) {
            return entry(IpsetCommands.ADD, false, update.set(), new SetMember(update.entry(), update.after()));
        }
        if (change instanceof SetChange.SwapSets swap) {
            return new NamesRequest(
                    IpsetCommands.SWAP, swap.set().name(), swap.other().name());
        }
        return change instanceof SetChange.CreateSet create
                ? exchange.creation(create.set())
                : new SetRequest.Destroy(change.set().name());
    }

    private static SetRequest entry(int command, boolean exclusive, SetDefinition set, SetMember member) {
        return new SetRequest.Entry(command, exclusive, set.name(), set.type(), set.options(), member);
    }

    /** Takes back what was carried out, and what may have been. */
    private List<Outcome> undo(List<SetChange> changes, List<Outcome> outcomes) {
        List<SetChange> steps = new ArrayList<>();
        for (int i = changes.size() - 1; i >= 0; i--) {
            Outcome outcome = outcomes.get(i);
            if (outcome instanceof Outcome.Done || outcome instanceof Outcome.Unknown) {
                steps.addAll(changes.get(i).inverse());
            }
        }
        try {
            return carryOut(steps);
        } catch (NetlinkException e) {
            return Collections.nCopies(steps.size(), new Outcome.Unknown(e));
        }
    }
}
