// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import static io.github.ipvs4j.reconciler.Samples.local;
import static io.github.ipvs4j.reconciler.Samples.nodePort;
import static io.github.ipvs4j.reconciler.Samples.remote;
import static io.github.ipvs4j.reconciler.Samples.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.ipvs.TransportProtocol;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpPrefix;
import io.github.ipvs4j.testkit.SimulatedKernel;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Node ports, and on which of the node's addresses they are; see {@link ScenariosTest} for the numbers. */
class NodePortScenarioTest extends OnSimulatedNode {
    private static final String V4 = "100.101.102.103";
    private static final String V6 = "2001:db8::1:1";
    private static final String ACCEPTS_HEALTH_CHECKS = "-m set --match-set KUBE-HEALTH-CHECK-NODE-PORT dst -j ACCEPT";

    private NodePortAddresses where = NodePortAddresses.all();

    @Override
    SimulatedNode makeNode() throws IOException {
        return new SimulatedNode(proc, SimulatedKernel.create(), new String[0]);
    }

    @Override
    ReconcilerBuilder configure(ReconcilerBuilder settings) {
        return settings.nodePortAddresses(where);
    }

    @Test
    @Scenario(1)
    void reachesTheServiceOnEachNodeAddressOfItsFamilyAndIgnoresTheOther() {
        node.has("eth0", V4, V6);
        put(
                nodePort("web", TransportProtocol.TCP, 3001, "10.20.30.41"),
                slice("web", remote("10.180.0.1")),
                slice("web", remote("1002:ab8::2:10")));
        sync();

        assertThat(node.servers())
                .containsExactly(
                        "-A -t 10.20.30.41:80 -s rr",
                        "-A -t 100.101.102.103:3001 -s rr",
                        "-a -t 10.20.30.41:80 -r 10.180.0.1:8080 -m -w 1",
                        "-a -t 100.101.102.103:3001 -r 10.180.0.1:8080 -m -w 1");
    }

    @Test
    @Scenario({2, 3})
    void marksWhatComesToAnUdpNodePort() {
        node.has("eth0", V4, V6);
        put(
                nodePort("web", TransportProtocol.UDP, 3001, "10.20.30.41"),
                slice("web", TransportProtocol.UDP, remote("10.180.0.1")));
        sync();

        assertThat(node.entries()).contains("KUBE-NODE-PORT-UDP 3001");
        assertThat(node.rules("nat", "KUBE-NODE-PORT"))
                .containsExactly("-p udp -m set --match-set KUBE-NODE-PORT-UDP dst -j KUBE-MARK-MASQ");
        assertThat(node.rules("filter", "KUBE-NODE-PORT")).containsExactly(ACCEPTS_HEALTH_CHECKS);
        assertThat(node.rules("nat", "KUBE-SERVICES"))
                .containsExactly(
                        "-s 127.0.0.0/8 -j RETURN",
                        "-m set --match-set KUBE-CLUSTER-IP src,dst -j KUBE-MARK-MASQ",
                        "-m addrtype --dst-type LOCAL -j KUBE-NODE-PORT",
                        "-m set --match-set KUBE-CLUSTER-IP dst,dst -j ACCEPT");
    }

    @Test
    @Scenario(4)
    void keepsBothVirtualServersWithoutEndpoints() {
        node.has("eth0", V4, V6);
        put(nodePort("web", TransportProtocol.TCP, 3001, "10.20.30.41"));
        sync();

        assertThat(node.servers()).containsExactly("-A -t 10.20.30.41:80 -s rr", "-A -t 100.101.102.103:3001 -s rr");
    }

    @Test
    @Scenario(5)
    void hasAnEntryForEachNodeAddressOfAnSctpNodePort() {
        node.has("eth0", V4, "100.101.102.104", "100.101.102.105", V6);
        put(
                nodePort("web", TransportProtocol.SCTP, 3001, "10.20.30.41"),
                slice("web", TransportProtocol.SCTP, remote("10.180.0.1")));
        sync();

        assertThat(node.servers()).filteredOn(line -> line.startsWith("-A")).hasSize(4);
        assertThat(node.entries())
                .filteredOn(entry -> entry.contains("SCTP"))
                .containsExactly(
                        "KUBE-NODE-PORT-SCTP-HASH 100.101.102.103,sctp:3001",
                        "KUBE-NODE-PORT-SCTP-HASH 100.101.102.104,sctp:3001",
                        "KUBE-NODE-PORT-SCTP-HASH 100.101.102.105,sctp:3001");
    }

