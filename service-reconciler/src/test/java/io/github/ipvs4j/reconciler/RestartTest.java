// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import static io.github.ipvs4j.reconciler.Samples.local;
import static io.github.ipvs4j.reconciler.Samples.nodePort;
import static io.github.ipvs4j.reconciler.Samples.remote;
import static io.github.ipvs4j.reconciler.Samples.service;
import static io.github.ipvs4j.reconciler.Samples.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.ipset.IpsetClient;
import io.github.ipvs4j.ipset.SetDefinition;
import io.github.ipvs4j.ipset.SetEntry;
import io.github.ipvs4j.ipset.SetProtocol;
import io.github.ipvs4j.ipvs.Destination;
import io.github.ipvs4j.ipvs.IpvsClient;
import io.github.ipvs4j.ipvs.IpvsState;
import io.github.ipvs4j.ipvs.OnFailure;
import io.github.ipvs4j.ipvs.Ownership;
import io.github.ipvs4j.ipvs.Plan;
import io.github.ipvs4j.ipvs.Scheduler;
import io.github.ipvs4j.ipvs.ServiceKey;
import io.github.ipvs4j.ipvs.TransportProtocol;
import io.github.ipvs4j.ipvs.VirtualServer;
import io.github.ipvs4j.ipvs.VirtualService;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.NetlinkClient;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.netlink.SocketFailed;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a first sync makes of what it finds. */
class RestartTest {
    @TempDir
    private Path proc;

    private SimulatedNode node;

    @BeforeEach
    void prepare() throws IOException {
        node = new SimulatedNode(proc);
    }

    @AfterEach
    void nothingIsLeftOpen() {
        node.kernel.assertQuiescent();
    }

    @Test
    void changesNothingWhereAllIsAsItShouldBe() throws IOException {
        run(Content.ALL);
        String before = node.everything();
        node.steps.clear();

        SyncReport report = run(Content.ALL);

        assertThat(report.changed()).isZero();
        assertThat(report.failures()).isEmpty();
        assertThat(node.everything()).isEqualTo(before);
        assertThat(node.steps).doesNotContain("iptables-restore", "ip6tables-restore");
    }

    @Test
    void removesWhatAnEarlierRunMadeAndNobodyWants() throws IOException {
        run(Content.NOTHING);
        String empty = node.everything();
        run(Content.ALL);

        run(Content.NOTHING);

        assertThat(node.everything()).isEqualTo(empty);
    }

    @ParameterizedTest
    @CsvSource({"NOTHING, ALL, 7", "ALL, OTHER, 1", "ALL, NOTHING, 7"})
    void completesWhatAKilledRunLeftWhereverItWasKilledAndKeepsWhatDidNotChange(
            Content before, Content after, int stride) throws IOException {
        run(before);
        Set<String> kept = new HashSet<>(node.servers());
        run(after);
        kept.retainAll(node.servers());
        String whole = node.everything();
        int steps = 0;
        boolean died = true;
        while (died) {
            SimulatedNode other = new SimulatedNode(proc.resolve("node" + steps));
            start(other, before);
            Set<String> lost = new HashSet<>();
            other.dieAfter(steps);
            other.afterStep(() -> kept.stream()
                    .filter(line -> !other.servers().contains(line))
                    .forEach(lost::add));
            startMortal(other, after);
            died = other.dead();
            other.dieAfter(Integer.MAX_VALUE);

            SyncReport report = start(other, after);

            assertThat(report.failures()).isEmpty();
            assertThat(lost)
                    .as("lost though wanted, killed after %s steps", steps)
                    .isEmpty();
            assertThat(withoutFolder(other)).as("killed after %s steps", steps).isEqualTo(whole);
            other.kernel.assertQuiescent();
            steps += stride;
        }
        assertThat(steps).isGreaterThan(40);
    }

