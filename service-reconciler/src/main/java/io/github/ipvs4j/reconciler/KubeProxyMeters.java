// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.netlink.IpFamily;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;

/**
 * Counts what a {@link Reconciler} does by Micrometer, under the names that kube-proxy's metrics have in Prometheus'
 * convention: {@code kubeproxy_sync_proxy_rules_duration_seconds}, {@code _last_timestamp_seconds},
 * {@code _last_queued_timestamp_seconds}, {@code _service_changes_total} and {@code _pending},
 * {@code _endpoint_changes_total} and {@code _pending}, {@code _iptables_restore_failures_total} and
 * {@code _no_local_endpoints_total}, and {@code kubeproxy_conntrack_reconciler_deleted_entries_total}. kube-proxy's
 * other metrics are not among them; {@code docs/differences.md} lists which.
 *
 * <p>Where kube-proxy has a series for each family, so has this. What is counted for a family, failed rules, deleted
 * flows and Services without local endpoints, is that family's; durations and times are the same for both, as one sync
 * serves both.
 *
 * <pre>{@code
 * Reconciler.builder().nodeName("node-a").listener(new KubeProxyMeters(registry)).open();
 * }</pre>
 *
 * <p>Needs {@code io.micrometer:micrometer-core}, which the reconciler itself does without.
 */
public final class KubeProxyMeters implements SyncListener {
    private static final String SYNC = "kubeproxy.sync.proxy.rules.";
    private static final String FAMILY = "ip_family";
    private static final double MILLIS = 1000;
    private static final int BUCKETS = 15;

    private final MeterRegistry registry;
    private final Clock clock;
    private final Counter services;
    private final Counter endpoints;
    private final AtomicLong servicesPending = new AtomicLong();
    private final AtomicLong endpointsPending = new AtomicLong();
    private final Map<IpFamily, OfFamily> families = new EnumMap<>(IpFamily.class);
    private volatile double lastQueued;

    /**
     * Registers the meters that have no family; the others follow with the first sync.
     *
     * @param registry where they are counted
     */
    @SuppressWarnings("exports") // Whoever calls this has Micrometer; nobody else should have to.
    public KubeProxyMeters(MeterRegistry registry) {
        this.registry = registry;
        this.clock = registry.config().clock();
        this.services = Counter.builder(SYNC + "service.changes")
                .description("Changes of Services")
                .register(registry);
        this.endpoints = Counter.builder(SYNC + "endpoint.changes")
                .description("Changes of EndpointSlices")
                .register(registry);
        gauge("service.changes.pending", servicesPending, AtomicLong::doubleValue, "Changes of Services not synced yet")
                .register(registry);
        gauge(
                        "endpoint.changes.pending",
                        endpointsPending,
                        AtomicLong::doubleValue,
                        "Changes of EndpointSlices not synced yet")
                .register(registry);
    }

    private static <T> Gauge.Builder<T> gauge(String name, T state, ToDoubleFunction<T> value, String description) {
        return Gauge.builder(SYNC + name, state, value).strongReference(true).description(description);
    }

    @Override
    public void serviceChanged() {
        services.increment();
        servicesPending.incrementAndGet();
        lastQueued = now();
    }

    @Override
    public void endpointsChanged() {
        endpoints.increment();
        endpointsPending.incrementAndGet();
        lastQueued = now();
    }

    @Override
    public void began(SyncCause cause) {
        if (cause.isSync()) {
            servicesPending.set(0);
            endpointsPending.set(0);
        }
    }

    @Override
    public void ended(SyncReport report) {
        if (!report.cause().isSync()) {
            return;
        }
        report.families()
                .forEach((family, part) ->
                        families.computeIfAbsent(family, OfFamily::new).take(report, part));
    }

    private double now() {
        return clock.wallTime() / MILLIS;
    }

    /** The series of one family. */
    private final class OfFamily {
        private final Timer duration;
        private final Counter rulesFailures;
        private final Counter flows;
        private volatile double lastSynced;
        private volatile int withoutLocalInternal;
        private volatile int withoutLocalExternal;

        OfFamily(IpFamily family) {
            String tag = family == IpFamily.IPV4 ? "IPv4" : "IPv6";
            this.duration = Timer.builder(SYNC + "duration")
                    .description("How long syncs take")
                    .tag(FAMILY, tag)
                    .serviceLevelObjectives(buckets())
                    .register(registry);
            this.rulesFailures = Counter.builder(SYNC + "iptables.restore.failures")
                    .description("Syncs that could not write the iptables rules")
                    .tag(FAMILY, tag)
                    .register(registry);
            this.flows = Counter.builder("kubeproxy.conntrack.reconciler.deleted.entries")
                    .description("Tracked connections to what is no destination any more that were deleted")
                    .tag(FAMILY, tag)
                    .register(registry);
            timestamp("last.timestamp", tag, it -> it.lastSynced, "When the last sync without a common failure ended");
            timestamp("last.queued.timestamp", tag, it -> lastQueued, "When the last change came");
            noLocal("internal", tag, it -> it.withoutLocalInternal);
            noLocal("external", tag, it -> it.withoutLocalExternal);
        }

        private void timestamp(String name, String tag, ToDoubleFunction<OfFamily> value, String description) {
            gauge(name, this, value, description)
                    .baseUnit("seconds")
                    .tag(FAMILY, tag)
                    .register(registry);
        }

        /** A gauge by nature; but only to names of counters does the convention of Prometheus give the end "total". */
        private void noLocal(String policy, String tag, ToDoubleFunction<OfFamily> value) {
            FunctionCounter.builder(SYNC + "no.local.endpoints", this, value)
                    .description("Services with a policy Local and no endpoint on this node")
                    .tag(FAMILY, tag)
                    .tag("traffic_policy", policy)
                    .register(registry);
        }

        void take(SyncReport report, SyncReport.OfFamily family) {
            duration.record(report.took());
            flows.increment(family.flowsDeleted());
            if (family.rulesFailed()) {
                rulesFailures.increment();
            }
            if (report.reachedAll()) {
                lastSynced = now();
            }
            withoutLocalInternal = family.withoutLocalInternal();
            withoutLocalExternal = family.withoutLocalExternal();
        }
    }

    /** From a millisecond, doubling. */
    private static Duration[] buckets() {
        Duration[] buckets = new Duration[BUCKETS];
        Arrays.setAll(buckets, i -> Duration.ofMillis(1L << i));
        return buckets;
    }
}
