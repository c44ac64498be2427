// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import static io.github.ipvs4j.reconciler.Samples.local;
import static io.github.ipvs4j.reconciler.Samples.name;
import static io.github.ipvs4j.reconciler.Samples.nodePort;
import static io.github.ipvs4j.reconciler.Samples.remote;
import static io.github.ipvs4j.reconciler.Samples.service;
import static io.github.ipvs4j.reconciler.Samples.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.ipvs.TransportProtocol;
import io.github.ipvs4j.netlink.IpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a sync does to a node, on the simulated kernel. */
class ReconcilerTest extends OnSimulatedNode {
    @Test
    void bringsServicesIntoTheKernel() {
        putWeb(remote("10.244.1.5"), local("10.244.2.6"));

        SyncReport report = reconciler.sync();

        assertThat(report.failures()).isEmpty();
        assertThat(node.servers())
                .containsExactly(
                        "-A -t 10.96.0.1:80 -s rr",
                        "-A -t 192.168.1.10:30080 -s rr",
                        "-a -t 10.96.0.1:80 -r 10.244.1.5:8080 -m -w 1",
                        "-a -t 10.96.0.1:80 -r 10.244.2.6:8080 -m -w 1",
                        "-a -t 192.168.1.10:30080 -r 10.244.1.5:8080 -m -w 1",
                        "-a -t 192.168.1.10:30080 -r 10.244.2.6:8080 -m -w 1");
        assertThat(node.addresses()).containsExactly("10.96.0.1/32");
        assertThat(node.entries())
                .containsExactly(
                        "KUBE-CLUSTER-IP 10.96.0.1,tcp:80",
                        "KUBE-IPVS-IPS 10.96.0.1",
                        "KUBE-LOOP-BACK 10.244.2.6,tcp:8080,10.244.2.6",
                        "KUBE-NODE-PORT-TCP 30080");
        assertThat(node.iptables.chain("iptables", "nat", "KUBE-SERVICES")).hasSize(4);
        assertThat(node.iptables.chain("ip6tables", "nat", "KUBE-SERVICES")).hasSize(2);
        assertThat(node.iptables.chain("iptables", "filter", "INPUT")).hasSize(3);
        assertThat(node.kernel.links().save()).contains("kube-ipvs0 dummy down");
        assertThat(node.proc("sys/net/ipv4/vs/conntrack")).hasContent("1");
        assertThat(node.proc("sys/net/ipv4/ip_forward")).hasContent("1");
    }

    @Test
    void createsTheSetsOfBothFamiliesThoughNothingIsInThem() {
        reconciler.sync();

        assertThat(node.kernel.ipsets().save().lines().filter(line -> line.startsWith("create ")))
                .hasSize(34)
                .contains(
                        "create KUBE-6-LOOP-BACK hash:ip,port,ip family inet6 hashsize 1024 maxelem 65536",
                        "create KUBE-HEALTH-CHECK-NODE-PORT bitmap:port range 0-65535");
    }

    @Test
    void doesNothingWhereNothingChanged() {
        putWeb(remote("10.244.1.5"));
        reconciler.sync();
        node.steps.clear();

        putWeb(remote("10.244.1.5"));
        SyncReport report = reconciler.sync();

        assertThat(report.changed()).isZero();
        assertThat(node.steps).isEmpty();
    }

    @Test
    void touchesTheKernelOnlyWithWhatDiffers() {
        for (int i = 1; i <= 50; i++) {
            reconciler.put(service("s" + i, "10.96.1." + i).build());
            reconciler.put(slice("s" + i, remote("10.244.1." + i)));
        }
        putWeb(remote("10.244.1.5"));
        reconciler.sync();
        node.steps.clear();

        putWeb(remote("10.244.1.5"), remote("10.244.1.6"));
        SyncReport report = reconciler.sync();

        assertThat(report.changed()).isEqualTo(2);
        assertThat(node.steps).containsExactly("GENERIC");
    }

    @Test
    void reachesTheRulesFirstThenTheSetsThenTheAddressesThenTheServers() {
        reconciler.sync();
        node.steps.clear();

        putWeb(local("10.244.1.5"));
        reconciler.sync();

        // Before anything it asks whether somebody else has the virtual servers already.
        assertThat(node.steps.stream().dropWhile("GENERIC"::equals).distinct())
                .containsExactly("iptables-restore", "NETFILTER", "ROUTE", "GENERIC");
    }

    @Test
    void removesTheOtherWayRound() {
        putWeb(local("10.244.1.5"));
        reconciler.sync();
        node.steps.clear();

        reconciler.removeService(name("web"));
        reconciler.removeEndpointSlice(name("web-1-IPV4"));
        reconciler.sync();

        assertThat(node.steps.stream().distinct()).containsExactly("GENERIC", "ROUTE", "NETFILTER", "iptables-restore");
        assertThat(node.servers()).isEmpty();
        assertThat(node.addresses()).isEmpty();
        assertThat(node.entries()).isEmpty();
        assertThat(node.iptables.chain("iptables", "nat", "KUBE-SERVICES")).hasSize(2);
    }

    @Test
    void runsNoProgramWhereTheRulesStayTheSame() {
        putWeb(local("10.244.1.5"));
        reconciler.sync();
        node.iptables.runs.clear();

        reconciler.put(service("other", "10.96.0.2").build());
        reconciler.put(slice("other", local("10.244.1.7")));
        reconciler.sync();
        reconciler.removeService(name("other"));
        reconciler.sync();

        assertThat(node.iptables.runs).isEmpty();
    }

