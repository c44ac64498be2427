// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import static io.github.ipvs4j.reconciler.Samples.local;
import static io.github.ipvs4j.reconciler.Samples.service;
import static io.github.ipvs4j.reconciler.Samples.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpPrefix;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Load balancers and external addresses on a simulated node; see the recordings for all that is compiled. */
class LoadBalancerTest {
    private static final String CLOSED = "-s 203.0.113.7/32 -m ipvs --vproto 6 --vaddr 203.0.113.7 --vport 80 -j DROP";

    @TempDir
    private Path proc;

    private SimulatedNode node;
    private Reconciler reconciler;

    @BeforeEach
    void start() throws IOException {
        node = new SimulatedNode(proc);
        reconciler = node.start();
    }

    @AfterEach
    void stop() {
        reconciler.close();
    }

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

    private List<String> closed() {
        return node.iptables.chain("iptables", "filter", "KUBE-IPVS-OUT-FILTER");
    }
}
