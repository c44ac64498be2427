// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.lab;

import static io.github.ipvs4j.it.lab.Protocol.HTTP;
import static io.github.ipvs4j.it.lab.Protocol.SCTP;
import static io.github.ipvs4j.it.lab.Protocol.TCP;
import static io.github.ipvs4j.it.lab.Protocol.UDP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@LabTest
class TopologyTest {

    private static final Protocol.Listener[] ALL = {HTTP.on(80), TCP.on(81), UDP.on(81), SCTP.on(81)};

    private static int port(Protocol protocol) {
        return protocol == HTTP ? 80 : 81;
    }

    @ParameterizedTest
    @EnumSource
    void answersFromPodToPodInBothFamilies(Protocol protocol, Topology topology) {
        Pod server = topology.pod("server").serve(ALL);
        Pod client = topology.pod("client");

        Peer ipv4 = client.askForPeer(protocol, server.ipv4(), port(protocol));
        Peer ipv6 = client.askForPeer(protocol, server.ipv6(), port(protocol));

        assertThat(ipv4.answeredBy()).isEqualTo("server");
        assertThat(ipv4.address()).isEqualTo(client.ipv4());
        assertThat(ipv6.answeredBy()).isEqualTo("server");
        assertThat(ipv6.address()).isEqualTo(client.ipv6());
    }

    @Test
    void answersAcrossNodes(Topology topology) {
        Pod near = topology.pod("near").serve(HTTP.on(80));
        Pod far = topology.secondNode().pod("far").serve(HTTP.on(80));

        assertThat(near.curl("http://" + far.ipv4())).isEqualTo("far\n");
        assertThat(far.curl("http://[" + near.ipv6() + "]")).isEqualTo("near\n");
        assertThat(topology.node().curl("http://" + far.ipv4())).isEqualTo("far\n");
        assertThat(topology.secondNode().askForPeer(HTTP, near.ipv4(), 80).address())
                .isEqualTo(topology.secondNode().ipv4());
    }

    @ParameterizedTest
    @EnumSource
    void balancesThroughVirtualServerInBothFamilies(Protocol protocol, Topology topology) {
        Pod one = topology.pod("one").serve(ALL);
        Pod two = topology.secondNode().pod("two").serve(ALL);
        Pod client = topology.pod("client");
        virtualServer(topology, protocol, "10.96.0.10", List.of(one.ipv4(), two.ipv4()));
        virtualServer(topology, protocol, "[fd00:96::10]", List.of("[" + one.ipv6() + "]", "[" + two.ipv6() + "]"));
        Map<String, Long> evenly = Map.of("one", 3L, "two", 3L);

        assertThat(client.ask(protocol, "10.96.0.10", port(protocol), 6).byName())
                .isEqualTo(evenly);
        assertThat(client.ask(protocol, "fd00:96::10", port(protocol), 6).byName())
                .isEqualTo(evenly);
    }

    @Test
    @NeedsIptables
    void balancesFromNodeToPodsOnBothNodes(Topology topology) {
        Pod one = topology.pod("one").serve(ALL);
        Pod two = topology.secondNode().pod("two").serve(ALL);
        virtualServer(topology, HTTP, "10.96.0.10", List.of(one.ipv4(), two.ipv4()));
        // The node asks with the Service's own address, which the second node cannot answer.
        masquerade(topology, "--source", "10.96.0.10");

        assertThat(topology.node().ask(HTTP, "10.96.0.10", 80, 6).byName()).isEqualTo(Map.of("one", 3L, "two", 3L));
    }

    private static void masquerade(Topology topology, String... match) {
        List<String> words = new ArrayList<>(List.of("iptables", "-t", "nat", "-A", "POSTROUTING"));
        words.addAll(List.of(match));
        words.addAll(List.of("-j", "MASQUERADE"));
        topology.node().run(words.toArray(String[]::new));
    }

