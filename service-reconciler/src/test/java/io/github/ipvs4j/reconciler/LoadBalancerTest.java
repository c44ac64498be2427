// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import static io.github.ipvs4j.reconciler.Samples.local;
import static io.github.ipvs4j.reconciler.Samples.service;
import static io.github.ipvs4j.reconciler.Samples.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.ipset.IpsetClient;
import io.github.ipvs4j.ipset.SetDefinition;
import io.github.ipvs4j.ipset.SetType;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.IpPrefix;
import io.github.ipvs4j.netlink.NetlinkClient;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Load balancers and external addresses on a simulated node; see the recordings for all that is compiled. */
class LoadBalancerTest extends OnSimulatedNode {
    private static final String CLOSED = "-s 203.0.113.7/32 -m ipvs --vproto 6 --vaddr 203.0.113.7 --vport 80 -j DROP";

    @Test
    void leavesASourceRangeOfOneAddressAsItStands() {
        put(balanced("198.51.100.7/32", "10.0.0.0/8"));

        assertThat(node.entries())
                .contains(
                        "KUBE-LOAD-BALANCER-SOURCE-CIDR 203.0.113.7,tcp:80,198.51.100.7",
                        "KUBE-LOAD-BALANCER-SOURCE-CIDR 203.0.113.7,tcp:80,10.0.0.0/8",
                        "KUBE-LOAD-BALANCER-FW 203.0.113.7,tcp:80");
        assertThat(reconciler.resync().changed()).isZero();
    }

    @Test
    void restrictsNobodyByARangeThatHoldsAll() {
        put(balanced("198.51.100.0/24", "0.0.0.0/0"));

        assertThat(node.entries())
                .contains("KUBE-LOAD-BALANCER 203.0.113.7,tcp:80")
                .noneMatch(entry -> entry.contains("-FW ") || entry.contains("SOURCE"));
        assertThat(closed()).isEmpty();
    }

    @Test
    void followsTheNodesAddressIntoAndOutOfTheSourceRanges() {
        put(balanced("192.168.1.0/24"));
        assertThat(closed()).containsExactly(CLOSED);

        reconciler.put(node("192.168.1.10"));
        reconciler.sync();
        assertThat(closed()).isEmpty();
        assertThat(node.entries()).contains("KUBE-LOAD-BALANCER-SOURCE-IP 203.0.113.7,tcp:80,203.0.113.7");

        reconciler.put(node("172.30.0.10"));
        reconciler.sync();
        assertThat(closed()).containsExactly(CLOSED);
        assertThat(node.entries()).noneMatch(entry -> entry.contains("SOURCE-IP"));
    }

    @Test
    void letsSourceRangesThroughByRulesWhileTheirSetIsFull() {
        try (IpsetClient ipset = ipset()) {
            ipset.create(SetDefinition.hash("KUBE-LOAD-BALANCER-SOURCE-CIDR", SetType.HASH_IP_PORT_NET, IpFamily.IPV4)
                    .withMaxElements(1));
        }
        reconciler.put(balanced("192.0.2.0/24", "198.51.100.0/24").build());

        assertThat(reconciler.sync().failures())
                .singleElement()
                .satisfies(failure -> assertThat(failure.reason()).contains("full"));

        List<String> inSet = node.entries().stream()
                .filter(entry -> entry.startsWith("KUBE-LOAD-BALANCER-SOURCE-CIDR"))
                .toList();
        assertThat(inSet).hasSize(1);
        String other = inSet.get(0).endsWith("192.0.2.0/24") ? "198.51.100.0/24" : "192.0.2.0/24";
        assertThat(node.entries()).contains("KUBE-LOAD-BALANCER-FW 203.0.113.7,tcp:80");
        assertThat(sourceRules())
                .hasSize(3)
                .element(1)
                .isEqualTo("-s " + other + " -d 203.0.113.7/32 -p tcp -m tcp --dport 80 -j RETURN");
        assertThat(sourceRules()).last().isEqualTo("-j DROP");

        reconciler.put(balanced(other).build());
        reconciler.sync();
        node.pass(Duration.ofSeconds(1));
        assertThat(reconciler.sync().failures()).isEmpty();
        assertThat(sourceRules()).hasSize(2);
        assertThat(node.entries()).contains("KUBE-LOAD-BALANCER-SOURCE-CIDR 203.0.113.7,tcp:80," + other);
    }

    @Test
    void letsSourceRangesThroughByRulesWhereTheirSetIsOfAnotherType() {
        try (IpsetClient ipset = ipset()) {
            ipset.create(SetDefinition.hashIp("KUBE-LOAD-BALANCER-SOURCE-CIDR", IpFamily.IPV4));
        }
        reconciler.put(balanced("192.0.2.0/24", "198.51.100.7/32").build());

        assertThat(reconciler.sync().failures()).isNotEmpty();

        assertThat(sourceRules())
                .containsExactly(
                        "-s 192.0.2.0/24 -d 203.0.113.7/32 -p tcp -m tcp --dport 80 -j RETURN",
                        "-s 198.51.100.7/32 -d 203.0.113.7/32 -p tcp -m tcp --dport 80 -j RETURN",
                        "-j DROP");
    }

    @Test
    void closesAnAddressThatIsListedTwiceToTheNodeByOneRule() {
        IpAddress address = IpAddress.of("203.0.113.7");
        put(balanced("10.0.0.0/8").loadBalancerIps(List.of(address, address)));

        assertThat(closed()).containsExactly(CLOSED);
    }

    @Test
    void takesTheRuleAwayWithTheLastServiceThatNeedsIt() {
        put(balanced("198.51.100.0/24"));

        reconciler.removeService(Samples.name("web"));
        reconciler.sync();

        assertThat(closed()).isEmpty();
    }

    @Test
    void doesNotBindAnAddressThatAnotherDeviceHas() {
        put(service("web", "10.96.0.1")
                .externalIps(List.of(IpAddress.of("192.168.1.10"), IpAddress.of("203.0.113.8"))));

        assertThat(String.join("\n", node.addresses()))
                .contains("10.96.0.1", "203.0.113.8")
                .doesNotContain("192.168.1.10");
        assertThat(node.entries())
                .contains("KUBE-EXTERNAL-IP 192.168.1.10,tcp:80", "KUBE-IPVS-IPS 203.0.113.8")
                .doesNotContain("KUBE-IPVS-IPS 192.168.1.10");
        assertThat(node.servers()).contains("-A -t 192.168.1.10:80 -s rr");
    }

    private void put(Service.Builder web) {
        reconciler.put(web.build());
        reconciler.put(slice("web", local("10.244.0.1")));
        assertThat(reconciler.sync().failures()).isEmpty();
    }

    private static Service.Builder balanced(String... ranges) {
        return service("web", "10.96.0.1")
                .type(ServiceType.LOAD_BALANCER)
                .loadBalancerIps(List.of(IpAddress.of("203.0.113.7")))
                .sourceRanges(Stream.of(ranges).map(IpPrefix::of).toList());
    }

    private static Node node(String address) {
        return new Node("node-a", List.of(IpAddress.of(address)), Map.of(), List.of());
    }

    private List<String> sourceRules() {
        return node.iptables.chain("iptables", "filter", "KUBE-SOURCE-RANGES-FIREWALL");
    }

    private IpsetClient ipset() {
        return IpsetClient.open(NetlinkClient.builder(NetlinkProtocol.NETFILTER).transport(node.kernel.transports()));
    }

    private List<String> closed() {
        return node.iptables.chain("iptables", "filter", "KUBE-IPVS-OUT-FILTER");
    }
}