    @Test
    @Scenario(6)
    void keepsSctpOnTheNodeWhereThePolicyIsLocal() {
        node.has("eth0", V4);
        put(
                nodePort("web", TransportProtocol.SCTP, 3001, "10.20.30.41").externalPolicy(TrafficPolicy.LOCAL),
                slice("web", TransportProtocol.SCTP, local("10.180.0.1"), remote("10.180.1.1")));
        sync();

        assertThat(node.destinations("10.20.30.41:80")).containsExactly("10.180.0.1:8080", "10.180.1.1:8080");
        assertThat(node.destinations("100.101.102.103:3001")).containsExactly("10.180.0.1:8080");
        assertThat(node.entries())
                .contains(
                        "KUBE-NODE-PORT-SCTP-HASH 100.101.102.103,sctp:3001",
                        "KUBE-NODE-PORT-LOCAL-SCTP-HASH 100.101.102.103,sctp:3001");
        assertThat(node.rules("nat", "KUBE-NODE-PORT"))
                .containsExactly(
                        "-p sctp -m set --match-set KUBE-NODE-PORT-LOCAL-SCTP-HASH dst,dst -j RETURN",
                        "-p sctp -m set --match-set KUBE-NODE-PORT-SCTP-HASH dst,dst -j KUBE-MARK-MASQ");
    }

    @Test
    @Scenario(7)
    void reachesAnIpv6ServiceByIpv6() {
        node.has("eth0", V4, V6);
        put(nodePort("web", TransportProtocol.TCP, 3001, "2020::1"), slice("web", remote("1002:ab8::2:10")));
        sync();

        assertThat(node.servers())
                .containsExactly(
                        "-A -t [2001:db8::1:1]:3001 -s rr",
                        "-A -t [2020::1]:80 -s rr",
                        "-a -t [2001:db8::1:1]:3001 -r [1002:ab8::2:10]:8080 -m -w 1",
                        "-a -t [2020::1]:80 -r [1002:ab8::2:10]:8080 -m -w 1");
        assertThat(node.entries()).contains("KUBE-6-NODE-PORT-TCP 3001");
    }

    @Test
    @Scenario(8)
    void wantsNothingOfIpv6ForAServiceOfIpv4() {
        node.has("eth0", V4, V6);
        put(nodePort("web", TransportProtocol.TCP, 3001, "10.20.30.41"), slice("web", remote("10.180.0.1")));
        sync();

        assertThat(node.servers()).isNotEmpty().noneMatch(line -> line.contains("["));
        assertThat(node.entries()).isNotEmpty().noneMatch(entry -> entry.startsWith("KUBE-6-"));
        assertThat(node.addresses()).noneMatch(address -> address.contains(":"));
    }

    @Test
    @Scenario(9)
    void keepsAnIpv6NodePortWithoutEndpoints() {
        node.has("eth0", V6);
        put(nodePort("web", TransportProtocol.TCP, 3001, "2020::1"));
        sync();

        assertThat(node.servers()).containsExactly("-A -t [2001:db8::1:1]:3001 -s rr", "-A -t [2020::1]:80 -s rr");
    }

    @Test
    @Scenario(10)
    void hasAnEntryForEachIpv6AddressOfAnSctpNodePort() {
        node.has("eth0", V6, "2001:db8::1:2");
        put(
                nodePort("web", TransportProtocol.SCTP, 3001, "2020::1"),
                slice("web", TransportProtocol.SCTP, remote("1002:ab8::2:10")));
        sync();

        assertThat(node.servers()).filteredOn(line -> line.startsWith("-A")).hasSize(3);
        assertThat(node.entries())
                .filteredOn(entry -> entry.contains("SCTP"))
                .containsExactly(
                        "KUBE-6-NODE-PORT-SCTP-HASH 2001:db8::1:1,sctp:3001",
                        "KUBE-6-NODE-PORT-SCTP-HASH 2001:db8::1:2,sctp:3001");
    }

