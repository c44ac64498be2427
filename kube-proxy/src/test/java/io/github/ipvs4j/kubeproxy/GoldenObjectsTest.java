// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpPrefix;
import io.github.ipvs4j.reconciler.Service;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reads objects as a real API server served them, every default filled in. */
class GoldenObjectsTest {
    @ParameterizedTest
    @CsvSource({
        "clusterip-basic, 5, 5, 2, 0",
        "nodeport, 3, 3, 2, 0",
        "dual-stack, 6, 7, 2, 0",
        "headless-externalname, 4, 2, 2, 3",
        "endpoint-conditions, 9, 9, 2, 0",
        "topology-hints, 9, 9, 2, 0",
        "external-ips, 5, 4, 2, 0",
        "loadbalancer, 8, 8, 2, 0",
        "lb-source-ranges, 5, 5, 2, 0",
        "etp-local, 7, 7, 2, 0",
        "session-affinity, 4, 4, 2, 0",
        "random-052, 11, 19, 2, 0"
    })
    void readsWhatTheApiServerServes(String scenario, int services, int slices, int nodes, int leftOut)
            throws IOException {
        FileContent content = read(scenario);

        assertThat(content.problems()).isEmpty();
        assertThat(count(content, ObjectId.Kind.SERVICE)).isEqualTo(services);
        assertThat(count(content, ObjectId.Kind.ENDPOINT_SLICE)).isEqualTo(slices);
        assertThat(count(content, ObjectId.Kind.NODE)).isEqualTo(nodes);
        assertThat(content.notes()).hasSize(leftOut + 1).last().asString().contains("ignored 1 ServiceCIDR");
    }

    @Test
    void readsWhereAServiceIsReachedFromOutside() throws IOException {
        assertThat(service("external-ips", "ext").externalIps())
                .containsExactly(IpAddress.of("203.0.113.50"), IpAddress.of("203.0.113.51"));
        assertThat(service("loadbalancer", "nomode").loadBalancerIps())
                .containsExactly(IpAddress.of("203.0.113.12"), IpAddress.of("203.0.113.13"));
        assertThat(service("loadbalancer", "proxy").loadBalancerIps()).isEmpty();
        assertThat(service("loadbalancer", "pending").loadBalancerIps()).isEmpty();
        assertThat(service("lb-source-ranges", "lb2").sourceRanges())
                .containsExactly(IpPrefix.of("198.51.100.7/32"), IpPrefix.of("10.0.0.0/8"));
        assertThat(service("lb-source-ranges", "lb4local").healthCheckNodePort())
                .isEqualTo(30295);
        assertThat(service("etp-local", "npl").healthCheckNodePort()).isZero();
    }

    private static Service service(String scenario, String name) throws IOException {
        Manifest manifest = Objects.requireNonNull(read(scenario).objects().get(Manifests.serviceId(name)));
        return ((Manifest.OfService) manifest.body()).service();
    }

    private static long count(FileContent content, ObjectId.Kind kind) {
        return content.objects().keySet().stream()
                .filter(id -> id.kind() == kind)
                .count();
    }

    private static FileContent read(String scenario) throws IOException {
        String name = scenario + ".json";
        try (InputStream in = GoldenObjectsTest.class.getResourceAsStream("/golden/" + name)) {
            return ManifestReader.read(name, Objects.requireNonNull(in).readAllBytes());
        }
    }
}
