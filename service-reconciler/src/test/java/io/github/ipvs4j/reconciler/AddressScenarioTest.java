// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import static io.github.ipvs4j.reconciler.Samples.local;
import static io.github.ipvs4j.reconciler.Samples.nodePort;
import static io.github.ipvs4j.reconciler.Samples.remote;
import static io.github.ipvs4j.reconciler.Samples.service;
import static io.github.ipvs4j.reconciler.Samples.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.ipvs.TransportProtocol;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.IpPrefix;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Cluster, external and load balancer addresses and the rules; see {@link ScenariosTest} for the numbers. */
class AddressScenarioTest extends OnSimulatedNode {
    private static final String CLUSTER = "10.20.30.41";
    private static final String EXTERNAL = "50.60.70.81";
    private static final String BALANCED = "1.2.3.4";

    /** What is given to iptables-restore and ip6tables-restore. */
    private final List<String> restored = new ArrayList<>();

    private LocalDetection detection = new LocalDetection.ClusterCidrs(List.of());
    private boolean masqueradeAll;

    @Override
    ReconcilerBuilder configure(ReconcilerBuilder settings) {
        return settings.localDetection(detection).masqueradeAll(masqueradeAll).commands(this::run);
    }

    private CommandRunner.Result run(List<String> command, String input) throws IOException {
        if (command.get(0).endsWith("-restore")) {
            restored.add(input);
        }
        return node.iptables.run(command, input);
    }

    @ParameterizedTest
    @Scenario({23, 24, 25})
    @CsvSource({"10.20.30.41, 10.180.0.1, [", "1002:ab8::2:1, 1002:ab8::2:10, .", "10.20.30.41, '', ["})
    void servesEachFamilyByItself(String clusterIp, String endpoint, String ofOther) {
        put(service("a", clusterIp));
        if (!endpoint.isEmpty()) {
            reconciler.put(slice("a", remote(endpoint)));
        }
        sync();

        assertThat(node.servers())
                .hasSize(endpoint.isEmpty() ? 1 : 2)
                .noneMatch(line -> line.split(" ", -1)[2].contains(ofOther));
    }

    @Test
    @Scenario({23, 24})
    void servesTwoFamiliesBesideEachOther() {
        put(service("a", CLUSTER), slice("a", remote("10.180.0.1")));
        put(service("b", "1002:ab8::2:1"), slice("b", remote("1002:ab8::2:10")));
        sync();

        assertThat(node.servers())
                .containsExactly(
                        "-A -t 10.20.30.41:80 -s rr",
                        "-A -t [1002:ab8::2:1]:80 -s rr",
                        "-a -t 10.20.30.41:80 -r 10.180.0.1:8080 -m -w 1",
                        "-a -t [1002:ab8::2:1]:80 -r [1002:ab8::2:10]:8080 -m -w 1");
    }

    @Test
    @Scenario({26, 27})
    void wantsNothingForHeadlessServicesAndNames() {
        put(service("headless"), slice("headless", remote("10.180.0.1")));
        put(service("name", CLUSTER).type(ServiceType.EXTERNAL_NAME).loadBalancerIps(ips(BALANCED)));
        sync();

        assertThat(node.servers()).isEmpty();
        assertThat(node.entries()).isEmpty();
        assertThat(node.addresses()).isEmpty();
    }

    @Test
    @Scenario(28)
    void followsServicesThatComeAndGo() {
        put(ports("cluster", "10.1.0.1", 1, 2));
        put(ports("node", "10.1.0.2", 3, 4, 5).type(ServiceType.NODE_PORT));
        put(ports("balanced", "10.1.0.3", 6, 7, 8).type(ServiceType.LOAD_BALANCER));
        put(onNode(ports("local", "10.1.0.4", 9, 10, 11, 12), 345));
        sync();
        assertThat(node.servers()).hasSize(12);
        assertThat(healthCheckPorts()).containsExactly("345");

        put(ports("cluster", "10.1.0.1", 2));
        Stream.of("node", "balanced", "local").map(Samples::name).forEach(reconciler::removeService);
        sync();
        assertThat(node.servers()).containsExactly("-A -t 10.1.0.1:2 -s rr");
        assertThat(healthCheckPorts()).isEmpty();

        reconciler.removeService(Samples.name("cluster"));
        sync();
        assertThat(node.servers()).isEmpty();
    }

