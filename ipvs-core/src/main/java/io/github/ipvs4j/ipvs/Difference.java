// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Compares two states, or one server of both, and sorts what differs into the stages of a plan. */
final class Difference {
    private final List<Change> additions = new ArrayList<>();
    private final List<Change> updates = new ArrayList<>();
    private final List<Change> deletions = new ArrayList<>();

    /** What the services that are changed shall be in the end. */
    private final Map<ServiceKey, VirtualServer> goals = new HashMap<>();

    /** One service in both states. */
    private record Pair(VirtualServer before, VirtualServer after) {}

    /** Compares two servers with the same key. */
    Difference(VirtualServer before, VirtualServer after) {
        if (!after.equals(before)) {
            goals.put(after.key(), after);
            compare(before, after);
        }
    }

    /**
     * Compares two states.
     *
     * @param urgency says which services come first in each stage; where it sees no difference, the states' order does
     */
    Difference(IpvsState actual, IpvsState desired, Ownership ownership, Comparator<? super ServiceKey> urgency) {
        List<VirtualServer> added = new ArrayList<>();
        List<Pair> kept = new ArrayList<>();
        for (VirtualServer after : desired.servers()) {
            VirtualServer before = actual.byKey().get(after.key());
            // What has not changed needs no owner: asking costs more than comparing.
            if (after.equals(before) || !ownership.test(after.key())) {
                continue;
            }
            goals.put(after.key(), after);
            if (before == null) {
                added.add(after);
            } else {
                kept.add(new Pair(before, after));
            }
        }
        for (VirtualServer server : added) {
            add(server);
        }
        for (Pair pair : kept) {
            compare(pair.before(), pair.after());
        }
        for (VirtualServer before : actual.servers()) {
            if (!desired.byKey().containsKey(before.key()) && ownership.test(before.key())) {
                deletions.add(new Change.DeleteService(before));
            }
        }
        // Sorting is stable, so that the changes of one service keep their order.
        Comparator<Change> byService = (one, other) -> urgency.compare(one.key(), other.key());
        List.of(additions, updates, deletions).forEach(stage -> stage.sort(byService));
    }

    Plan plan() {
        return new Plan(Collections.unmodifiableList(changes()), goals);
    }

    private List<Change> changes() {
        List<Change> all = new ArrayList<>(additions.size() + updates.size() + deletions.size());
        all.addAll(additions);
        all.addAll(updates);
        all.addAll(deletions);
        return all;
    }

    private void add(VirtualServer server) {
        additions.add(new Change.AddService(server.service()));
        for (Destination destination : server.destinations()) {
            additions.add(new Change.AddDestination(server.key(), destination));
        }
    }

    private void compare(VirtualServer before, VirtualServer after) {
        ServiceKey key = after.key();
        if (!before.service().equals(after.service())) {
            updates.add(new Change.UpdateService(before.service(), after.service()));
        }
        Map<DestinationKey, Destination> left = new HashMap<>();
        before.destinations().forEach(destination -> left.put(destination.key(), destination));
        List<Change> drained = new ArrayList<>();
        for (Destination wanted : after.destinations()) {
            Destination present = left.remove(wanted.key());
            if (present == null) {
                additions.add(new Change.AddDestination(key, wanted));
            } else if (!present.equals(wanted)) {
                // Who gets weight comes before who loses it, so that somebody takes connections all the time.
                List<Change> stage = wanted.weight() == 0 ? drained : updates;
                stage.add(new Change.UpdateDestination(key, present, wanted));
            }
        }
        updates.addAll(drained);
        for (Destination present : before.destinations()) {
            if (left.containsKey(present.key())) {
                deletions.add(new Change.DeleteDestination(key, present));
            }
        }
    }
}
