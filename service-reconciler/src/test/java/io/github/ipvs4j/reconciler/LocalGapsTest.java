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
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LocalGapsTest {
    private static final Endpoint ENDING_HERE =
            new Endpoint(IpAddress.of("10.244.1.9"), false, true, true, "node-a", Set.of(), Set.of());
    private static final Endpoint DEAD_HERE =
            new Endpoint(IpAddress.of("10.244.1.9"), false, false, false, "node-a", Set.of(), Set.of());

    private final LocalGaps gaps = new LocalGaps();

    @Test
    void countsAServiceOnceForEachPolicyThatAsks() {
        put(both("a"), remote("10.244.2.1"));
        put(both("b"), remote("10.244.2.1"), DEAD_HERE);
        put(service("c", "10.96.0.3").internalPolicy(TrafficPolicy.LOCAL).build(), remote("10.244.2.1"));

        assertThat(gaps.internal(IpFamily.IPV4)).isEqualTo(3);
        assertThat(gaps.external(IpFamily.IPV4)).isEqualTo(2);
        assertThat(gaps.internal(IpFamily.IPV6)).isZero();
    }

    @Test
    void countsNoneThatHasAnEndpointHereOrNone() {
        put(both("local"), remote("10.244.2.1"), local("10.244.1.1"));
        put(both("ending"), remote("10.244.2.1"), ENDING_HERE);
        put(both("empty"));
        put(both("dead"), DEAD_HERE);
        put(service("cluster", "10.96.0.3").build(), remote("10.244.2.1"));

        assertThat(gaps.internal(IpFamily.IPV4)).isZero();
        assertThat(gaps.external(IpFamily.IPV4)).isZero();
    }

    @Test
    void followsChanges() {
        put(both("a"), remote("10.244.2.1"));
        put(both("a"), remote("10.244.2.2"));
        assertThat(gaps.external(IpFamily.IPV4)).isOne();

        gaps.remove(Samples.name("a"));
        gaps.remove(Samples.name("a"));
        assertThat(gaps.external(IpFamily.IPV4)).isZero();
    }

    private static Service both(String name) {
        return nodePort(name, TransportProtocol.TCP, 30080, "10.96.0.1")
                .internalPolicy(TrafficPolicy.LOCAL)
                .externalPolicy(TrafficPolicy.LOCAL)
                .build();
    }

    private void put(Service service, Endpoint... endpoints) {
        gaps.put(service, List.of(slice(service.name().name(), endpoints)), Samples.node());
    }
}
