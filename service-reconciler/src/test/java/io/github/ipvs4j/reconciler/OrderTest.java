// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import static io.github.ipvs4j.reconciler.Samples.remote;
import static io.github.ipvs4j.reconciler.Samples.service;
import static io.github.ipvs4j.reconciler.Samples.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.ipvs.TransportProtocol;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On an empty node the Services come first that the node itself cannot do without (kubernetes #133773). */
class OrderTest {
    @TempDir
    private Path proc;

    @Test
    void theApiServerAndNamesAreThereBeforeAnythingOfTheOthers() throws IOException {
        SimulatedNode node = new SimulatedNode(proc);
        List<String> seen = new ArrayList<>();
        try (Reconciler reconciler = node.start()) {
            for (int i = 1; i <= 200; i++) {
                reconciler.put(service("s" + i, "10.96.1." + i).build());
                reconciler.put(slice("s" + i, remote("10.244.1." + i)));
            }
            reconciler.put(service("names", "10.96.0.10")
                    .ports(List.of(ServicePort.of("http", TransportProtocol.UDP, 53)))
                    .build());
            reconciler.put(slice("names", TransportProtocol.UDP, remote("10.244.2.2")));
            reconciler.put(service("kubernetes", "10.96.0.1").build());
            reconciler.put(slice("kubernetes", remote("192.168.1.5")));
            node.afterStep(() -> seen.add(summary(node)));
            assertThat(reconciler.sync().failures()).isEmpty();
        }

        assertThat(seen).contains("2 servers, 2 addresses, 4 entries, 200 more to come: rules yes");
        assertThat(seen.get(seen.size() - 1)).startsWith("202 servers, 202 addresses, 404 entries");
        node.kernel.assertQuiescent();
    }

    private static String summary(SimulatedNode node) {
        List<String> servers =
                node.servers().stream().filter(line -> line.startsWith("-A")).toList();
        long others = servers.stream().filter(line -> line.contains("10.96.1.")).count();
        String rules = node.iptables.chain("iptables", "nat", "KUBE-SERVICES").stream()
                        .collect(Collectors.joining())
                        .contains("KUBE-CLUSTER-IP")
                ? "yes"
                : "no";
        return servers.size() + " servers, " + node.addresses().size() + " addresses, "
                + node.entries().size() + " entries, " + (200 - others) + " more to come: rules " + rules;
    }
}