    @Test
    void neverTouchesVirtualServersOfOthers() {
        List<VirtualServer> foreign = List.of(
                server(ServiceKey.tcp(IpAddress.of("203.0.113.5"), 80)),
                server(ServiceKey.tcp(IpAddress.of("192.168.1.10"), 8443)),
                server(ServiceKey.udp(IpAddress.of("192.168.1.10"), 30_080)),
                server(ServiceKey.tcp(IpAddress.of("172.16.0.9"), 30_080)),
                server(ServiceKey.tcp(IpAddress.of("fd00:1::10"), 30_081)),
                server(ServiceKey.firewallMark(IpFamily.IPV4, 77)));
        make(foreign);
        List<String> before = node.servers();

        run(Content.ALL);
        assertThat(node.servers()).containsAll(before);
        run(Content.NOTHING);

        assertThat(node.servers()).containsExactlyElementsOf(before);
    }

    @Test
    void leavesAloneADeviceOfAnotherKindAndTheVirtualServersOnItsAddresses() {
        node.kernel.links().addHardware("kube-ipvs0");
        node.kernel.links().addAddress("kube-ipvs0", IpAddress.of("203.0.113.5"), 24);
        make(List.of(server(ServiceKey.tcp(IpAddress.of("203.0.113.5"), 80))));
        List<String> servers = node.servers();
        String links = node.kernel.links().save();

        try (Reconciler reconciler = node.start()) {
            assertThat(reconciler.sync().failures()).isEmpty();
            assertThat(node.servers()).isEqualTo(servers);
            assertThat(reconciler.cleanup().failures()).hasSize(1);
        }

        assertThat(node.servers()).isEqualTo(servers);
        assertThat(node.kernel.links().save()).isEqualTo(links);
    }

    @Test
    void removesVirtualServersOnAddressesOfItsDevice() {
        run(Content.WEB);
        make(List.of(server(ServiceKey.tcp(IpAddress.of("10.96.0.1"), 81))));

        run(Content.NOTHING);

        assertThat(node.servers()).isEmpty();
    }

    @Test
    void removesVirtualServersThatItsSetsKnowThoughTheirAddressIsGone() {
        make(List.of(server(ServiceKey.udp(IpAddress.of("10.96.99.99"), 53))));
        try (IpsetClient ipset = ipset()) {
            ipset.create(SetDefinition.hashIpPort("KUBE-CLUSTER-IP", IpFamily.IPV4));
            ipset.add(
                    "KUBE-CLUSTER-IP", List.of(new SetEntry.IpPort(IpAddress.of("10.96.99.99"), SetProtocol.UDP, 53)));
        }

        run(Content.NOTHING);

        assertThat(node.servers()).isEmpty();
        assertThat(node.entries()).isEmpty();
    }

    @Test
    void repairsWhatOthersChangedInItsOwn() throws IOException {
        run(Content.ALL);
        String before = node.everything();
        ServiceKey web = ServiceKey.tcp(IpAddress.of("10.96.0.1"), 80);
        try (IpvsClient ipvs = ipvs()) {
            ipvs.updateService(VirtualService.of(web, Scheduler.WEIGHTED_LEAST_CONNECTION)
                    .withPersistence(Duration.ofSeconds(99)));
            ipvs.updateDestination(
                    web,
                    Destination.masquerade(IpAddress.of("10.244.1.5"), 8080).withWeight(7));
            ipvs.addDestination(web, Destination.masquerade(IpAddress.of("10.244.9.9"), 8080));
            ipvs.deleteService(ServiceKey.udp(IpAddress.of("10.96.0.53"), 53));
        }
        try (IpsetClient ipset = ipset()) {
            ipset.flush("KUBE-LOOP-BACK");
            ipset.add("KUBE-NODE-PORT-TCP", List.of(new SetEntry.Port(1)));
        }
        node.iptables.chain("iptables", "nat", "KUBE-SERVICES").clear();
        node.iptables.chain("iptables", "filter", "INPUT").remove(1);
        node.iptables.chain("iptables", "filter", "INPUT").add("-p tcp --dport 22 -j ACCEPT");
        run(Content.ALL);

        List<String> input = node.iptables.chain("iptables", "filter", "INPUT");
        assertThat(input).hasSize(4).endsWith("-p tcp --dport 22 -j ACCEPT");
        assertThat(String.join("\n", node.servers())).doesNotContain("wlc", "-w 7", "10.244.9.9");
        input.remove(3);
        // The jump that was missing now stands first.
        input.add(1, input.remove(0));
        assertThat(node.everything()).isEqualTo(before);
    }

