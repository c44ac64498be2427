// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.NetlinkException;
import io.github.ipvs4j.netlink.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Collects what one call of the reconciler did and what failed. */
final class Pass {
    private final long began = System.nanoTime();
    private final List<SyncReport.Failure> failures = new ArrayList<>();
    private final int[] changes = new int[ChangeKind.values().length];
    private final Map<IpFamily, Integer> flows = new EnumMap<>(IpFamily.class);
    private final Set<IpFamily> rulesFailed = EnumSet.noneOf(IpFamily.class);
    private final SyncCause cause;
    private int services;
    private boolean doubtful;

    /** Begins to collect. */
    Pass(SyncCause cause) {
        this.cause = cause;
    }

    SyncCause cause() {
        return cause;
    }

    /** Counts a change. */
    @SuppressWarnings("EnumOrdinal") // The numbers do not outlive the pass.
    void changed(ChangeKind kind) {
        changes[kind.ordinal()]++;
    }

    @SuppressWarnings("EnumOrdinal") // As above.
    private Map<ChangeKind, Integer> changes() {
        Map<ChangeKind, Integer> counted = new EnumMap<>(ChangeKind.class);
        for (ChangeKind kind : ChangeKind.values()) {
            if (changes[kind.ordinal()] != 0) {
                counted.put(kind, changes[kind.ordinal()]);
            }
        }
        return counted;
    }

    /** Counts a tracked connection that was deleted. */
    void flowDeleted(IpFamily family) {
        changed(ChangeKind.FLOW);
        flows.merge(family, 1, Integer::sum);
    }

    /** Counts Services that were compiled. */
    void compiled(int count) {
        services += count;
    }

    /** Notes that the rules of a family could not be written. */
    void rulesFailed(IpFamily family, String reason) {
        rulesFailed.add(family);
        failed("iptables rules of " + family + ": " + reason);
    }

    /** Notes a failure that concerns everything. */
    void failed(String reason) {
        failures.add(new SyncReport.Failure(Optional.empty(), reason));
    }

    /** Notes a failure for each Service that it concerns. */
    void failed(Collection<ObjectName> services, String reason) {
        if (services.isEmpty()) {
            failed(reason);
        }
        services.forEach(service -> failures.add(new SyncReport.Failure(Optional.of(service), reason)));
    }

    /** Notes that what others made stands in the way; the kernel must be read again to see whether it is gone. */
    void obstructed(String reason) {
        doubtful = true;
        failed(reason);
    }

    /** Notes that the kernel refused to be asked, or to do a whole step, so that it must be read again. */
    void refused(NetlinkException why) {
        refused(List.of(), why);
    }

    /** Notes that the kernel refused something that is for some Services, so that it must be read again. */
    void refused(Collection<ObjectName> services, NetlinkException why) {
        doubtful = true;
        failed(services, text(why));
    }

    /**
     * Takes what became of a change.
     *
     * @param kind what it is a change of
     * @param outcome what became of it
     * @param services those that it was for; asked only if it failed
     * @return whether the state is now the wanted one
     */
    boolean judge(ChangeKind kind, Outcome outcome, Supplier<Set<ObjectName>> services) {
        if (outcome instanceof Outcome.Done) {
            changed(kind);
        } else if (outcome instanceof Outcome.Rejected rejected) {
            failed(services.get(), text(rejected.why()));
        } else if (outcome instanceof Outcome.Unknown unknown) {
            doubtful = true;
            failed(services.get(), text(unknown.why()));
        }
        return outcome.succeeded();
    }

    /** Tells whether what is remembered of the kernel may be wrong, so that it must be read again. */
    boolean doubtful() {
        return doubtful;
    }

    /**
     * Tells what was done.
     *
     * @param draining how many destinations wait for their connections to end
     * @param families those of the node
     * @param gaps which Services have no endpoint here
     */
    SyncReport report(int draining, Set<IpFamily> families, LocalGaps gaps) {
        Map<IpFamily, SyncReport.OfFamily> ofFamilies = new EnumMap<>(IpFamily.class);
        for (IpFamily family : families) {
            ofFamilies.put(
                    family,
                    new SyncReport.OfFamily(
                            rulesFailed.contains(family),
                            flows.getOrDefault(family, 0),
                            gaps.internal(family),
                            gaps.external(family)));
        }
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        return new SyncReport(cause, services, changes(), draining, failures, ofFamilies, took);
    }

    /** Notes that what is remembered of the kernel may be wrong. */
    void doubt() {
        doubtful = true;
    }

    static String text(NetlinkException why) {
        String message = why.getMessage();
        return message == null ? why.toString() : message;
    }
}
