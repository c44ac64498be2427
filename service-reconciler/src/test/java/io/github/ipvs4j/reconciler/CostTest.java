// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import static io.github.ipvs4j.reconciler.Samples.name;
import static io.github.ipvs4j.reconciler.Samples.nodePort;
import static io.github.ipvs4j.reconciler.Samples.remote;
import static io.github.ipvs4j.reconciler.Samples.service;
import static io.github.ipvs4j.reconciler.Samples.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.ipvs.TransportProtocol;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Cost follows the change: what is counted here are system calls, which are the same on every machine. */
class CostTest extends OnSimulatedNode {
    private static final int ENDPOINTS = 8;
    private static final int MOST_CALLS = 12;

    @Test
    void oneChangedEndpointCostsAtMostTwelveSystemCallsHoweverManyServicesThereAre() {
        fill(0, 100);
        int few = callsOf(() -> replaceAnEndpoint(17, 99));
        fill(100, 3_000);

        int many = callsOf(() -> replaceAnEndpoint(18, 99));

        assertThat(many).isEqualTo(few).isBetween(1, MOST_CALLS);
        assertThat(node.servers()).contains("-a -t 10.96.0.19:80 -r 10.18.0.99:8080 -m -w 1");
    }

    @Test
    void oneChangedEndpointOfAServiceOnTheNodesAddressesCostsNoMore() {
        reconciler.put(
                nodePort("np", TransportProtocol.TCP, 30_080, "10.96.0.1").build());
        reconciler.put(slice("np", remote("10.1.0.1"), remote("10.1.0.2")));
        assertThat(reconciler.sync().succeeded()).isTrue();

        int calls = callsOf(() -> reconciler.put(slice("np", remote("10.1.0.1"), remote("10.1.0.3"))));

        assertThat(calls).isBetween(1, MOST_CALLS);
    }

    @Test
    void aNewServiceCostsAFewSystemCalls() {
        fill(0, 200);

        int calls = callsOf(() -> put(200));

        // Two of them look whether somebody else has the virtual server already.
        assertThat(calls).isBetween(1, MOST_CALLS + 2);
    }

    @Test
    void aSyncWithoutAChangeAsksNothing() {
        fill(0, 50);

        assertThat(callsOf(() -> {})).isZero();
        assertThat(callsOf(() -> reconciler.put(slice("s7", endpoints(7))))).isZero();
    }

    @Test
    void aFirstSyncTakesAFewSystemCallsForEachThousandServices() {
        fill(0, 10);
        reconciler.close();
        reconciler = node.start();
        IntStream.range(0, 2_000).forEach(this::put);

        int calls = callsOf(() -> {});

        assertThat(calls).isLessThan(400);
        assertThat(node.servers()).hasSize(2_000 * (ENDPOINTS + 1));
    }

    @Test
    void aServiceThatAlwaysFailsIsTriedLessAndLessAndNeverHasTheKernelRead() {
        fill(0, 300);
        node.iptables.runs.clear();
        reconciler.put(slice("s3", remote("255.255.255.255")));
        assertThat(reconciler.sync().failures()).hasSize(1);
        assertThat(callsOf(() -> {})).isBetween(1, MOST_CALLS);

        assertThat(callsOf(() -> {})).isZero();
        assertThat(callsOf(() -> replaceAnEndpoint(9, 77))).isBetween(1, MOST_CALLS);
        assertThat(reconciler.sync().failures()).singleElement().satisfies(failure -> {
            assertThat(failure.service()).contains(name("s3"));
            assertThat(failure.reason()).contains("255.255.255.255");
        });
        node.pass(Duration.ofSeconds(1));
        assertThat(callsOf(() -> {})).isBetween(1, MOST_CALLS);
        node.pass(Duration.ofSeconds(1));
        assertThat(callsOf(() -> {})).isZero();
        node.pass(Duration.ofSeconds(1));
        assertThat(callsOf(() -> {})).isBetween(1, MOST_CALLS);
        for (int i = 0; i < 20; i++) {
            node.pass(Duration.ofSeconds(30));
            assertThat(callsOf(() -> {})).isBetween(1, MOST_CALLS);
        }
        assertThat(node.iptables.runs).isEmpty();
    }

    @Test
    void aServiceThatFailedIsTriedAtOnceWhenItChanges() {
        fill(0, 10);
        reconciler.put(slice("s3", remote("255.255.255.255")));
        reconciler.sync();
        reconciler.sync();
        reconciler.sync();

        reconciler.put(slice("s3", remote("10.3.0.1")));

        assertThat(reconciler.sync().failures()).isEmpty();
        assertThat(node.servers()).contains("-a -t 10.96.0.4:80 -r 10.3.0.1:8080 -m -w 1");
    }

    @Test
    void whatFailedHalfWayAndIsNotWantedAnyMoreIsRemoved() {
        fill(0, 10);
        List<String> before = node.servers();
        reconciler.put(service("half", "10.96.9.9").build());
        reconciler.put(slice("half", remote("10.9.0.1"), remote("255.255.255.255")));
        assertThat(reconciler.sync().failures()).hasSize(1);
        assertThat(node.servers()).hasSize(before.size() + 2);

        reconciler.removeService(name("half"));

        assertThat(reconciler.sync().failures()).isEmpty();
        assertThat(node.servers()).isEqualTo(before);
    }

    private int callsOf(Runnable change) {
        change.run();
        node.calls = 0;
        reconciler.sync();
        return node.calls;
    }

    private void fill(int from, int to) {
        IntStream.range(from, to).forEach(this::put);
        assertThat(reconciler.sync().failures()).isEmpty();
    }

    private void put(int i) {
        reconciler.put(
                service("s" + i, "10.96." + i / 250 + "." + (i % 250 + 1)).build());
        reconciler.put(slice("s" + i, endpoints(i)));
    }

    private void replaceAnEndpoint(int i, int last) {
        Endpoint[] endpoints = endpoints(i);
        endpoints[ENDPOINTS - 1] = remote("10." + i % 250 + "." + i / 250 + "." + last);
        reconciler.put(slice("s" + i, endpoints));
    }

    private static Endpoint[] endpoints(int i) {
        return IntStream.rangeClosed(1, ENDPOINTS)
                .mapToObj(j -> remote("10." + i % 250 + "." + i / 250 + "." + j))
                .toArray(Endpoint[]::new);
    }
}
