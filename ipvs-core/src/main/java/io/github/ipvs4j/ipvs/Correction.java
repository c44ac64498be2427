// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what is still to be done for changes of a plan that met a table which others had changed, or whose answers
 * were lost: compares them with what was read from the kernel after that.
 */
final class Correction {
    private final Goals goals;
    private final Snapshot now;
    private final Map<ServiceKey, Server> servers = new HashMap<>();
    private final Set<ServiceKey> restored = new HashSet<>();

    /** A server as it was read, with the corrections so far. */
    private record Server(VirtualService service, Map<DestinationKey, Destination> destinations) {
        Server(VirtualServer server) {
            this(server.service(), new LinkedHashMap<>());
            server.destinations().forEach(destination -> destinations.put(destination.key(), destination));
        }

        VirtualServer toValue() {
            return new VirtualServer(service, List.copyOf(destinations.values()));
        }
    }

    /** What a second look says of a change. */
    record Verdict(Kind kind, List<Change> changes) {
        /** The four cases. */
        enum Kind {
            /** The table is as the change wants it. */
            SO,

            /** Some changes lead there. */
            NEEDED,

            /** What is done for an earlier change is to be waited for. */
            LATER,

            /** A service has gone, and the plan does not say how it was. */
            IMPOSSIBLE
        }

        private static final Verdict SO = new Verdict(Kind.SO, List.of());
        private static final Verdict LATER = new Verdict(Kind.LATER, List.of());
        private static final Verdict IMPOSSIBLE = new Verdict(Kind.IMPOSSIBLE, List.of());

        static Verdict needed(Change... changes) {
            return new Verdict(Kind.NEEDED, List.of(changes));
        }
    }

    /**
     * Prepares the look at some services.
     *
     * @param goals of the plan that is carried out
     * @param now the services of all changes that will be asked for, as far as they are there
     */
    Correction(Goals goals, Snapshot now) {
        this.goals = goals;
        this.now = now;
        now.servers().forEach(server -> servers.put(server.key(), new Server(server.server())));
    }

    /** Tells whether the kernel refused a change because what it changes is there or is gone, against the plan. */
    static boolean isConflict(Change change, Outcome.Rejected refusal) {
        Errno errno = refusal.why().errno();
        if (change instanceof Change.AddService) {
            return errno.equals(Errno.EEXIST);
        }
        if (change instanceof Change.AddDestination) {
            return errno.equals(Errno.EEXIST) || errno.equals(Errno.ESRCH);
        }
        return errno.equals(Errno.ESRCH) || (change instanceof Change.UpdateDestination && errno.equals(Errno.ENOENT));
    }

    /** Tells whether a service was read as the plan wants it as a whole. */
    boolean sawTheGoal(ServiceKey key) {
        return now.find(key).map(ObservedServer::server).equals(goals.of(key));
    }

    /** Judges a change; those of one plan in their order. */
    Verdict judge(Change change) {
        ServiceKey key = change.key();
        if (restored.contains(key)) {
            return Verdict.LATER;
        }
        Server server = servers.get(key);
        if (change instanceof Change.DeleteService) {
            servers.remove(key);
            return server == null ? Verdict.SO : Verdict.needed(new Change.DeleteService(server.toValue()));
        }
        if (change instanceof Change.AddService add) {
            return service(server, add.service());
        }
        if (change instanceof Change.DeleteDestination delete) {
            Destination there = server == null
                    ? null
                    : server.destinations().remove(delete.destination().key());
            return there == null ? Verdict.SO : Verdict.needed(new Change.DeleteDestination(key, there));
        }
        if (server == null) {
            return restore(key);
        }
        return change instanceof Change.UpdateService update
                ? service(server, update.after())
                : destination(server, key, wanted(change));
    }

    private Verdict service(@Nullable Server server, VirtualService wanted) {
        Map<DestinationKey, Destination> destinations = server == null ? new LinkedHashMap<>() : server.destinations();
        servers.put(wanted.key(), new Server(wanted, destinations));
        if (server == null) {
            return Verdict.needed(new Change.AddService(wanted));
        }
        return server.service().equals(wanted)
                ? Verdict.SO
                : Verdict.needed(new Change.UpdateService(server.service(), wanted));
    }

    private static Destination wanted(Change change) {
        return change instanceof Change.AddDestination add
                ? add.destination()
                : ((Change.UpdateDestination) change).after();
    }

    private static Verdict destination(Server server, ServiceKey key, Destination wanted) {
        Destination there = server.destinations().put(wanted.key(), wanted);
        if (there == null) {
            return Verdict.needed(new Change.AddDestination(key, wanted));
        }
        return there.equals(wanted) ? Verdict.SO : Verdict.needed(new Change.UpdateDestination(key, there, wanted));
    }

    /** Makes a service anew that others have deleted, as it shall be after the plan. */
    private Verdict restore(ServiceKey key) {
        Optional<VirtualServer> goal = goals.of(key);
        if (goal.isEmpty()) {
            return Verdict.IMPOSSIBLE;
        }
        restored.add(key);
        List<Change> changes = new ArrayList<>();
        changes.add(new Change.AddService(goal.get().service()));
        goal.get().destinations().forEach(destination -> changes.add(new Change.AddDestination(key, destination)));
        return new Verdict(Verdict.Kind.NEEDED, List.copyOf(changes));
    }
}
