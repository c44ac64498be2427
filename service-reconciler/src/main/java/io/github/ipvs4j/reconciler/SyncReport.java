// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.netlink.IpFamily;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one call of {@link Reconciler#sync()}, {@link Reconciler#resync()} or {@link Reconciler#drain()} did.
 *
 * @param cause why it was done
 * @param services how many Services were compiled, because they or their endpoints had changed, or something that all
 *     depend on
 * @param changes how many things were changed in the kernel, by kind; without kinds of which there were none
 * @param draining how many destinations stay at weight 0 because connections to them last; while there are any, call
 *     {@link Reconciler#drain()} every now and then
 * @param failures what could not be done; it is tried again by the next call
 * @param families what is particular to each family that the node runs with; none before the kernel could be read
 * @param took how long the call took
 */
public record SyncReport(
        SyncCause cause,
        int services,
        Map<ChangeKind, Integer> changes,
        int draining,
        List<Failure> failures,
        Map<IpFamily, OfFamily> families,
        Duration took) {
    /** Copies the collections. */
    public SyncReport {
        changes = Map.copyOf(changes);
        failures = List.copyOf(failures);
        families = Map.copyOf(families);
    }

    /**
     * Returns how many things were changed in the kernel.
     *
     * @return the sum over all kinds
     */
    public int changed() {
        return changes.values().stream().mapToInt(Integer::intValue).sum();
    }

    /**
     * Tells whether the call did all that it had to: after {@link Reconciler#sync()} or {@link Reconciler#resync()} the
     * kernel is then as it should be; {@link Reconciler#drain()} knows nothing of what failed before it.
     *
     * @return true if nothing failed
     */
    public boolean succeeded() {
        return failures.isEmpty();
    }

    /**
     * Tells whether what failed, if anything, concerns single Services only.
     *
     * @return false if something failed that all of them need
     */
    public boolean reachedAll() {
        return failures.stream().allMatch(failure -> failure.service().isPresent());
    }

    /**
     * One thing that could not be done.
     *
     * @param service the Service it was for; empty if it concerns all of them
     * @param reason what was tried, on what, and why it failed
     */
    public record Failure(Optional<ObjectName> service, String reason) {
        /** Returns the Service and the reason. */
        @Override
        public String toString() {
            return service.map(name -> "Service " + name + ": ").orElse("") + reason;
        }
    }

    /**
     * What is particular to a family.
     *
     * @param rulesFailed whether its iptables rules could not be written
     * @param flowsDeleted how many tracked connections to what is no destination any more were deleted
     * @param withoutLocalInternal how many Services want inside traffic to stay on the node and have endpoints, but
     *     none here
     * @param withoutLocalExternal how many want that of outside traffic
     */
    public record OfFamily(boolean rulesFailed, int flowsDeleted, int withoutLocalInternal, int withoutLocalExternal) {}
}
