// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import static io.github.ipvs4j.reconciler.Samples.nodePort;
import static io.github.ipvs4j.reconciler.Samples.remote;
import static io.github.ipvs4j.reconciler.Samples.service;
import static io.github.ipvs4j.reconciler.Samples.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.ipvs.TransportProtocol;
import io.github.ipvs4j.netlink.SocketFailed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Fifty Services change while the process may die after any request: the next process completes it, and what stays the
 * same is there all the time. By default it dies at 40 places, evenly over the way; {@code -Dipvs4j.kills=N} makes
 * it N.
 */
class KilledSyncTest {
    private static final int KILLS = Integer.getInteger("ipvs4j.kills", 40);
    private static final int COUNT = 50;
    private static final int CHANGED_FROM = 40;

    /** About one request to a datagram. */
    private static final int SHORT_DATAGRAM = 256;

    @TempDir
    private Path proc;

    @Test
    void whereverAProcessDiesTheNextOneCompletesItAndNothingThatStaysWasLost() throws IOException {
        SimulatedNode first = node("first");
        sync(first, 0);
        Set<String> staying = new TreeSet<>(first.servers());
        first.steps.clear();
        sync(first, 5);
        int steps = first.steps.size();
        staying.retainAll(first.servers());
        List<String> servers = first.servers();
        List<String> entries = first.entries();
        List<String> addresses = first.addresses();
        String rules = first.iptables.save("iptables");
        assertThat(steps).isGreaterThan(200);

        for (int i = 0; i < KILLS; i++) {
            int step = (int) ((long) i * steps / KILLS);
            SimulatedNode node = node("node" + i);
            sync(node, 0);
            Set<String> lost = new HashSet<>();
            node.afterStep(() -> {
                Set<String> missing = new HashSet<>(staying);
                node.servers().forEach(missing::remove);
                lost.addAll(missing);
            });
            node.dieAfter(step);
            die(node);
            assertThat(node.dead()).isTrue();
            node.dieAfter(Integer.MAX_VALUE);

            sync(node, 5);

            assertThat(lost)
                    .as("lost though it stays, killed after %s requests", step)
                    .isEmpty();
            assertThat(node.servers()).as("killed after %s requests", step).isEqualTo(servers);
            assertThat(node.entries()).as("killed after %s requests", step).isEqualTo(entries);
            assertThat(node.addresses()).as("killed after %s requests", step).isEqualTo(addresses);
            assertThat(node.iptables.save("iptables")).isEqualTo(rules);
            node.kernel.assertQuiescent();
        }
    }

    private SimulatedNode node(String name) throws IOException {
        SimulatedNode node = new SimulatedNode(proc.resolve(name));
        node.shortDatagrams(SHORT_DATAGRAM);
        return node;
    }

    private static void sync(SimulatedNode node, int from) {
        try (Reconciler reconciler = node.start()) {
            IntStream.range(from, from + COUNT).forEach(i -> put(reconciler, i, from));
            assertThat(reconciler.sync().failures()).isEmpty();
        }
    }

    private static void die(SimulatedNode node) {
        try (Reconciler reconciler = node.start()) {
            IntStream.range(5, 5 + COUNT).forEach(i -> put(reconciler, i, 5));
            reconciler.sync();
        } catch (SocketFailed killed) {
            assertThat(killed).hasMessageContaining("killed");
        }
    }

    /** Of the Services that are there before and after, some change their endpoints. */
    private static void put(Reconciler reconciler, int i, int from) {
        String name = "s" + i;
        String address = "10.96.1." + (i + 1);
        TransportProtocol protocol = i % 7 == 0 ? TransportProtocol.UDP : TransportProtocol.TCP;
        if (i % 10 == 3) {
            reconciler.put(nodePort(name, protocol, 30_000 + i, address).build());
        } else {
            reconciler.put(service(name, address)
                    .ports(List.of(ServicePort.of("http", protocol, 80)))
                    .build());
        }
        int shift = i >= CHANGED_FROM ? from : 0;
        reconciler.put(slice(
                name,
                protocol,
                IntStream.range(shift, shift + 4)
                        .mapToObj(j -> remote("10.244." + i + "." + (10 + j)))
                        .toArray(Endpoint[]::new)));
    }
}