    private static void virtualServer(Topology topology, Protocol protocol, String address, List<String> pods) {
        int port = port(protocol);
        String option = protocol == UDP ? "-u" : protocol == SCTP ? "--sctp-service" : "-t";
        Node node = topology.node();
        node.attempt("ip", "link", "add", "kube-ipvs0", "type", "dummy");
        node.configure("address add %s dev kube-ipvs0".formatted(address.replaceAll("[\\[\\]]", "")));
        node.run("sh", "-c", "echo 1 >/proc/sys/net/ipv4/vs/conntrack");
        String service = "%s %s:%d".formatted(option, address, port);
        StringBuilder commands = new StringBuilder("-A %s -s rr%n".formatted(service));
        pods.forEach(pod -> commands.append("-a %s -r %s:%d -m%n".formatted(service, pod, port)));
        node.feed(commands.toString(), "ipvsadm", "--restore");
    }

    @Test
    @NeedsIptables
    void letsPodReachItselfThroughItsService(Topology topology) {
        Pod pod = topology.pod("pod").serve(HTTP.on(80));
        virtualServer(topology, HTTP, "10.96.0.10", List.of(pod.ipv4()));
        masquerade(topology, "--source", pod.ipv4(), "--destination", pod.ipv4());

        assertThat(pod.curl("http://10.96.0.10")).isEqualTo("pod\n");
    }

    @Test
    void countsRequestsThatHaveNoAnswer(Topology topology) {
        Pod silent = topology.pod("silent");

        Answers answers = topology.node().ask(TCP, silent.ipv4(), 81, 2);

        assertThat(answers.names()).isEmpty();
        assertThat(answers.failures()).hasSize(2).allMatch(line -> line.contains("Connection refused"));
        assertThatThrownBy(() -> topology.node().askForPeer(TCP, silent.ipv4(), 81))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Connection refused");
    }

    @Test
    void keepsAskingUntilStopped(Topology topology) {
        Pod server = topology.pod("server").serve(HTTP.on(80), TCP.on(81));
        Pod client = topology.pod("client");
        try (Requests many = client.keepAsking(HTTP, server.ipv4(), 80);
                Requests one = client.keepAskingOverOneConnection(TCP, server.ipv4(), 81, Duration.ofMillis(5))) {
            many.await(5);
            one.await(5);

            assertThat(many.stop().byName().get("server")).isGreaterThan(5);
            Answers kept = one.stop();
            assertThat(kept.failures()).isEmpty();
            assertThat(kept.names()).hasSizeGreaterThan(5).containsOnly("server");
        }
    }

    @Test
    void noticesServerThatGoesAway(Topology topology) {
        Pod client = topology.pod("client");
        EchoServer server = EchoServer.start(topology.node(), "here", TCP.on(9000));
        try (Requests requests =
                client.keepAskingOverOneConnection(TCP, topology.node().ipv4(), 9000, Duration.ofMillis(5))) {
            server.close();
            // Answers that came before may not have been read yet.
            for (int i = 0; i < 1000 && requests.soFar().failures().isEmpty(); i++) {
                requests.await(1);
            }

            assertThat(requests.stop().failures()).isNotEmpty();
        }
    }

    private static String devices() {
        return Place.HERE.run("ls", "/sys/class/net");
    }

    @Test
    void leavesNoDevicesOrNamespacesWhenClosed() {
        try (Topology topology = Topology.create()) {
            topology.pod("a").serve(HTTP.on(80));
            topology.secondNode().pod("b").serve(HTTP.on(80));
        }

        assertThat(Place.HERE.run("ip", "netns")).isEmpty();
        // What was on a cable into a namespace goes a moment after that.
        long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (devices().contains("veth") && System.nanoTime() < patience) {
            Thread.onSpinWait();
        }
        assertThat(devices()).doesNotContain("eth0", "cni0", "veth");
        assertThat(Place.HERE.attempt("pidof", "-x", "echo-server.py").output()).isEmpty();
    }
}
