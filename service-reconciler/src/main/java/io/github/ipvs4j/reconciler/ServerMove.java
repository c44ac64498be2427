// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.ipvs.Applied;
import io.github.ipvs4j.ipvs.Change;
import io.github.ipvs4j.ipvs.Destination;
import io.github.ipvs4j.ipvs.DestinationKey;
import io.github.ipvs4j.ipvs.IpvsClient;
import io.github.ipvs4j.ipvs.IpvsState;
import io.github.ipvs4j.ipvs.ObservedDestination;
import io.github.ipvs4j.ipvs.ObservedService;
import io.github.ipvs4j.ipvs.OnFailure;
import io.github.ipvs4j.ipvs.Ownership;
import io.github.ipvs4j.ipvs.Plan;
import io.github.ipvs4j.ipvs.ServiceKey;
import io.github.ipvs4j.ipvs.VirtualServer;
import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.NetlinkException;
import io.github.ipvs4j.netlink.Outcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Changes virtual servers from what the ledger says is there to what shall be, and keeps the ledger true: what was done
 * of a change that failed half way is noted, and where the kernel's answer shows that somebody else was at work, that
 * one virtual server is read, not the whole table.
 */
final class ServerMove {
    /**
     * How many virtual servers are changed at a time: enough for long datagrams, few enough that what is made for them
     * never lives long. New ones come before those that go, which are the last ones.
     */
    private static final int PORTION = 500;

    private final IpvsClient ipvs;
    private final Ledger<ServiceKey, PackedServer> servers;
    private final Pass pass;
    private final Map<ServiceKey, Failure> failures = new LinkedHashMap<>();

    /** What failed of one virtual server: the first reason, and how many more there were. */
    private static final class Failure {
        private final String reason;
        private final boolean strange;
        private int more;

        Failure(String reason, boolean strange) {
            this.reason = reason;
            this.strange = strange;
        }

        String text() {
            return more == 0 ? reason : reason + " (and " + more + " more changes of it failed)";
        }
    }

    ServerMove(IpvsClient ipvs, Ledger<ServiceKey, PackedServer> servers, Pass pass) {
        this.ipvs = ipvs;
        this.servers = servers;
        this.pass = pass;
    }

    /**
     * Carries it out.
     *
     * @param targets what shall be there, null for nothing
     * @return why it failed, for each virtual server where it did
     */
    Map<ServiceKey, String> carryOut(Map<ServiceKey, @Nullable PackedServer> targets) {
        attempt(targets);
        Map<ServiceKey, @Nullable PackedServer> again = new LinkedHashMap<>();
        failures.forEach((key, failure) -> {
            if (failure.strange && reread(key)) {
                again.put(key, targets.get(key));
            }
        });
        again.keySet().forEach(failures::remove);
        if (!again.isEmpty()) {
            attempt(again);
        }
        Map<ServiceKey, String> reasons = new LinkedHashMap<>();
        failures.forEach((key, failure) -> reasons.put(key, failure.text()));
        return reasons;
    }

    private void attempt(Map<ServiceKey, @Nullable PackedServer> targets) {
        List<ServiceKey> inOrder = new ArrayList<>(targets.size());
        List<ServiceKey> last = new ArrayList<>();
        targets.forEach((key, target) -> (target != null ? inOrder : last).add(key));
        inOrder.addAll(last);
        NetlinkException deaf = null;
        for (int from = 0; from < inOrder.size(); from += PORTION) {
            List<ServiceKey> portion = inOrder.subList(from, Math.min(inOrder.size(), from + PORTION));
            if (deaf == null) {
                deaf = attempt(portion, targets);
            }
            if (deaf != null) {
                String reason = Pass.text(deaf);
                pass.doubt();
                portion.forEach(key -> failures.put(key, new Failure(reason, false)));
            }
        }
    }

    /** Returns why the kernel could not be spoken to, if so. */
    private @Nullable NetlinkException attempt(
            List<ServiceKey> portion, Map<ServiceKey, @Nullable PackedServer> targets) {
        List<VirtualServer> actual = new ArrayList<>();
        List<VirtualServer> desired = new ArrayList<>();
        for (ServiceKey key : portion) {
            PackedServer held = servers.held(key);
            PackedServer target = targets.get(key);
            if (held != null && !held.equals(target)) {
                actual.add(held.unpack());
            }
            if (target != null && !target.equals(held)) {
                desired.add(target.unpack());
            }
        }
        Plan plan = Plan.between(IpvsState.of(actual), IpvsState.of(desired), Ownership.everything());
        if (!plan.isEmpty()) {
            try {
                take(plan, ipvs.apply(plan, OnFailure.CONTINUE));
            } catch (NetlinkException e) {
                return e;
            }
        }
        for (ServiceKey key : portion) {
            if (!failures.containsKey(key)) {
                servers.hold(key, targets.get(key));
            }
        }
        return null;
    }

