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
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
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
    private final Goals goals;
    private final Effects effects;

    /** Services that others have changed, and that were not yet seen as the plan wants them as a whole. */
    private final Set<ServiceKey> disturbed = new LinkedHashSet<>();

    private final List<Change> corrections = new ArrayList<>();
    private int rounds;

    PlanRun(GenericClient kernel, TableReader table, Plan plan) {
        this.kernel = kernel;
        this.table = table;
        this.plan = plan;
        this.changes = plan.changes();
        this.outcomes = new Outcome[changes.size()];
        this.goals = new Goals(plan);
        this.effects = new Effects(goals);
        Arrays.fill(outcomes, Outcome.DONE);
    }

    /** Carries out everything, whatever fails. */
    Applied carryOutAll() {
        send(0, changes.size());
        correct(doubtful(0, changes.size()));
        converge();
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
            undoIfFailed(to);
            from = to;
        }
        converge();
        undoIfFailed(changes.size());
        return applied();
    }

    private void undoIfFailed(int to) {
        OptionalInt decisive = decisive(0, to);
        if (decisive.isPresent()) {
            int failed = decisive.getAsInt();
            leaveOut(to, PlanFailed.why(outcomes[failed]));
            throw new PlanFailed(applied(), failed, effects.undo(kernel, table));
        }
    }

    private Applied applied() {
        return new Applied(plan, Arrays.asList(outcomes), corrections, rounds);
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
            effects.note(new Step(i, changes.get(i)), outcomes[i]);
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
            keys.stream().filter(key -> plan.goal(key).isPresent()).forEach(disturbed::add);
            Snapshot now;
            try {
                now = lookAt(keys);
            } catch (NetlinkException e) {
                LOG.debug("{} services cannot be read again; outcomes stay as they are", keys.size(), e);
                return;
            }
            Set<Integer> found = effects.settle(now, keys);
            Correction correction = new Correction(goals, now);
            disturbed.removeIf(correction::sawTheGoal);
            left = carryOut(correction, left, found);
        }
    }

    private Snapshot lookAt(Set<ServiceKey> keys) {
        Snapshot now = new SnapshotReader(table).some(keys);
        rounds++;
        return now;
    }

    /**
     * Carries out one round of corrections and returns the changes that need another.
     *
     * @param found which of the doubtful changes were carried out though their answers were lost
     */
    private List<Integer> carryOut(Correction correction, List<Integer> doubtful, Set<Integer> found) {
        List<Step> needed = new ArrayList<>();
        List<Integer> left = new ArrayList<>();
        for (int i : doubtful) {
            Correction.Verdict verdict = correction.judge(changes.get(i));
            switch (verdict.kind()) {
                case SO -> outcomes[i] = found.contains(i) ? Outcome.DONE : Outcome.ALREADY_SO;
                case LATER -> left.add(i);
                case IMPOSSIBLE ->
                    LOG.debug(
                            "{}: the service has gone, and how it was is not known",
                            changes.get(i).describe());
                case NEEDED -> {
                    verdict.changes().forEach(change -> needed.add(new Step(i, change)));
                    outcomes[i] = Outcome.DONE;
                }
            }
        }
        left.addAll(carryOut(needed));
        return left;
    }

    /** Carries out corrections and returns the changes that need others. */
    private List<Integer> carryOut(List<Step> needed) {
        List<Integer> left = new ArrayList<>();
        List<Outcome> answers =
                kernel.batch(requests(needed.stream().map(Step::change).toList()));
        for (int k = 0; k < answers.size(); k++) {
            Step step = needed.get(k);
            Outcome answer = answers.get(k);
            effects.note(step, answer);
            if (answer instanceof Outcome.Done) {
                LOG.debug(
                        "{}: done because others have changed the table",
                        step.change().describe());
                corrections.add(step.change());
            } else if (!answer.succeeded() && outcomes[step.index()].succeeded()) {
                outcomes[step.index()] = answer;
                if (answer instanceof Outcome.Unknown
                        || Correction.isConflict(step.change(), (Outcome.Rejected) answer)) {
                    left.add(step.index());
                }
            }
        }
        return left;
    }

    /**
     * Makes services that others have changed what the plan wants them to be as a whole: for what others have put there
     * besides, the plan has no change. That goes last, and only where all else has succeeded.
     */
    private void converge() {
        Map<ServiceKey, Integer> left = firstChanges(disturbed);
        left.keySet().removeAll(failedServices());
        for (int round = 0; round < ROUNDS && !left.isEmpty(); round++) {
            Snapshot now;
            try {
                now = lookAt(left.keySet());
            } catch (NetlinkException e) {
                left.forEach((key, i) -> leaveUnread(key, i, e));
                return;
            }
            effects.settle(now, left.keySet());
            // What failed in the round before has come true, unless there is a step for it in this one.
            left.values().stream().filter(i -> !outcomes[i].succeeded()).forEach(i -> outcomes[i] = Outcome.DONE);
            List<Step> steps = new ArrayList<>();
            left.forEach((key, i) -> toTheGoal(key, now).forEach(change -> steps.add(new Step(i, change))));
            steps.forEach(step -> outcomes[step.index()] = Outcome.DONE);
            Set<Integer> again = new HashSet<>(carryOut(
                    steps.stream().filter(step -> !isDeletion(step.change())).toList()));
            again.addAll(carryOut(steps.stream()
                    .filter(step -> isDeletion(step.change()) && outcomes[step.index()].succeeded())
                    .toList()));
            left.values().retainAll(again);
        }
    }

    /** Says that nobody knows what else is in a service; what has failed before says more. */
    private void leaveUnread(ServiceKey key, int first, NetlinkException why) {
        if (outcomes[first].succeeded()) {
            String what = changes.get(first).describe() + ": others have changed service " + key
                    + ", and it cannot be read again to remove what the plan does not want there";
            outcomes[first] = new Outcome.Unknown(new SocketFailed(what, why));
        }
    }

    /** Returns where the changes of services begin. */
    private Map<ServiceKey, Integer> firstChanges(Set<ServiceKey> keys) {
        Map<ServiceKey, Integer> first = new LinkedHashMap<>();
        for (int i = 0; i < changes.size() && first.size() < keys.size(); i++) {
            if (keys.contains(changes.get(i).key())) {
                first.putIfAbsent(changes.get(i).key(), i);
            }
        }
        return first;
    }

    private Set<ServiceKey> failedServices() {
        return IntStream.range(0, outcomes.length)
                .filter(i -> !outcomes[i].succeeded())
                .mapToObj(i -> changes.get(i).key())
                .collect(Collectors.toSet());
    }

    private List<Change> toTheGoal(ServiceKey key, Snapshot now) {
        VirtualServer goal = plan.goal(key).orElseThrow();
        IpvsState there =
                now.find(key).map(server -> IpvsState.of(server.server())).orElse(IpvsState.EMPTY);
        return Plan.between(there, IpvsState.of(goal), Ownership.everything()).changes();
    }
}
