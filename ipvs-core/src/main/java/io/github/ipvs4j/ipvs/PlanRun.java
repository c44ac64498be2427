// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.GenericClient;
import io.github.ipvs4j.netlink.GenericRequest;
import io.github.ipvs4j.netlink.NetlinkException;
import io.github.ipvs4j.netlink.Outcome;
import io.github.ipvs4j.netlink.SocketFailed;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of a list of changes: sends them in batches, judges the answers, and keeps account of what was really done,
 * so that it can be undone.
 */
final class PlanRun {
    private static final Logger LOG = LoggerFactory.getLogger(PlanRun.class);

    private final GenericClient kernel;
    private final TableReader table;
    private final Plan plan;
    private final List<Change> changes;
    private final @Nullable Outcome[] outcomes;

    /** What was done for each change, or may have been; null for nothing. */
    private final @Nullable Change[] effects;

    PlanRun(GenericClient kernel, TableReader table, Plan plan) {
        this.kernel = kernel;
        this.table = table;
        this.plan = plan;
        this.changes = plan.changes();
        this.outcomes = new Outcome[changes.size()];
        this.effects = new Change[changes.size()];
    }

    /** Carries out everything, whatever fails. */
    Applied carryOutAll() {
        carryOut(0, changes.size());
        return applied();
    }

    /** Carries out everything, or undoes it and throws. */
    Applied carryOutOrUndo() {
        int from = 0;
        while (from < changes.size()) {
            int to = endOfStage(from);
            carryOut(from, to);
            Optional<NetlinkException> failure = failure(from, to);
            if (failure.isPresent()) {
                leaveOut(to, failure.get());
                Applied attempt = applied();
                throw new PlanFailed(attempt, new PlanRun(kernel, table, undo()).carryOutAll());
            }
            from = to;
        }
        return applied();
    }

    private Applied applied() {
        List<Outcome> all = new ArrayList<>(outcomes.length);
        for (Outcome outcome : outcomes) {
            all.add(outcome == null ? Outcome.DONE : outcome);
        }
        return new Applied(plan, all);
    }

    /** Returns where the changes that begin at an index turn from deletions to others, or the other way round. */
    private int endOfStage(int from) {
        boolean deletion = isDeletion(changes.get(from));
        int to = from + 1;
        while (to < changes.size() && isDeletion(changes.get(to)) == deletion) {
            to++;
        }
        return to;
    }

    private static boolean isDeletion(Change change) {
        return change instanceof Change.DeleteDestination || change instanceof Change.DeleteService;
    }

    private Optional<NetlinkException> failure(int from, int to) {
        for (int i = from; i < to; i++) {
            if (outcomes[i] instanceof Outcome.Rejected rejected) {
                return Optional.of(rejected.why());
            }
            if (outcomes[i] instanceof Outcome.Unknown unknown) {
                return Optional.of(unknown.why());
            }
        }
        return Optional.empty();
    }

    private void leaveOut(int from, NetlinkException why) {
        for (int i = from; i < changes.size(); i++) {
            String what = changes.get(i).describe() + ": not begun, because an earlier change failed";
            outcomes[i] = new Outcome.Unknown(new SocketFailed(what, why));
        }
    }

    private Plan undo() {
        List<Change> done = new ArrayList<>();
        for (Change effect : effects) {
            if (effect != null) {
                done.add(effect);
            }
        }
        return Plan.of(Plan.inverse(done));
    }

    private void carryOut(int from, int to) {
        List<Outcome> answers = kernel.batch(requests(changes.subList(from, to)));
        List<Integer> conflicts = new ArrayList<>();
        for (int i = from; i < to; i++) {
            Change change = changes.get(i);
            Outcome answer = answers.get(i - from);
            outcomes[i] = answer;
            if (!(answer instanceof Outcome.Rejected rejected)) {
                // What is unknown may have been done: undoing it does no harm if it was not.
                effects[i] = change;
            } else if (isGone(change, rejected.why().errno())) {
                outcomes[i] = Outcome.ALREADY_SO;
            } else if (isThere(change, rejected.why().errno())) {
                conflicts.add(i);
            }
        }
        settle(conflicts);
    }

    private static List<GenericRequest> requests(List<Change> changes) {
        return new AbstractList<>() {
            @Override
            public GenericRequest get(int index) {
                return IpvsRequest.of(changes.get(index));
            }

            @Override
            public int size() {
                return changes.size();
            }
        };
    }

    private static boolean isGone(Change change, Errno errno) {
        return isDeletion(change)
                && (errno.equals(Errno.ESRCH)
                        || (change instanceof Change.DeleteDestination && errno.equals(Errno.ENOENT)));
    }

    private static boolean isThere(Change change, Errno errno) {
        return errno.equals(Errno.EEXIST)
                && (change instanceof Change.AddService || change instanceof Change.AddDestination);
    }

    /** Looks at what was to be added and is there already: where it is not as wanted, updates it. */
    private void settle(List<Integer> conflicts) {
        List<Integer> places = new ArrayList<>();
        List<Change> updates = new ArrayList<>();
        Present present = new Present(table);
        for (int i : conflicts) {
            Optional<Change> update = present.asUpdate(changes.get(i));
            if (update.isEmpty()) {
                continue;
            }
            if (isNothing(update.get())) {
                outcomes[i] = Outcome.ALREADY_SO;
            } else {
                places.add(i);
                updates.add(update.get());
            }
        }
        List<Outcome> answers = updates.isEmpty() ? List.of() : kernel.batch(requests(updates));
        for (int i = 0; i < answers.size(); i++) {
            LOG.debug(
                    "{}: it was there with other attributes, and was updated",
                    updates.get(i).describe());
            outcomes[places.get(i)] = answers.get(i);
            if (!(answers.get(i) instanceof Outcome.Rejected)) {
                effects[places.get(i)] = updates.get(i);
            }
        }
    }

    private static boolean isNothing(Change change) {
        if (change instanceof Change.UpdateService update) {
            return update.before().equals(update.after());
        }
        return change instanceof Change.UpdateDestination update
                && update.before().equals(update.after());
    }

    /** What the kernel has of the things that were to be added, each service read once. */
    private static final class Present {
        private final TableReader table;
        private final Map<ServiceKey, Map<DestinationKey, Destination>> destinations = new HashMap<>();

        Present(TableReader table) {
            this.table = table;
        }

        /** Returns the update from what is there to what was to be added; empty if it is gone or cannot be read. */
        Optional<Change> asUpdate(Change change) {
            try {
                if (change instanceof Change.AddService add) {
                    return table.find(add.key()).map(there -> new Change.UpdateService(there.service(), add.service()));
                }
                return change instanceof Change.AddDestination add
                        ? Optional.ofNullable(
                                        of(add.service()).get(add.destination().key()))
                                .map(there -> new Change.UpdateDestination(add.service(), there, add.destination()))
                        : Optional.empty();
            } catch (NetlinkException e) {
                LOG.debug("{}: it is there, but cannot be read", change.describe(), e);
                return Optional.empty();
            }
        }

        private Map<DestinationKey, Destination> of(ServiceKey service) {
            return destinations.computeIfAbsent(service, key -> {
                Map<DestinationKey, Destination> byKey = new HashMap<>();
                for (ObservedDestination there : table.destinations(key).entries()) {
                    byKey.put(there.key(), there.destination());
                }
                return byKey;
            });
        }
    }
}
