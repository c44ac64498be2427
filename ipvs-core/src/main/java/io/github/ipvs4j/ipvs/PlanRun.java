// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import io.github.ipvs4j.netlink.GenericClient;
import io.github.ipvs4j.netlink.GenericRequest;
import io.github.ipvs4j.netlink.NetlinkException;
import io.github.ipvs4j.netlink.Outcome;
import io.github.ipvs4j.netlink.SocketFailed;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of a plan: sends the changes in batches, looks at the table again where others have changed it or answers are
 * missing, and keeps account of what was really done, so that it can be undone.
 */
final class PlanRun {
    private static final Logger LOG = LoggerFactory.getLogger(PlanRun.class);

    /** How often the table is read again before what is refused or unknown is left so. */
    private static final int ROUNDS = 3;

    private final GenericClient kernel;
    private final TableReader table;
    private final Plan plan;
    private final List<Change> changes;
    private final Outcome[] outcomes;

    /** What was carried out, or may have been, in the order of time. */
    private final List<Change> effects = new ArrayList<>();

    private final List<Change> corrections = new ArrayList<>();
    private int rounds;

    PlanRun(GenericClient kernel, TableReader table, Plan plan) {
        this.kernel = kernel;
        this.table = table;
        this.plan = plan;
        this.changes = plan.changes();
        this.outcomes = new Outcome[changes.size()];
        Arrays.fill(outcomes, Outcome.DONE);
    }

    /** Carries out everything, whatever fails. */
    Applied carryOutAll() {
        send(0, changes.size());
        correct(doubtful(0, changes.size()));
        return applied();
    }

    /** Carries out everything, or undoes it and throws. */
    Applied carryOutOrUndo() {
        int from = 0;
        while (from < changes.size()) {
            int to = endOfStage(from);
            send(from, to);
            if (rejection(from, to).isEmpty()) {
                correct(doubtful(from, to));
            }
            OptionalInt decisive = decisive(from, to);
            if (decisive.isPresent()) {
                int failed = decisive.getAsInt();
                noteUnknown(from, to);
                leaveOut(to, PlanFailed.why(outcomes[failed]));
                throw new PlanFailed(applied(), failed, new PlanRun(kernel, table, undo()).carryOutAll());
            }
            from = to;
        }
        return applied();
    }

    private Applied applied() {
        return new Applied(plan, Arrays.asList(outcomes), corrections, rounds);
    }

    private Plan undo() {
        return Plan.of(Plan.inverse(effects));
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

    /** Returns which change failed first for another reason than that others have changed the table. */
    private OptionalInt rejection(int from, int to) {
        return IntStream.range(from, to)
                .filter(i -> outcomes[i] instanceof Outcome.Rejected && !isDoubtful(i))
                .findFirst();
    }

    /**
     * Returns which change the plan fails for, if it does: rather one that no second look would have settled than an
     * earlier one that was left open because of it.
     */
    private OptionalInt decisive(int from, int to) {
        OptionalInt rejection = rejection(from, to);
        return rejection.isPresent()
                ? rejection
                : IntStream.range(from, to)
                        .filter(i -> !outcomes[i].succeeded())
                        .findFirst();
    }

    /** Counts what is unknown as done, so that it is undone, too; so would another's addition of the same key be. */
    private void noteUnknown(int from, int to) {
        for (int i = from; i < to; i++) {
            if (outcomes[i] instanceof Outcome.Unknown) {
                effects.add(changes.get(i));
            }
        }
    }

    private void leaveOut(int from, NetlinkException why) {
        for (int i = from; i < changes.size(); i++) {
            String what = changes.get(i).describe() + ": not begun, because an earlier change failed";
            outcomes[i] = new Outcome.Unknown(new SocketFailed(what, why));
        }
    }

    private void send(int from, int to) {
        List<Outcome> answers = kernel.batch(requests(changes.subList(from, to)));
        for (int i = from; i < to; i++) {
            outcomes[i] = answers.get(i - from);
            if (outcomes[i] instanceof Outcome.Done) {
                effects.add(changes.get(i));
            }
        }
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

    /** Returns what a second look may settle: answers that are missing, and refusals because of changes by others. */
    private List<Integer> doubtful(int from, int to) {
        List<Integer> doubtful = new ArrayList<>();
        Set<ServiceKey> refused = new HashSet<>();
        for (int i = from; i < to; i++) {
            Change change = changes.get(i);
            if (isDoubtful(i)) {
                doubtful.add(i);
            } else if (change instanceof Change.AddService && !outcomes[i].succeeded()) {
                refused.add(change.key());
            }
        }
        // Without the service, which the kernel does not take, nothing of it can be settled.
        doubtful.removeIf(i -> refused.contains(changes.get(i).key()) && outcomes[i] instanceof Outcome.Rejected);
        return doubtful;
    }

    private boolean isDoubtful(int i) {
        return outcomes[i] instanceof Outcome.Unknown
                || (outcomes[i] instanceof Outcome.Rejected rejected
                        && Correction.isConflict(changes.get(i), rejected));
    }

    /** Reads the services of doubtful changes, and does what is still to be done for them, a few times at most. */
    private void correct(List<Integer> doubtful) {
        List<Integer> left = doubtful;
        for (int round = 0; round < ROUNDS && !left.isEmpty(); round++) {
            Set<ServiceKey> keys = new LinkedHashSet<>();
            left.forEach(i -> keys.add(changes.get(i).key()));
            Correction correction;
            try {
                correction = new Correction(plan, new SnapshotReader(table).some(keys));
            } catch (NetlinkException e) {
                LOG.debug("{} services cannot be read again; outcomes stay as they are", keys.size(), e);
                return;
            }
            rounds++;
            left = carryOut(correction, left);
        }
    }

    /** Carries out one round of corrections and returns the changes that need another. */
    private List<Integer> carryOut(Correction correction, List<Integer> doubtful) {
        List<Integer> places = new ArrayList<>();
        List<Change> needed = new ArrayList<>();
        List<Integer> open = new ArrayList<>();
        for (int i : doubtful) {
            Correction.Verdict verdict = correction.judge(changes.get(i));
            switch (verdict.kind()) {
                case SO -> settle(i);
                case LATER -> open.add(i);
                case IMPOSSIBLE ->
                    LOG.debug(
                            "{}: the service has gone, and how it was is not known",
                            changes.get(i).describe());
                case NEEDED -> {
                    needed.addAll(verdict.changes());
                    verdict.changes().forEach(change -> places.add(i));
                    outcomes[i] = Outcome.DONE;
                }
            }
        }
        List<Outcome> answers = kernel.batch(requests(needed));
        for (int k = 0; k < answers.size(); k++) {
            int i = places.get(k);
            Outcome answer = answers.get(k);
            if (answer instanceof Outcome.Done) {
                LOG.debug(
                        "{}: done because others have changed the table",
                        needed.get(k).describe());
                effects.add(needed.get(k));
                corrections.add(needed.get(k));
            } else if (!answer.succeeded() && outcomes[i].succeeded()) {
                outcomes[i] = answer;
                if (answer instanceof Outcome.Unknown
                        || Correction.isConflict(needed.get(k), (Outcome.Rejected) answer)) {
                    open.add(i);
                }
            }
        }
        return open;
    }

    private void settle(int i) {
        if (outcomes[i] instanceof Outcome.Unknown) {
            effects.add(changes.get(i));
            outcomes[i] = Outcome.DONE;
        } else {
            outcomes[i] = Outcome.ALREADY_SO;
        }
    }
}
