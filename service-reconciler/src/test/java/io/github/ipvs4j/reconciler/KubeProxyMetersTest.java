// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import static io.github.ipvs4j.reconciler.Samples.local;
import static io.github.ipvs4j.reconciler.Samples.service;
import static io.github.ipvs4j.reconciler.Samples.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubeProxyMetersTest {
    @TempDir
    private Path root;

    @Test
    void hasTheSeriesOfKubeProxyByNameLabelsBucketsAndType() throws IOException {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        SimulatedNode node = new SimulatedNode(root);
        try (Reconciler reconciler =
                node.settings().listener(new KubeProxyMeters(registry)).open()) {
            reconciler.sync();
        }

        Set<String> wanted = series(recorded());
        // It counts what kube-proxy's reconciler of connections takes, and there is none such here.
        wanted.removeIf(line -> line.contains("kubeproxy_conntrack_reconciler_sync_duration"));
        // Micrometer lets only counters have a name that ends so.
        wanted.remove("# TYPE kubeproxy_sync_proxy_rules_no_local_endpoints_total gauge");
        assertThat(series(registry.scrape())).containsAll(wanted);
    }

    /** Lines without values and comments but types. */
    private static Set<String> series(String text) {
        return text.lines()
                .filter(line -> line.startsWith("kubeproxy") || line.startsWith("# TYPE kubeproxy"))
                .map(line -> line.startsWith("#") ? line : line.substring(0, line.lastIndexOf(' ')))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String recorded() throws IOException {
        try (InputStream in = KubeProxyMetersTest.class.getResourceAsStream("/golden/metrics.txt")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void countsWhatHappens() throws IOException {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        SimulatedNode node = new SimulatedNode(root);
        try (Reconciler reconciler =
                node.settings().listener(new KubeProxyMeters(registry)).open()) {
            reconciler.put(service("web", "10.96.0.1")
                    .internalPolicy(TrafficPolicy.LOCAL)
                    .build());
            reconciler.put(slice("web", Samples.remote("10.244.2.1")));
            reconciler.put(slice("web", Samples.remote("10.244.2.2")));
            assertThat(gauge(registry, "service.changes.pending")).isEqualTo(1);
            assertThat(gauge(registry, "endpoint.changes.pending")).isEqualTo(2);

            node.iptables.breakRestore(true);
            reconciler.sync();
            assertThat(gauge(registry, "service.changes.pending")).isZero();
            assertThat(gauge(registry, "endpoint.changes.pending")).isZero();
            assertThat(gauge(registry, "last.timestamp", "ip_family", "IPv4")).isZero();
            assertThat(gauge(registry, "last.queued.timestamp", "ip_family", "IPv4"))
                    .isPositive();
            assertThat(noLocalInternal(registry)).isEqualTo(1);

            node.iptables.breakRestore(false);
            node.pass(Duration.ofMinutes(1));
            reconciler.put(slice("web", local("10.244.1.1")));
            reconciler.sync();
            reconciler.drain();
        }

        assertThat(registry.get("kubeproxy.sync.proxy.rules.endpoint.changes")
                        .counter()
                        .count())
                .isEqualTo(3);
        assertThat(noLocalInternal(registry)).isZero();
        assertThat(gauge(registry, "last.timestamp", "ip_family", "IPv4")).isPositive();
        Stream.of("IPv4", "IPv6").forEach(family -> {
            assertThat(registry.get("kubeproxy.sync.proxy.rules.duration")
                            .tag("ip_family", family)
                            .timer()
                            .count())
                    .isEqualTo(2);
            assertThat(registry.get("kubeproxy.sync.proxy.rules.iptables.restore.failures")
                            .tag("ip_family", family)
                            .counter()
                            .count())
                    .isEqualTo(1);
        });
    }

    private static double noLocalInternal(SimpleMeterRegistry registry) {
        return registry.get("kubeproxy.sync.proxy.rules.no.local.endpoints")
                .tags("traffic_policy", "internal", "ip_family", "IPv4")
                .functionCounter()
                .count();
    }

    private static double gauge(SimpleMeterRegistry registry, String name, String... tags) {
        return registry.get("kubeproxy.sync.proxy.rules." + name)
                .tags(tags)
                .gauge()
                .value();
    }
}