    @Test
    @Scenario(29)
    void followsAServiceThatChangesItsType() {
        List<String> found = new ArrayList<>();
        Service.Builder plain = ports("web", CLUSTER, 80, 81);
        for (Service.Builder service : List.of(
                plain, onNode(ports("web", CLUSTER, 80, 81), 345), onNode(ports("web", CLUSTER, 80, 81), 345), plain)) {
            put(service);
            sync();
            found.add(node.servers().size() + " " + healthCheckPorts().size());
        }

        assertThat(found).containsExactly("2 0", "2 1", "2 1", "2 0");
    }

    @Test
    @Scenario(30)
    void keepsAClientsConnectionsTogetherOnEveryAddress() {
        put(nodePort("web", TransportProtocol.TCP, 3001, CLUSTER)
                .externalIps(ips(EXTERNAL))
                .affinity(SessionAffinity.clientIp(Duration.ofSeconds(10_800))));
        sync();

        assertThat(node.servers()).hasSize(3).allMatch(line -> line.endsWith("-s rr -p 10800"));
    }

    @Test
    @Scenario(31)
    void servesAnExternalAddressWithoutEndpoints() {
        put(service("web", CLUSTER).externalIps(ips(EXTERNAL)));
        sync();

        assertThat(node.servers()).containsExactly("-A -t 10.20.30.41:80 -s rr", "-A -t 50.60.70.81:80 -s rr");
    }

    @Test
    @Scenario(32)
    void servesExternalAddressesOfTheServicesFamily() {
        put(service("web", CLUSTER).externalIps(ips(EXTERNAL, "2012::51", "127.0.0.1")));
        sync();

        assertThat(node.servers())
                .containsExactly(
                        "-A -t 10.20.30.41:80 -s rr", "-A -t 127.0.0.1:80 -s rr", "-A -t 50.60.70.81:80 -s rr");
    }

    @Test
    @Scenario(33)
    void keepsExternalTrafficOnTheNodeWhereThePolicyIsLocal() {
        put(
                service("web", CLUSTER).externalIps(ips(EXTERNAL)).externalPolicy(TrafficPolicy.LOCAL),
                slice("web", local("10.180.0.1"), remote("10.180.1.1")));
        sync();

        assertThat(node.entries())
                .contains("KUBE-EXTERNAL-IP-LOCAL 50.60.70.81,tcp:80")
                .noneMatch(entry -> entry.startsWith("KUBE-EXTERNAL-IP "));
        assertThat(node.destinations("50.60.70.81:80")).containsExactly("10.180.0.1:8080");
        assertThat(node.destinations("10.20.30.41:80")).hasSize(2);
    }

    @Test
    @Scenario(34)
    void writesTheRulesOfALoadBalancer() {
        put(balanced(), slice("web", remote("10.180.0.1")));
        sync();

        assertThat(node.entries()).contains("KUBE-LOAD-BALANCER 1.2.3.4,tcp:80");
        assertThat(node.rules("nat", "KUBE-SERVICES"))
                .containsExactly(
                        "-s 127.0.0.0/8 -j RETURN",
                        "-m set --match-set KUBE-LOAD-BALANCER dst,dst -j KUBE-LOAD-BALANCER",
                        "-m set --match-set KUBE-CLUSTER-IP src,dst -j KUBE-MARK-MASQ",
                        "-m addrtype --dst-type LOCAL -j KUBE-NODE-PORT",
                        "-m set --match-set KUBE-CLUSTER-IP dst,dst -j ACCEPT",
                        "-m set --match-set KUBE-LOAD-BALANCER dst,dst -j ACCEPT");
        assertThat(node.rules("nat", "KUBE-LOAD-BALANCER")).containsExactly("-j KUBE-MARK-MASQ");
    }

