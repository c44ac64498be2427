// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import static io.github.ipvs4j.reconciler.Samples.local;
import static io.github.ipvs4j.reconciler.Samples.service;
import static io.github.ipvs4j.reconciler.Samples.slice;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** That rules were taken out is seen without a program being run. */
class WatchTest {
    @TempDir
    private Path proc;

    private SimulatedNode node;
    private Reconciler reconciler;

    @BeforeEach
    void start() throws IOException {
        node = new SimulatedNode(proc);
        reconciler = node.start();
        reconciler.put(service("web", "10.96.0.1", "fd00:96::1").build());
        reconciler.put(slice("web", local("10.244.0.1")));
    }

    @AfterEach
    void stop() {
        reconciler.close();
        node.kernel.assertQuiescent();
    }

    @Test
    void nothingIsDisturbedBeforeAnythingWasDone() {
        assertThat(reconciler.isDisturbed()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "iptables, nat, KUBE-SERVICES",
        "iptables, nat, KUBE-POSTROUTING",
        "iptables, filter, KUBE-IPVS-FILTER",
        "iptables, filter, KUBE-NODE-PORT",
        "ip6tables, nat, KUBE-SERVICES",
        "ip6tables, filter, KUBE-IPVS-FILTER"
    })
    void seesThatAChainWasFlushedAndLetsItBeRestored(String program, String table, String chain) {
        reconciler.sync();
        List<String> rules = List.copyOf(node.iptables.chain(program, table, chain));
        node.iptables.runs.clear();
        assertThat(reconciler.isDisturbed()).isFalse();

        node.flush(program, table, chain);

        assertThat(reconciler.isDisturbed()).isTrue();
        assertThat(node.iptables.runs).isEmpty();
        assertThat(reconciler.resync().failures()).isEmpty();
        assertThat(node.iptables.chain(program, table, chain)).isEqualTo(rules);
        assertThat(reconciler.isDisturbed()).isFalse();
    }

    @Test
    void followsTheRulesAsServicesComeAndGo() {
        reconciler.sync();
        reconciler.removeService(Samples.name("web"));
        reconciler.sync();

        assertThat(reconciler.isDisturbed()).isFalse();
    }

    @Test
    void doesNotMindRulesOfOthersThatMatchOurSets() {
        reconciler.sync();
        node.iptables.chain("iptables", "filter", "INPUT").add("-m set --match-set KUBE-CLUSTER-IP dst,dst -j ACCEPT");
        node.flush("iptables", "nat", "INPUT");

        assertThat(reconciler.isDisturbed()).isFalse();
    }

    @Test
    void leavesItToTheRetryWhereTheRulesCouldNotBeWritten() {
        reconciler.sync();
        node.iptables.breakRestore(true);
        node.flush("iptables", "nat", "KUBE-SERVICES");
        assertThat(reconciler.resync().failures()).isNotEmpty();

        node.iptables.breakRestore(false);
        assertThat(reconciler.resync().failures()).isEmpty();
        assertThat(reconciler.isDisturbed()).isFalse();
    }
}
