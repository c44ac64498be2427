// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import io.github.ipvs4j.netlink.GenericClient;
import io.github.ipvs4j.netlink.NetlinkException;
import io.github.ipvs4j.netlink.Outcome;
import io.github.ipvs4j.netlink.SocketFailed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps account of what a plan has really done to the table, so that it can be undone: what the kernel said was done,
 * and of what it did not answer, what a second look finds done. Of the latter, what stands in a service that others
 * may have made is not undone; what others have done in the very same words cannot be told from ours, and is.
 */
final class Effects {
    private static final Logger LOG = LoggerFactory.getLogger(Effects.class);

    private final Goals goals;

    /** What was done, in the order of time. */
    private final List<Change> done = new ArrayList<>();

    /** Steps whose answers were lost, and that nobody has looked for yet. */
    private List<Step> lost = new ArrayList<>();

    /** What may be another's, or ours with their changes: its answer was lost, and others have been at work there. */
    private final List<Change> open = new ArrayList<>();

    /** A destination of a service. */
    private record Place(ServiceKey service, DestinationKey destination) {}

    Effects(Goals goals) {
        this.goals = goals;
    }

    /** Notes what the kernel said to a step. */
    void note(Step step, Outcome answer) {
        if (answer instanceof Outcome.Done) {
            done.add(step.change());
        } else if (answer instanceof Outcome.Unknown) {
            lost.add(step);
        }
    }

    /**
     * Finds out which of the lost steps were carried out.
     *
     * @param now services as they were read after all these steps
     * @param read the keys that were asked for; steps for other services stay lost
     * @return the indices of the changes whose steps were carried out
     */
    Set<Integer> settle(Snapshot now, Set<ServiceKey> read) {
        Set<ServiceKey> shared = shared(now);
        Set<Object> changed = new HashSet<>();
        Set<Integer> found = new HashSet<>();
        List<Change> held = new ArrayList<>();
        List<Step> left = new ArrayList<>();
        // Backwards: what a later step was done to was there before it.
        for (int i = lost.size() - 1; i >= 0; i--) {
            Change change = lost.get(i).change();
            ServiceKey key = change.key();
            if (!read.contains(key)) {
                left.add(lost.get(i));
            } else if (changed.contains(object(change)) || holds(change, now)) {
                changed.add(object(change));
                if (shared.contains(key) && isAddition(change)) {
                    open.add(change);
                } else {
                    held.add(change);
                    found.add(lost.get(i).index());
                }
            } else if (isAltered(change, now)) {
                open.add(change);
            }
        }
        Collections.reverse(held);
        Collections.reverse(left);
        done.addAll(held);
        lost = left;
        return found;
    }

    /** Returns the services that the plan may have added, in which others have destinations, too. */
    private Set<ServiceKey> shared(Snapshot now) {
        return lost.stream()
                .filter(step -> step.change() instanceof Change.AddService)
                .map(step -> step.change().key())
                .filter(key ->
                        now.find(key).filter(this::hasForeignDestinations).isPresent())
                .collect(Collectors.toSet());
    }

    private boolean hasForeignDestinations(ObservedServer server) {
        Set<DestinationKey> wanted = goals.of(server.key()).stream()
                .flatMap(goal -> goal.destinations().stream())
                .map(Destination::key)
                .collect(Collectors.toSet());
        return server.destinations().stream().anyMatch(destination -> !wanted.contains(destination.key()));
    }

    private static boolean isAddition(Change change) {
        return change instanceof Change.AddService || change instanceof Change.AddDestination;
    }

    private static Object object(Change change) {
        if (change instanceof Change.AddDestination add) {
            return new Place(add.service(), add.destination().key());
        }
        if (change instanceof Change.UpdateDestination update) {
            return new Place(update.service(), update.after().key());
        }
        return change instanceof Change.DeleteDestination delete
                ? new Place(delete.service(), delete.destination().key())
                : change.key();
    }

    /** Tells whether the table is as a change leaves it. */
    private static boolean holds(Change change, Snapshot now) {
        VirtualServer server =
                now.find(change.key()).map(ObservedServer::server).orElse(null);
        if (server == null || change instanceof Change.DeleteService) {
            return server == null && change instanceof Change.DeleteService;
        }
        if (change instanceof Change.AddService add) {
            return server.service().equals(add.service());
        }
        if (change instanceof Change.UpdateService update) {
            return server.service().equals(update.after());
        }
        if (change instanceof Change.DeleteDestination delete) {
            return server.destinations().stream().noneMatch(delete.destination()::hasKeyOf);
        }
        Destination wanted = change instanceof Change.AddDestination add
                ? add.destination()
                : ((Change.UpdateDestination) change).after();
        return server.destinations().contains(wanted);
    }

    /** Tells of a change that does not hold whether what it is about is not as it was before either. */
    private static boolean isAltered(Change change, Snapshot now) {
        VirtualServer server =
                now.find(change.key()).map(ObservedServer::server).orElse(null);
        if (server == null) {
            return false;
        }
        if (change instanceof Change.AddDestination add) {
            return server.destinations().stream().anyMatch(add.destination()::hasKeyOf);
        }
        if (change instanceof Change.UpdateDestination update) {
            return server.destinations().stream()
                    .anyMatch(there -> there.hasKeyOf(update.before()) && !there.equals(update.before()));
        }
        return change instanceof Change.AddService
                || (change instanceof Change.UpdateService update
                        && !server.service().equals(update.before()));
    }

    /**
     * Undoes what was done.
     *
     * @return what became of the undoing; what cannot be undone, because nobody knows whether it was done, is in it
     */
    Applied undo(GenericClient kernel, TableReader table) {
        look(table);
        Applied undone = new PlanRun(kernel, table, Plan.of(Plan.inverse(done))).carryOutAll();
        List<Change> left = new ArrayList<>(open);
        lost.forEach(step -> left.add(step.change()));
        return left.isEmpty() ? undone : withOpen(undone, Plan.inverse(left));
    }

    private void look(TableReader table) {
        Set<ServiceKey> keys = new LinkedHashSet<>();
        lost.forEach(step -> keys.add(step.change().key()));
        if (!keys.isEmpty()) {
            try {
                settle(new SnapshotReader(table).some(keys), keys);
            } catch (NetlinkException e) {
                LOG.debug("{} services cannot be read again; what was done to them is not undone", keys.size(), e);
            }
        }
    }

    private static Applied withOpen(Applied undone, List<Change> left) {
        List<Change> changes = new ArrayList<>(left);
        List<Outcome> outcomes = new ArrayList<>();
        for (Change change : left) {
            outcomes.add(new Outcome.Unknown(new SocketFailed(
                    change.describe() + ": left out, because the answer to what it would undo was lost, and others may"
                            + " have done it; read the state again",
                    null)));
        }
        changes.addAll(undone.plan().changes());
        outcomes.addAll(undone.outcomes());
        return new Applied(Plan.of(changes), outcomes, undone.corrections(), undone.rereads());
    }
}