    private void take(Plan plan, Applied applied) {
        Set<ServiceKey> failed = new LinkedHashSet<>();
        for (int i = 0; i < plan.size(); i++) {
            Change change = plan.changes().get(i);
            Outcome outcome = applied.outcomes().get(i);
            if (outcome instanceof Outcome.Done) {
                pass.changed(kind(change));
            } else if (outcome instanceof Outcome.Rejected rejected) {
                failed.add(change.key());
                fail(
                        change,
                        Pass.text(rejected.why()),
                        isStrange(change, rejected.why().errno()));
            } else if (outcome instanceof Outcome.Unknown unknown) {
                failed.add(change.key());
                pass.doubt();
                fail(change, Pass.text(unknown.why()), false);
            }
        }
        if (!failed.isEmpty()) {
            noteWhatWasDone(failed, plan, applied);
        }
    }

    private static ChangeKind kind(Change change) {
        boolean ofService = change instanceof Change.AddService
                || change instanceof Change.UpdateService
                || change instanceof Change.DeleteService;
        return ofService ? ChangeKind.VIRTUAL_SERVER : ChangeKind.DESTINATION;
    }

    private void fail(Change change, String reason, boolean strange) {
        Failure before = failures.putIfAbsent(change.key(), new Failure(reason, strange));
        if (before != null) {
            before.more++;
        }
    }

    /** Tells whether the kernel would not have answered so if it had what we think. */
    private static boolean isStrange(Change change, Errno errno) {
        // A scheduler that the kernel does not have is ENOENT, too.
        boolean ofScheduler = change instanceof Change.AddService || change instanceof Change.UpdateService;
        return errno.equals(Errno.ESRCH) || errno.equals(Errno.EEXIST) || (errno.equals(Errno.ENOENT) && !ofScheduler);
    }

    private void noteWhatWasDone(Set<ServiceKey> failed, Plan plan, Applied applied) {
        Map<ServiceKey, @Nullable VirtualServer> present = new HashMap<>();
        failed.forEach(key -> {
            PackedServer held = servers.held(key);
            present.put(key, held == null ? null : held.unpack());
        });
        for (int i = 0; i < plan.size(); i++) {
            Change change = plan.changes().get(i);
            if (present.containsKey(change.key()) && applied.outcomes().get(i).succeeded()) {
                present.put(change.key(), after(present.get(change.key()), change));
            }
        }
        present.forEach((key, server) -> servers.hold(key, server == null ? null : PackedServer.of(server)));
    }

    private static @Nullable VirtualServer after(@Nullable VirtualServer before, Change change) {
        if (change instanceof Change.AddService add) {
            return VirtualServer.of(add.service());
        }
        if (change instanceof Change.DeleteService || before == null) {
            return null;
        }
        if (change instanceof Change.UpdateService update) {
            return new VirtualServer(update.after(), before.destinations());
        }
        Map<DestinationKey, Destination> destinations = new LinkedHashMap<>();
        before.destinations().forEach(destination -> destinations.put(destination.key(), destination));
        if (change instanceof Change.AddDestination add) {
            destinations.put(add.destination().key(), add.destination());
        } else if (change instanceof Change.UpdateDestination update) {
            destinations.put(update.after().key(), update.after());
        } else if (change instanceof Change.DeleteDestination delete) {
            destinations.remove(delete.destination().key());
        }
        return new VirtualServer(before.service(), List.copyOf(destinations.values()));
    }

    private boolean reread(ServiceKey key) {
        try {
            Optional<ObservedService> service = ipvs.service(key);
            if (service.isEmpty()) {
                servers.hold(key, null);
            } else {
                Collection<Destination> destinations = ipvs.destinations(key).stream()
                        .map(ObservedDestination::destination)
                        .toList();
                VirtualServer there = new VirtualServer(service.get().service(), List.copyOf(destinations));
                servers.hold(key, PackedServer.of(there));
            }
            return true;
        } catch (NetlinkException e) {
            pass.doubt();
            return false;
        }
    }
}
