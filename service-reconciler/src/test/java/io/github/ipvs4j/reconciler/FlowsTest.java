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
import io.github.ipvs4j.netlink.ConntrackEntry;
import io.github.ipvs4j.netlink.ConntrackTuple;
import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.testkit.SimulatedKernel;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Flows of UDP do not go on to endpoints that have gone. */
class FlowsTest {
    private static final int CONFIRMED = 8;
    private static final String CLIENT = "10.244.7.7";
    private static final String VIP = "10.96.0.53";
    private static final String STAYS = "10.244.1.5";
    private static final String GOES = "10.244.1.6";

    @TempDir
    private Path proc;

    private SimulatedNode node;
    private Reconciler reconciler;

    @BeforeEach
    void startWithTwoEndpoints() throws IOException {
        node = new SimulatedNode(proc);
        start();
        dns(STAYS, GOES);
        assertThat(reconciler.sync().succeeded()).isTrue();
    }

    private void start() {
        reconciler = node.start();
        reconciler.put(service("dns", VIP)
                .ports(List.of(ServicePort.of("http", TransportProtocol.UDP, 53)))
                .build());
    }

    @AfterEach
    void stop() {
        reconciler.close();
        node.kernel.assertQuiescent();
    }

    @Test
    void deletesTheFlowsToAnEndpointThatIsGoneAndKeepsTheOthers() {
        flow(1000, VIP, 53, STAYS);
        flow(1001, VIP, 53, GOES);
        flow(1002, VIP, 54, GOES);
        flow(1003, "10.96.0.54", 53, GOES);
        node.kernel.conntrack().add(entry(ConntrackTuple.tcp(ip(CLIENT), 1004, ip(VIP), 53), STAYS));

        dns(STAYS);
        SyncReport report = reconciler.sync();

        assertThat(report.failures()).isEmpty();
        assertThat(clientPorts()).containsExactly(1000, 1002, 1003, 1004);
    }

    @Test
    void deletesTheFlowsThatLedNowhereWhenTheFirstEndpointComes() {
        dns();
        reconciler.sync();
        flow(1000, VIP, 53, VIP);

        dns(STAYS);
        reconciler.sync();

        assertThat(clientPorts()).isEmpty();
    }

    @Test
    void deletesTheFlowsOfAServiceThatLostAllEndpointsOrIsGone() {
        flow(1000, VIP, 53, STAYS);
        dns();
        reconciler.sync();
        assertThat(clientPorts()).isEmpty();

        dns(STAYS);
        reconciler.sync();
        flow(1001, VIP, 53, STAYS);
        reconciler.removeService(name("dns"));
        reconciler.sync();

        assertThat(clientPorts()).isEmpty();
    }

    @Test
    void looksAtNodePortsOnTheNodesAddressesOnly() {
        reconciler.put(
                nodePort("np", TransportProtocol.UDP, 30_053, "10.96.0.9").build());
        reconciler.put(slice("np", TransportProtocol.UDP, remote(STAYS), remote(GOES)));
        reconciler.sync();
        flow(1000, "192.168.1.10", 30_053, GOES);
        flow(1001, "192.168.1.10", 30_053, STAYS);
        flow(1002, "203.0.113.9", 30_053, GOES);

        reconciler.put(slice("np", TransportProtocol.UDP, remote(STAYS)));
        reconciler.sync();

        assertThat(clientPorts()).containsExactly(1001, 1002);
    }

    @Test
    void deletesAfterARestartTheFlowsToEndpointsThatWentMeanwhile() {
        flow(1000, VIP, 53, STAYS);
        flow(1001, VIP, 53, "10.244.1.99");
        reconciler.close();

        start();
        dns(STAYS, GOES);
        reconciler.sync();

        assertThat(clientPorts()).containsExactly(1000);
    }

    @Test
    void listsTheTableOnceHoweverManyServersLostEndpointsAndNotAtAllIfNoneDid() {
        for (int i = 1; i <= 20; i++) {
            udp(i, STAYS, GOES);
        }
        reconciler.sync();
        node.steps.clear();
        for (int i = 1; i <= 20; i++) {
            udp(i, STAYS);
        }
        reconciler.sync();
        assertThat(node.steps).containsOnlyOnce("NETFILTER");

        node.steps.clear();
        udp(1, STAYS, "10.244.1.8");
        reconciler.sync();
        assertThat(node.steps).containsExactly("GENERIC");
    }

