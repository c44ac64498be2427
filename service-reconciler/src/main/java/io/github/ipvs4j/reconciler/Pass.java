// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.netlink.NetlinkException;
import io.github.ipvs4j.netlink.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Collects what one call of the reconciler did and what failed. */
final class Pass {
    private final long began = System.nanoTime();
    private final List<SyncReport.Failure> failures = new ArrayList<>();
    private int changed;
    private boolean doubtful;

    /** Counts a change. */
    void changed() {
        changed++;
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
     * @param services those that it was for; asked only if it failed
     * @return whether the state is now the wanted one
     */
    boolean judge(Outcome outcome, Supplier<Set<ObjectName>> services) {
        if (outcome instanceof Outcome.Done) {
            changed++;
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

    SyncReport report(int draining) {
        return new SyncReport(changed, draining, failures, Duration.ofNanos(System.nanoTime() - began));
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
