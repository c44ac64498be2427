// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.ipvs.TransportProtocol;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How much memory a Service costs for as long as it is there. */
class FootprintTest {
    private static final int SERVICES = 5_000;
    private static final int ENDPOINTS = 8;
    private static final int NODES = 500;
    private static final int MOST_BYTES = 2_000;

    private @Nullable ObjectStore store = new ObjectStore("node-7");
    private @Nullable DesiredState state = new DesiredState();

    @Test
    void aServiceWithEightEndpointsCostsAtMostTwoKilobytes() {
        assertThat(store).isNotNull();
        assertThat(state).isNotNull();
        for (int i = 0; i < SERVICES; i++) {
            store.put(service(i));
            store.put(slice(i));
        }
        compile(store, state);
        settle(state);
        // A change of the node compiles all anew: what is equal must not be kept twice.
        store.touchAll();
        compile(store, state);

        long with = used();
        store = null;
        state = null;
        long perService = (with - used()) / SERVICES;

        assertThat(perService).isBetween(500L, (long) MOST_BYTES);
    }

    private static void compile(ObjectStore store, DesiredState state) {
        NodeFacts node = Samples.node("192.168.1.10", "fd00:1::10");
        Samples.changes(store)
                .forEach((name, inputs) -> state.put(
                        name,
                        inputs.map(it -> ServiceCompiler.compile(it.service(), it.slices(), node))
                                .orElse(Fragment.EMPTY)));
    }

    /** Does as if the kernel had followed and been read. */
    private static void settle(DesiredState state) {
        state.servers()
                .allWanted()
                .forEach((key, wanted) -> state.servers().hold(key, PackedServer.of(wanted.unpack())));
        settle(state.servers());
        state.addresses().allWanted().forEach((key, wanted) -> state.addresses().hold(key, true));
        settle(state.addresses());
        for (IpFamily family : IpFamily.values()) {
            for (KubeSet set : KubeSet.values()) {
                state.set(set, family)
                        .allWanted()
                        .forEach((key, wanted) -> state.set(set, family).hold(key, true));
                settle(state.set(set, family));
            }
        }
    }

    private static <K> void settle(Ledger<K, ?> ledger) {
        ledger.touched().forEach(ledger::settle);
    }

    /** Each object with strings and addresses of its own, as a parser makes them. */
    private static Service service(int i) {
        return Service.builder(new ObjectName(fresh("namespace-" + i % 50), "service-" + i))
                .clusterIps(List.of(IpAddress.of("10.96." + i / 250 + "." + (i % 250 + 1))))
                .ports(List.of(ServicePort.of(fresh("http"), TransportProtocol.TCP, 80)))
                .labels(Map.of("app.kubernetes.io/name", "service-" + i, "app.kubernetes.io/part-of", fresh("shop")))
                .annotations(Map.of("example.com/last-applied", "x".repeat(400) + i))
                .build();
    }

    private static EndpointSlice slice(int i) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (int j = 0; j < ENDPOINTS; j++) {
            int number = i * ENDPOINTS + j;
            IpAddress address =
                    IpAddress.of("10." + (128 + number / 62_500) + "." + number / 250 % 250 + "." + (number % 250 + 1));
            endpoints.add(new Endpoint(
                    address, true, true, false, fresh("node-" + number % NODES), Set.of(fresh("zone-a")), Set.of()));
        }
        return new EndpointSlice(
                new ObjectName(fresh("namespace-" + i % 50), "service-" + i + "-x7k2p"),
                "service-" + i,
                IpFamily.IPV4,
                List.of(new EndpointPort(fresh("http"), TransportProtocol.TCP, 8080)),
                endpoints,
                Map.of("kubernetes.io/service-name", "service-" + i));
    }

    private static String fresh(String text) {
        return new StringBuilder(text).toString();
    }

    private static long used() {
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            System.gc();
            used = Math.min(
                    used,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return used;
    }
}