    @Test
    void triesAgainWhatCouldNotBeDeleted() {
        flow(1001, VIP, 53, GOES);
        dns(STAYS);
        // The first request lists, the second deletes.
        node.kernel.faults(NetlinkProtocol.NETFILTER).failRequest(2, Errno.EBUSY);
        assertThat(reconciler.sync().failures())
                .singleElement()
                .satisfies(failure -> assertThat(failure.reason()).contains("10.96.0.53", "EBUSY"));

        assertThat(reconciler.sync().failures()).isEmpty();

        assertThat(clientPorts()).isEmpty();
    }

    @Test
    void triesAgainWhereTheTableCouldNotBeListed() {
        flow(1001, VIP, 53, GOES);
        dns(STAYS);
        node.kernel.faults(NetlinkProtocol.NETFILTER).failRequest(1, Errno.EBUSY);
        assertThat(reconciler.sync().failures())
                .singleElement()
                .satisfies(failure -> assertThat(failure.reason()).contains("flows of IPV4", "EBUSY"));

        assertThat(reconciler.sync().failures()).isEmpty();

        assertThat(clientPorts()).isEmpty();
    }

    @Test
    void deletesTheFlowsToAnotherPortOfAnEndpoint() {
        flow(1000, VIP, 53, STAYS);
        EndpointPort moved = new EndpointPort("http", TransportProtocol.UDP, 8081);
        EndpointSlice before = slice("dns", TransportProtocol.UDP, remotes(STAYS));
        reconciler.put(
                new EndpointSlice(before.name(), "dns", before.family(), List.of(moved), before.endpoints(), Map.of()));

        assertThat(reconciler.sync().failures()).isEmpty();

        assertThat(clientPorts()).isEmpty();
    }

    @Test
    void namesTheModuleOnceWhereTheKernelCannotListFlows() throws IOException {
        SimulatedKernel kernel =
                SimulatedKernel.builder().withoutModule("nf_conntrack_netlink").build();
        SimulatedNode bare = new SimulatedNode(proc.resolve("bare"), kernel);
        try (Reconciler other = bare.start()) {
            other.put(service("dns", VIP)
                    .ports(List.of(ServicePort.of("http", TransportProtocol.UDP, 53)))
                    .build());

            assertThat(other.sync().failures())
                    .singleElement()
                    .satisfies(failure -> assertThat(failure.reason()).contains("nf_conntrack_netlink"));
            assertThat(other.sync().failures()).isEmpty();
            assertThat(bare.servers()).hasSize(1);
        }
    }

    private void udp(int number, String... endpoints) {
        String name = "udp" + number;
        reconciler.put(service(name, "10.96.1." + number)
                .ports(List.of(ServicePort.of("http", TransportProtocol.UDP, 53)))
                .build());
        reconciler.put(slice(name, TransportProtocol.UDP, remotes(endpoints)));
    }

    private void dns(String... endpoints) {
        reconciler.put(slice("dns", TransportProtocol.UDP, remotes(endpoints)));
    }

    private static Endpoint[] remotes(String... addresses) {
        return List.of(addresses).stream().map(Samples::remote).toArray(Endpoint[]::new);
    }

    private void flow(int clientPort, String to, int port, String server) {
        node.kernel.conntrack().add(entry(ConntrackTuple.udp(ip(CLIENT), clientPort, ip(to), port), server));
    }

    static ConntrackEntry entry(ConntrackTuple original, String server) {
        ConntrackTuple reply = new ConntrackTuple(
                ip(server),
                original.source(),
                original.protocol(),
                new ConntrackTuple.Ports(8080, original.sourcePort()));
        return new ConntrackEntry(
                original, reply, ConntrackEntry.Zone.DEFAULT, CONFIRMED, 0, Duration.ofSeconds(30), 0);
    }

    private static IpAddress ip(String text) {
        return IpAddress.of(text);
    }

    private List<Integer> clientPorts() {
        return node.kernel.conntrack().entries().stream()
                .map(entry -> entry.original().sourcePort())
                .sorted()
                .toList();
    }
}
