// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConntrackLimitsTest {
    private static final KubeProxyConfiguration.Conntrack DEFAULTS =
            Configs.good(Configs.file(Configs.golden("clusterip-basic"))).conntrack();

    @TempDir
    private Path root;

    private Path netfilter;
    private Path buckets;

    @BeforeEach
    void prepare() throws IOException {
        netfilter = Files.createDirectories(root.resolve("proc/sys/net/netfilter"));
        for (String key : new String[] {
            "max",
            "tcp_timeout_established",
            "tcp_timeout_close_wait",
            "tcp_be_liberal",
            "udp_timeout",
            "udp_timeout_stream"
        }) {
            Files.writeString(netfilter.resolve("nf_conntrack_" + key), "7\n");
        }
        buckets = Files.createDirectories(root.resolve("sys/module/nf_conntrack/parameters"))
                .resolve("hashsize");
        Files.writeString(buckets, "8\n");
        Files.createDirectory(root.resolve("proc/self"));
        Files.writeString(root.resolve("proc/self/status"), "Cpus_allowed_list:\t3\n");
    }

    @Test
    void setsWhatKubeProxySetsByDefault() {
        set(DEFAULTS);

        assertThat(netfilter.resolve("nf_conntrack_max")).hasContent("131072");
        assertThat(netfilter.resolve("nf_conntrack_tcp_timeout_established")).hasContent("86400");
        assertThat(netfilter.resolve("nf_conntrack_tcp_timeout_close_wait")).hasContent("3600");
        assertThat(netfilter.resolve("nf_conntrack_tcp_be_liberal")).hasContent("7\n");
        assertThat(netfilter.resolve("nf_conntrack_udp_timeout")).hasContent("7\n");
        assertThat(netfilter.resolve("nf_conntrack_udp_timeout_stream")).hasContent("7\n");
        assertThat(buckets).hasContent("32768");
    }

    @Test
    void growsWithTheProcessorsThatItMayUse() throws IOException {
        Files.writeString(root.resolve("proc/self/status"), "Name:\tjava\nCpus_allowed_list:\t0-61,64,66\n");

        set(DEFAULTS);

        assertThat(netfilter.resolve("nf_conntrack_max")).hasContent("2097152");
    }

    @Test
    void neverMakesTheHashTableSmaller() throws IOException {
        Files.writeString(buckets, "999999\n");

        set(DEFAULTS);

        assertThat(buckets).hasContent("999999\n");
    }

    @Test
    void leavesWhatIsZeroAndSetsTheRest() {
        set(new KubeProxyConfiguration.Conntrack(
                0, 1000, Duration.ZERO, Duration.ZERO, true, Duration.ofSeconds(30), Duration.ofMinutes(2)));

        assertThat(netfilter.resolve("nf_conntrack_max")).hasContent("7\n");
        assertThat(netfilter.resolve("nf_conntrack_tcp_timeout_established")).hasContent("7\n");
        assertThat(netfilter.resolve("nf_conntrack_tcp_be_liberal")).hasContent("1");
        assertThat(netfilter.resolve("nf_conntrack_udp_timeout")).hasContent("30");
        assertThat(netfilter.resolve("nf_conntrack_udp_timeout_stream")).hasContent("120");
        assertThat(buckets).hasContent("8\n");
    }

    @Test
    void goesOnWhereSomethingIsMissing() throws IOException {
        Files.delete(root.resolve("proc/self/status"));
        Files.delete(netfilter.resolve("nf_conntrack_max"));
        Files.writeString(buckets, "many\n");

        set(DEFAULTS);

        assertThat(netfilter.resolve("nf_conntrack_max")).doesNotExist();
        assertThat(netfilter.resolve("nf_conntrack_tcp_timeout_established")).hasContent("86400");
        assertThat(buckets).hasContent("many\n");
    }

    private void set(KubeProxyConfiguration.Conntrack wanted) {
        ConntrackLimits.set(root.resolve("proc"), root.resolve("sys"), wanted);
    }
}
