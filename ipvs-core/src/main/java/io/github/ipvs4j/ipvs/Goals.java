// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the services of a plan shall be in the end, as far as the plan tells. Not safe for use by several threads. */
final class Goals {
    private final Plan plan;

    /** Of the services that the plan adds and does not delete again; made when it is first needed. */
    private @Nullable Map<ServiceKey, VirtualServer> added;

    /** A service in the course of the plan. */
    private static final class Course {
        private final Map<DestinationKey, Destination> destinations = new LinkedHashMap<>();
        private boolean added;
        private @Nullable VirtualService service;

        void take(Change change) {
            if (change instanceof Change.AddService add) {
                added = true;
                service = add.service();
            } else if (change instanceof Change.UpdateService update) {
                service = update.after();
            } else if (change instanceof Change.AddDestination add) {
                destinations.put(add.destination().key(), add.destination());
            } else if (change instanceof Change.UpdateDestination update) {
                destinations.put(update.after().key(), update.after());
            } else if (change instanceof Change.DeleteDestination delete) {
                destinations.remove(delete.destination().key());
            } else {
                service = null;
                destinations.clear();
            }
        }

        Optional<VirtualServer> end() {
            VirtualService last = service;
            return added && last != null
                    ? Optional.of(new VirtualServer(last, List.copyOf(destinations.values())))
                    : Optional.empty();
        }
    }

    Goals(Plan plan) {
        this.plan = plan;
    }

    /** Returns what a service shall be after the plan; empty where the plan only changes something of it. */
    Optional<VirtualServer> of(ServiceKey key) {
        return plan.goal(key).or(() -> Optional.ofNullable(added().get(key)));
    }

    private Map<ServiceKey, VirtualServer> added() {
        Map<ServiceKey, VirtualServer> known = added;
        if (known == null) {
            known = follow();
            added = known;
        }
        return known;
    }

    private Map<ServiceKey, VirtualServer> follow() {
        Map<ServiceKey, Course> courses = new HashMap<>();
        for (Change change : plan.changes()) {
            courses.computeIfAbsent(change.key(), key -> new Course()).take(change);
        }
        Map<ServiceKey, VirtualServer> ends = new HashMap<>();
        courses.forEach((key, course) -> course.end().ifPresent(end -> ends.put(key, end)));
        return ends;
    }
}