    @Test
    @Scenario(35)
    void keepsALoadBalancersTrafficOnTheNodeWhereThePolicyIsLocal() {
        put(balanced().externalPolicy(TrafficPolicy.LOCAL), slice("web", local("10.180.0.1"), remote("10.180.1.1")));
        sync();

        assertThat(node.entries()).contains("KUBE-LOAD-BALANCER-LOCAL 1.2.3.4,tcp:80");
        assertThat(node.rules("nat", "KUBE-LOAD-BALANCER"))
                .containsExactly("-m set --match-set KUBE-LOAD-BALANCER-LOCAL dst,dst -j RETURN", "-j KUBE-MARK-MASQ");
        assertThat(node.destinations("1.2.3.4:80")).containsExactly("10.180.0.1:8080");
    }

    @Test
    @Scenario({36, 37})
    void letsOnlySourceRangesReachALoadBalancer() {
        put(balanced().sourceRanges(List.of(IpPrefix.of("10.0.0.0/8"))));
        sync();

        assertThat(node.entries())
                .contains(
                        "KUBE-LOAD-BALANCER 1.2.3.4,tcp:80",
                        "KUBE-LOAD-BALANCER-FW 1.2.3.4,tcp:80",
                        "KUBE-LOAD-BALANCER-SOURCE-CIDR 1.2.3.4,tcp:80,10.0.0.0/8");
        assertThat(node.rules("filter", "KUBE-PROXY-FIREWALL"))
                .containsExactly("-m set --match-set KUBE-LOAD-BALANCER-FW dst,dst -j KUBE-SOURCE-RANGES-FIREWALL");
        assertThat(node.rules("filter", "KUBE-SOURCE-RANGES-FIREWALL"))
                .containsExactly("-m set --match-set KUBE-LOAD-BALANCER-SOURCE-CIDR dst,dst,src -j RETURN", "-j DROP");
        assertThat(node.rules("filter", "KUBE-IPVS-OUT-FILTER"))
                .containsExactly("-s 1.2.3.4/32 -m ipvs --vproto 6 --vaddr 1.2.3.4 --vport 80 -j DROP");
    }

    @Test
    @Scenario(37)
    void letsTheNodeItselfReachALoadBalancerWhereARangeHasItsAddress() {
        reconciler.put(new Node("node-a", ips("10.9.9.9"), Map.of(), List.of()));
        put(balanced().sourceRanges(List.of(IpPrefix.of("10.0.0.0/8"))));
        sync();

        assertThat(node.entries()).contains("KUBE-LOAD-BALANCER-SOURCE-IP 1.2.3.4,tcp:80,1.2.3.4");
        assertThat(node.rules("filter", "KUBE-SOURCE-RANGES-FIREWALL"))
                .contains("-m set --match-set KUBE-LOAD-BALANCER-SOURCE-IP dst,dst,src -j RETURN");
        assertThat(node.rules("filter", "KUBE-IPVS-OUT-FILTER")).isEmpty();
    }

    @Test
    @Scenario(38)
    void writesTheRulesOfAllKindsOfAddressesInTheirOrder() {
        put(nodePort("web", TransportProtocol.TCP, 3001, CLUSTER)
                .externalIps(ips("5.6.7.8"))
                .loadBalancerIps(ips(BALANCED)));
        sync();

        assertThat(node.rules("nat", "KUBE-SERVICES"))
                .containsExactly(
                        "-s 127.0.0.0/8 -j RETURN",
                        "-m set --match-set KUBE-LOAD-BALANCER dst,dst -j KUBE-LOAD-BALANCER",
                        "-m set --match-set KUBE-CLUSTER-IP src,dst -j KUBE-MARK-MASQ",
                        "-m set --match-set KUBE-EXTERNAL-IP dst,dst -j KUBE-MARK-MASQ",
                        "-m set --match-set KUBE-EXTERNAL-IP dst,dst -m physdev ! --physdev-is-in -m addrtype"
                                + " ! --src-type LOCAL -j ACCEPT",
                        "-m set --match-set KUBE-EXTERNAL-IP dst,dst -m addrtype --dst-type LOCAL -j ACCEPT",
                        "-m addrtype --dst-type LOCAL -j KUBE-NODE-PORT",
                        "-m set --match-set KUBE-CLUSTER-IP dst,dst -j ACCEPT",
                        "-m set --match-set KUBE-LOAD-BALANCER dst,dst -j ACCEPT");
    }