    @Test
    @Scenario({11, 12})
    void keepsNodePortsOnTheNodeWhereThePolicyIsLocal() {
        within("100.101.102.0/24");
        node.has("eth0", V4, "172.20.0.9");
        put(
                nodePort("web", TransportProtocol.TCP, 3001, "10.20.30.41").externalPolicy(TrafficPolicy.LOCAL),
                slice("web", local("10.180.0.1"), remote("10.180.1.1")));
        sync();

        assertThat(nodePortAddresses()).containsExactly(V4);
        assertThat(node.destinations("100.101.102.103:3001")).containsExactly("10.180.0.1:8080");
        assertThat(node.entries()).contains("KUBE-NODE-PORT-TCP 3001", "KUBE-NODE-PORT-LOCAL-TCP 3001");
        assertThat(node.rules("nat", "KUBE-NODE-PORT"))
                .containsExactly(
                        "-p tcp -m set --match-set KUBE-NODE-PORT-LOCAL-TCP dst -j RETURN",
                        "-p tcp -m set --match-set KUBE-NODE-PORT-TCP dst -j KUBE-MARK-MASQ");
        assertThat(node.rules("filter", "KUBE-NODE-PORT")).containsExactly(ACCEPTS_HEALTH_CHECKS);
    }

    @Test
    @Scenario(13)
    void hasNoNodePortWhereTheNodeHasNoAddress() {
        put(
                nodePort("web", TransportProtocol.TCP, 3001, "10.20.30.41")
                        .type(ServiceType.LOAD_BALANCER)
                        .loadBalancerIps(List.of(IpAddress.of("1.2.3.4"))),
                slice("web", remote("10.180.0.1")));
        sync();

        assertThat(node.servers())
                .filteredOn(line -> line.startsWith("-A"))
                .containsExactly("-A -t 1.2.3.4:80 -s rr", "-A -t 10.20.30.41:80 -s rr");
        assertThat(node.entries()).noneMatch(entry -> entry.contains("NODE-PORT"));
    }

    @ParameterizedTest
    @Scenario({14, 15, 16, 18, 19, 21})
    @CsvSource({
        "eth0=1.2.3.4, 10.20.30.41, 1.2.3.4",
        "eth0=, 10.20.30.41, ''",
        "encap0=10.20.30.40 fe80::1;docker0=172.17.0.1, 10.20.30.41, 10.20.30.40 172.17.0.1",
        "ipvs0=10.20.30.40, 10.20.30.41, 10.20.30.40",
        "encap0=1000:: fe80::2200;docker0=2000::, 2020::1, 1000:: 2000::",
        "encap0=10.20.30.40 fe80::2200;docker0=172.17.0.1 1000::, 10.20.30.41, 10.20.30.40 172.17.0.1",
        "encap0=10.20.30.40 fe80::2200;docker0=172.17.0.1 1000::, 2020::1, 1000::"
    })
    void takesNodePortsOnTheAddressesOfAllDevices(String devices, String clusterIp, String expected) {
        for (String device : devices.split(";", -1)) {
            String[] parts = device.split("=", 2);
            node.has(parts[0], parts[1].isEmpty() ? new String[0] : parts[1].split(" ", -1));
        }
        put(nodePort("web", TransportProtocol.TCP, 3001, clusterIp));
        sync();

        assertThat(String.join(" ", nodePortAddresses())).isEqualTo(expected);
    }

    @ParameterizedTest
    @Scenario({17, 20})
    @CsvSource({"1.2.3.4, 5.6.7.8, 10.20.30.41", "1000::, 2000::, 2020::1"})
    void takesNoNodePortOnTheDeviceForServices(String ofNode, String ofServices, String clusterIp) {
        node.has("eth0", ofNode);
        sync();
        node.has("kube-ipvs0", ofServices);
        put(nodePort("web", TransportProtocol.TCP, 3001, clusterIp));
        reconciler.resync();

        assertThat(nodePortAddresses()).containsExactly(ofNode);
    }

    @ParameterizedTest
    @Scenario(22)
    @CsvSource({
        "127.0.0.1, false",
        "10.0.0.1, true",
        "169.254.1.1, true",
        "::1, false",
        "fe80::1, false",
        "2001:db8::1, true",
        "::ffff:10.0.0.1, false"
    })
    void takesNodePortsOnAddressesThatOthersCanReach(String address, boolean taken) {
        NodeFacts facts = Samples.node(address);

        assertThat(facts.nodePortAddresses()).isEqualTo(taken ? List.of(IpAddress.of(address)) : List.of());
    }

    private void within(String block) {
        where = new NodePortAddresses.Within(List.of(IpPrefix.of(block)));
        restart();
    }

    private Set<String> nodePortAddresses() {
        Set<String> addresses = new TreeSet<>();
        node.servers().stream()
                .filter(line -> line.startsWith("-A") && line.contains(":3001 "))
                .map(line -> line.split(" ", -1)[2])
                .map(server -> server.substring(0, server.lastIndexOf(':')).replaceAll("[\\[\\]]", ""))
                .forEach(addresses::add);
        return addresses;
    }
}
