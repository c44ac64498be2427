// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Takes changes out of a plan, with those that make no sense or do harm without them. */
final class PlanFilter {
    /** What was taken out, by service. */
    private final Map<ServiceKey, Gap> gaps = new HashMap<>();

    /** What was taken out of the changes of one service. */
    private static final class Gap {
        private final Set<DestinationKey> destinations = new HashSet<>();
        private boolean service;
        private boolean addition;

        void note(Change change) {
            if (change instanceof Change.AddService) {
                addition = true;
            } else if (change instanceof Change.AddDestination add) {
                destinations.add(add.destination().key());
            } else if (change instanceof Change.UpdateDestination update) {
                destinations.add(update.after().key());
            } else if (change instanceof Change.DeleteDestination delete) {
                destinations.add(delete.destination().key());
            } else {
                service = true;
            }
        }

        boolean spoils(Change change) {
            if (addition
                    || change instanceof Change.DeleteService
                    || change instanceof Change.DeleteDestination
                    || isDraining(change)) {
                return true;
            }
            if (change instanceof Change.UpdateDestination update) {
                return destinations.contains(update.after().key());
            }
            return change instanceof Change.AddDestination add
                    ? destinations.contains(add.destination().key())
                    : service;
        }

        private static boolean isDraining(Change change) {
            return change instanceof Change.UpdateDestination update
                    && update.after().weight() == 0;
        }
    }

    private PlanFilter() {}

    static Plan filter(Plan plan, Predicate<? super Change> condition) {
        PlanFilter filter = new PlanFilter();
        List<Change> kept = new ArrayList<>();
        for (Change change : plan.changes()) {
            if (filter.keeps(change, condition)) {
                kept.add(change);
            }
        }
        Map<ServiceKey, VirtualServer> goals = new HashMap<>(plan.goals());
        goals.keySet().removeAll(filter.gaps.keySet());
        return new Plan(List.copyOf(kept), goals);
    }

    private boolean keeps(Change change, Predicate<? super Change> condition) {
        Gap gap = gaps.get(change.key());
        if ((gap == null || !gap.spoils(change)) && condition.test(change)) {
            return true;
        }
        gaps.computeIfAbsent(change.key(), key -> new Gap()).note(change);
        return false;
    }
}