    /** An address of mode Proxy is none for the reconciler: whoever makes its Service leaves it out. */
    @ParameterizedTest
    @Scenario(39)
    @CsvSource({"1.2.3.4, 2", "'', 1"})
    void servesTheAddressesOfALoadBalancerThatItIsGiven(String address, int servers) {
        put(service("web", CLUSTER)
                .type(ServiceType.LOAD_BALANCER)
                .loadBalancerIps(address.isEmpty() ? List.of() : ips(address)));
        sync();

        assertThat(node.servers()).hasSize(servers);
    }

    @Test
    @Scenario(40)
    void opensHealthCheckNodePortsOfLocalPoliciesOnly() {
        put(onNode(ports("a", "10.1.0.1", 80), 30_000));
        put(onNode(ports("b", "10.1.0.2", 80), 30_001));
        put(onNode(ports("c", "10.1.0.3", 80), 30_002).externalPolicy(TrafficPolicy.CLUSTER));
        sync();

        assertThat(healthCheckPorts()).containsExactly("30000", "30001");
    }

    @Test
    @Scenario(41)
    void followsAHealthCheckNodePort() {
        for (int port : new int[] {30_000, 30_001}) {
            put(onNode(ports("a", "10.1.0.1", 80), port));
            sync();
            assertThat(healthCheckPorts()).containsExactly(Integer.toString(port));
        }
        put(onNode(ports("a", "10.1.0.1", 80), 30_001).externalPolicy(TrafficPolicy.CLUSTER));
        sync();
        assertThat(healthCheckPorts()).isEmpty();
    }

    @Test
    @Scenario(42)
    void tellsLoadBalancersThatLocalEndpointsTerminate() {
        Service service = onNode(ports("web", "10.1.0.1", 80), 30_000).build();
        Endpoint ends = new Endpoint(IpAddress.of("10.180.0.1"), false, true, true, "node-a", Set.of(), Set.of());

        assertThat(localEndpoints(service, local("10.180.0.1"))).isOne();
        assertThat(localEndpoints(service, ends)).isZero();
        reconciler.put(service);
        reconciler.put(slice("web", ends));
        sync();
        assertThat(new HealthAnswer(service.name(), localEndpoints(service, ends), true).good())
                .isFalse();
    }

    @Test
    @Scenario(43)
    void leavesLocalhostAloneFirst() {
        put(service("web", CLUSTER, "2020::1"));
        sync();

        assertThat(node.rules("iptables", "nat", "KUBE-SERVICES").get(0)).isEqualTo("-s 127.0.0.0/8 -j RETURN");
        assertThat(node.rules("ip6tables", "nat", "KUBE-SERVICES").get(0)).isEqualTo("-s ::1/128 -j RETURN");
    }

    /** Every iptables that the reconciler runs with can do it: it asks for 1.6.2, which brought it. */
    @Test
    @Scenario(44)
    void choosesPortsAtRandom() {
        put(service("web", CLUSTER));
        sync();

        assertThat(node.rules("nat", "KUBE-POSTROUTING")).last().isEqualTo("-j MASQUERADE --random-fully");
    }