    @Test
    void looksPastSetsOfOthers() {
        try (IpsetClient ipset = ipset()) {
            ipset.create(SetDefinition.hashIp("KUBE-OLD", IpFamily.IPV4));
            ipset.add("KUBE-OLD", List.of(new SetEntry.Ip(IpAddress.of("10.0.0.1"))));
        }

        run(Content.NOTHING);

        assertThat(node.entries()).containsExactly("KUBE-OLD 10.0.0.1");
    }

    private enum Content {
        NOTHING,
        WEB,
        ALL,
        OTHER
    }

    private SyncReport run(Content content) {
        return start(node, content);
    }

    private static SyncReport start(SimulatedNode on, Content content) {
        try (Reconciler reconciler = on.start()) {
            feed(reconciler, content);
            return reconciler.sync();
        }
    }

    /** A process that may die at any time, even before it begins. */
    private static void startMortal(SimulatedNode on, Content content) {
        try (Reconciler reconciler = on.start()) {
            feed(reconciler, content);
            reconciler.sync();
        } catch (SocketFailed killed) {
            assertThat(killed).hasMessageContaining("killed");
        }
    }

    private static void feed(Reconciler reconciler, Content content) {
        if (content != Content.NOTHING) {
            reconciler.put(service("web", "10.96.0.1").build());
            reconciler.put(slice("web", local("10.244.1.5"), remote("10.244.1.6")));
        }
        if (content == Content.OTHER) {
            reconciler.put(
                    nodePort("np", TransportProtocol.TCP, 30_081, "10.96.0.2").build());
            reconciler.put(slice("np", local("10.244.1.7"), local("10.244.1.17")));
            reconciler.put(
                    nodePort("udp", TransportProtocol.UDP, 30_091, "10.96.0.4").build());
        }
        if (content == Content.ALL) {
            reconciler.put(nodePort("np", TransportProtocol.TCP, 30_080, "10.96.0.2", "fd00:96::2")
                    .build());
            reconciler.put(slice("np", local("10.244.1.7")));
            reconciler.put(slice("np", local("fd00:244:1::7")));
            reconciler.put(nodePort("sctp", TransportProtocol.SCTP, 30_090, "10.96.0.3")
                    .externalPolicy(TrafficPolicy.LOCAL)
                    .build());
            reconciler.put(slice("sctp", TransportProtocol.SCTP, local("10.244.1.8")));
            reconciler.put(service("dns", "10.96.0.53")
                    .ports(List.of(ServicePort.of("http", TransportProtocol.UDP, 53)))
                    .affinity(SessionAffinity.clientIp(Duration.ofMinutes(1)))
                    .build());
            reconciler.put(slice("dns", TransportProtocol.UDP, remote("10.244.1.9")));
        }
    }

    private String withoutFolder(SimulatedNode other) throws IOException {
        return other.everything()
                .replace(other.proc("").toString(), node.proc("").toString());
    }

    private static VirtualServer server(ServiceKey key) {
        IpAddress address = IpAddress.of(key.family() == IpFamily.IPV4 ? "10.9.9.9" : "fd00:9::9");
        return VirtualServer.of(VirtualService.of(key, Scheduler.ROUND_ROBIN), Destination.masquerade(address, 8080));
    }

    private void make(List<VirtualServer> servers) {
        try (IpvsClient ipvs = ipvs()) {
            ipvs.apply(
                    Plan.between(IpvsState.EMPTY, IpvsState.of(servers), Ownership.everything()), OnFailure.ROLL_BACK);
        }
    }

    private IpvsClient ipvs() {
        return IpvsClient.open(NetlinkClient.builder(NetlinkProtocol.GENERIC).transport(node.kernel.transports()));
    }

    private IpsetClient ipset() {
        return IpsetClient.open(NetlinkClient.builder(NetlinkProtocol.NETFILTER).transport(node.kernel.transports()));
    }
}
