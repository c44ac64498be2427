// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import static io.github.ipvs4j.reconciler.Samples.service;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpPrefix;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Local traffic is what comes from the node's own block, once it has one. */
class NodeCidrTest extends OnSimulatedNode {
    private static final String MATCH = "-m set --match-set KUBE-CLUSTER-IP ";

    @Override
    ReconcilerBuilder configure(ReconcilerBuilder settings) {
        return settings.localDetection(new LocalDetection.NodeCidrs());
    }

    @Test
    void servesWhileTheNodeHasNoBlockAndTakesItWhenItComes() {
        put(service("web", "10.96.0.1"));
        sync();
        assertThat(node.servers()).containsExactly("-A -t 10.96.0.1:80 -s rr");
        assertThat(masqueraded()).containsExactly(MATCH + "src,dst -j KUBE-MARK-MASQ");

        reconciler.put(nodeWith("10.244.1.0/24"));
        sync();
        assertThat(masqueraded()).containsExactly("! -s 10.244.1.0/24 " + MATCH + "dst,dst -j KUBE-MARK-MASQ");
    }

    private static Node nodeWith(String block) {
        return new Node("node-a", List.of(IpAddress.of("192.168.1.10")), Map.of(), List.of(IpPrefix.of(block)));
    }

    private List<String> masqueraded() {
        return node.rules("nat", "KUBE-SERVICES").stream()
                .filter(rule -> rule.contains("KUBE-CLUSTER-IP") && rule.endsWith("KUBE-MARK-MASQ"))
                .toList();
    }
}