    @Test
    void keepsAnAddressThatAnotherServiceStillHas() {
        reconciler.put(service("a", "10.96.0.1").build());
        reconciler.put(service("b", "10.96.0.1")
                .ports(List.of(ServicePort.of("http", TransportProtocol.UDP, 80)))
                .build());
        reconciler.sync();

        reconciler.removeService(name("a"));
        reconciler.sync();

        assertThat(node.addresses()).containsExactly("10.96.0.1/32");
        assertThat(node.servers()).containsExactly("-A -u 10.96.0.1:80 -s rr");
        assertThat(node.entries()).containsExactly("KUBE-CLUSTER-IP 10.96.0.1,udp:80", "KUBE-IPVS-IPS 10.96.0.1");
    }

    @Test
    void editsAVirtualServerInPlace() {
        putWeb(local("10.244.1.5"));
        reconciler.sync();
        node.steps.clear();

        reconciler.put(nodePort("web", TransportProtocol.TCP, 30_080, "10.96.0.1")
                .affinity(SessionAffinity.clientIp(Duration.ofMinutes(5)))
                .build());
        SyncReport report = reconciler.sync();

        assertThat(report.changed()).isEqualTo(2);
        assertThat(node.servers()).contains("-A -t 10.96.0.1:80 -s rr -p 300");
    }

    @Test
    void followsTheNodesAddressesWhenItLooksAgain() {
        putWeb(local("10.244.1.5"));
        reconciler.sync();
        node.kernel.links().addHardware("eth1");
        node.kernel.links().addAddress("eth1", IpAddress.of("172.16.0.1"), 16);

        SyncReport report = reconciler.resync();

        assertThat(report.changed()).isEqualTo(2);
        assertThat(node.servers()).contains("-a -t 172.16.0.1:30080 -r 10.244.1.5:8080 -m -w 1");
    }

    @Test
    void repairsRulesAndSettingsThatOthersUndidWhenItLooksAgain() throws IOException {
        reconciler.sync();
        Files.writeString(node.proc("sys/net/ipv4/vs/conntrack"), "0");
        node.iptables.chain("iptables", "filter", "INPUT").clear();
        node.iptables.chain("ip6tables", "nat", "KUBE-MARK-MASQ").clear();
        assertThat(reconciler.sync().changed()).isZero();

        assertThat(reconciler.resync().changed()).isEqualTo(3);

        assertThat(node.iptables.chain("iptables", "filter", "INPUT")).hasSize(3);
        assertThat(node.iptables.chain("ip6tables", "nat", "KUBE-MARK-MASQ")).hasSize(1);
        assertThat(node.proc("sys/net/ipv4/vs/conntrack")).hasContent("1");
    }

    @Test
    void followsTheZoneOfTheNode() {
        Endpoint near = hinted("10.244.1.5", "zone-a");
        Endpoint far = hinted("10.244.1.6", "zone-b");
        reconciler.put(service("web", "10.96.0.1").build());
        reconciler.put(slice("web", near, far));
        reconciler.sync();
        assertThat(node.servers()).hasSize(3);

        reconciler.put(new Node("node-a", List.of(), Map.of("topology.kubernetes.io/zone", "zone-a"), List.of()));
        reconciler.sync();

        assertThat(node.servers())
                .containsExactly("-A -t 10.96.0.1:80 -s rr", "-a -t 10.96.0.1:80 -r 10.244.1.5:8080 -m -w 1");
    }

    @Test
    void leavesIpv6AloneWhereTheKernelHasNone() throws IOException {
        Files.delete(node.proc("net/if_inet6"));
        reconciler.put(service("web", "10.96.0.1", "fd00::1").build());

        SyncReport report = reconciler.sync();

        assertThat(report.failures()).isEmpty();
        assertThat(node.servers()).containsExactly("-A -t 10.96.0.1:80 -s rr");
        assertThat(node.iptables.runs).noneMatch(run -> run.startsWith("ip6tables"));
        assertThat(node.kernel.ipsets().save()).doesNotContain("KUBE-6-");
    }

    @Test
    void takesIpv6InAtTheNextLookAfterIp6tablesWasInstalled() throws IOException {
        SimulatedNode bare = new SimulatedNode(proc.resolve("bare"));
        bare.iptables.uninstall("ip6tables");
        try (Reconciler other = bare.start()) {
            other.put(service("web", "10.96.0.1", "fd00::1").build());
            assertThat(other.sync().failures()).isEmpty();
            assertThat(bare.servers()).hasSize(1);

            bare.iptables.install("ip6tables");
            other.resync();

            assertThat(bare.servers()).hasSize(2);
        }
    }

    @Test
    void leavesTheKernelAsItIsWhenClosed() throws IOException {
        putWeb(local("10.244.1.5"));
        reconciler.sync();
        String before = node.everything();

        reconciler.close();
        reconciler.close();

        assertThat(node.everything()).isEqualTo(before);
    }

    private void putWeb(Endpoint... endpoints) {
        reconciler.put(
                nodePort("web", TransportProtocol.TCP, 30_080, "10.96.0.1").build());
        reconciler.put(slice("web", endpoints));
    }

    private static Endpoint hinted(String address, String zone) {
        return new Endpoint(IpAddress.of(address), true, true, false, "node-b", Set.of(zone), Set.of());
    }
}