    @Test
    @Scenario(45)
    void declaresTheChainsAndInsertsTheJumpsInTheirOrder() {
        put(service("web", CLUSTER));
        sync();

        assertThat(restored.get(0).lines().filter(line -> line.startsWith(":")))
                .map(line -> line.substring(1, line.indexOf(' ')))
                .containsExactly(
                        "KUBE-SERVICES",
                        "KUBE-POSTROUTING",
                        "KUBE-NODE-PORT",
                        "KUBE-LOAD-BALANCER",
                        "KUBE-MARK-MASQ",
                        "KUBE-FORWARD",
                        "KUBE-NODE-PORT",
                        "KUBE-PROXY-FIREWALL",
                        "KUBE-SOURCE-RANGES-FIREWALL",
                        "KUBE-IPVS-FILTER",
                        "KUBE-IPVS-OUT-FILTER");
        assertThat(node.rules("filter", "INPUT"))
                .containsExactly("-j KUBE-IPVS-FILTER", "-j KUBE-PROXY-FIREWALL", "-j KUBE-NODE-PORT");
        assertThat(node.rules("filter", "FORWARD")).containsExactly("-j KUBE-PROXY-FIREWALL", "-j KUBE-FORWARD");
        assertThat(node.rules("filter", "OUTPUT")).containsExactly("-j KUBE-IPVS-OUT-FILTER");
        assertThat(node.rules("nat", "PREROUTING")).containsExactly("-j KUBE-SERVICES");
        assertThat(node.rules("nat", "OUTPUT")).containsExactly("-j KUBE-SERVICES");
        assertThat(node.rules("nat", "POSTROUTING")).containsExactly("-j KUBE-POSTROUTING");
    }

    private enum Detection {
        ALL("-m set --match-set KUBE-CLUSTER-IP dst,dst -j KUBE-MARK-MASQ"),
        BLOCK("! -s 10.244.0.0/16 -m set --match-set KUBE-CLUSTER-IP dst,dst -j KUBE-MARK-MASQ"),
        NEITHER("-m set --match-set KUBE-CLUSTER-IP src,dst -j KUBE-MARK-MASQ");

        private final String rule;

        Detection(String rule) {
            this.rule = rule;
        }
    }

    @ParameterizedTest
    @Scenario(46)
    @EnumSource
    void masqueradesWhatItIsToldTo(Detection told) {
        masqueradeAll = told == Detection.ALL;
        if (told == Detection.BLOCK) {
            detection = new LocalDetection.ClusterCidrs(List.of(IpPrefix.of("10.244.0.0/16")));
        }
        restart();
        put(service("web", CLUSTER));
        sync();

        assertThat(node.rules("nat", "KUBE-SERVICES").get(1)).isEqualTo(told.rule);
    }

    private static Service.Builder balanced() {
        return service("web", CLUSTER).type(ServiceType.LOAD_BALANCER).loadBalancerIps(ips(BALANCED));
    }

    private static Service.Builder ports(String name, String clusterIp, int... numbers) {
        List<ServicePort> ports = new ArrayList<>();
        for (int number : numbers) {
            ports.add(ServicePort.of("p" + number, TransportProtocol.TCP, number));
        }
        return service(name, clusterIp).ports(ports);
    }

    private static Service.Builder onNode(Service.Builder service, int healthCheckNodePort) {
        return service.type(ServiceType.LOAD_BALANCER)
                .externalPolicy(TrafficPolicy.LOCAL)
                .healthCheckNodePort(healthCheckNodePort);
    }

    private static int localEndpoints(Service service, Endpoint endpoint) {
        EndpointSlice slice = new EndpointSlice(
                Samples.name("web-1"),
                "web",
                IpFamily.IPV4,
                List.of(new EndpointPort("p80", TransportProtocol.TCP, 8080)),
                List.of(endpoint),
                Map.of());
        return HealthCheck.of(service, List.of(slice), "node-a").orElseThrow().localEndpoints(IpFamily.IPV4);
    }

    private List<String> healthCheckPorts() {
        String start = "KUBE-HEALTH-CHECK-NODE-PORT ";
        return node.entries().stream()
                .filter(entry -> entry.startsWith(start))
                .map(entry -> entry.substring(start.length()))
                .toList();
    }

    private static List<IpAddress> ips(String... addresses) {
        return Stream.of(addresses).map(IpAddress::of).toList();
    }
}
