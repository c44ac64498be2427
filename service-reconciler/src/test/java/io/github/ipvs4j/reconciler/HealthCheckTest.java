// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.ipvs.TransportProtocol;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HealthCheckTest {
    private static final ObjectName NAME = new ObjectName("default", "lbl");
    private static final ServicePort HTTP = ServicePort.of("http", TransportProtocol.TCP, 80);
    private static final ServicePort DNS = ServicePort.of("dns", TransportProtocol.UDP, 53);

    @Test
    void countsTheReadyAddressesOfThisNodeOnceForAllPorts() {
        EndpointSlice slice = slice(
                "10.0.0.1",
                endpoint("10.0.0.1", true, false, "node-a"),
                endpoint("10.0.0.2", true, false, "node-b"),
                endpoint("10.0.0.3", true, true, "node-a"),
                endpoint("10.0.0.4", false, true, "node-a"),
                endpoint("10.0.0.5", false, false, "node-a"));

        assertThat(HealthCheck.of(service().build(), List.of(slice), "node-a"))
                .contains(new HealthCheck(NAME, 30602, Map.of(IpFamily.IPV4, 2)));
    }

    @Test
    void countsEndpointsOfPortsThatTheServiceHasNoMore() {
        Service renamed = service()
                .ports(List.of(ServicePort.of("web", TransportProtocol.TCP, 80)))
                .build();
        EndpointSlice slice = slice("10.0.0.1", endpoint("10.0.0.1", true, false, "node-a"));

        assertThat(HealthCheck.of(renamed, List.of(slice), "node-a"))
                .contains(new HealthCheck(NAME, 30602, Map.of(IpFamily.IPV4, 1)));
    }

    @Test
    void countsEachFamilyByItself() {
        Service dual = service()
                .clusterIps(List.of(IpAddress.of("fd00:96::1"), IpAddress.of("10.96.0.1")))
                .build();
        EndpointSlice six = slice("fd00::1", endpoint("fd00::1", true, false, "node-a"));

        HealthCheck check = HealthCheck.of(dual, List.of(six), "node-a").orElseThrow();

        assertThat(check.localEndpoints(IpFamily.IPV6)).isEqualTo(1);
        assertThat(check.localEndpoints(IpFamily.IPV4)).isZero();
    }

    @Test
    void tellsWhoAsksByAnotherFamilyThatOfTheService() {
        HealthCheck check = new HealthCheck(NAME, 30602, Map.of(IpFamily.IPV4, 3));

        assertThat(check.localEndpoints(IpFamily.IPV6)).isEqualTo(3);
    }

    @Test
    void isOnlyForLoadBalancersWithLocalPolicyAndPort() {
        Stream.of(
                        service().type(ServiceType.NODE_PORT),
                        service().externalPolicy(TrafficPolicy.CLUSTER),
                        service().healthCheckNodePort(0),
                        service().clusterIps(List.of()))
                .forEach(other -> assertThat(HealthCheck.of(other.build(), List.of(), "node-a"))
                        .isEmpty());
    }

    private static Service.Builder service() {
        return Service.builder(NAME)
                .type(ServiceType.LOAD_BALANCER)
                .externalPolicy(TrafficPolicy.LOCAL)
                .healthCheckNodePort(30602)
                .clusterIps(List.of(IpAddress.of("10.96.0.1")))
                .ports(List.of(HTTP, DNS));
    }

    private static EndpointSlice slice(String familyOf, Endpoint... endpoints) {
        return new EndpointSlice(
                new ObjectName("default", "lbl-1"),
                "lbl",
                IpAddress.of(familyOf).family(),
                List.of(
                        new EndpointPort("http", TransportProtocol.TCP, 8080),
                        new EndpointPort("dns", TransportProtocol.UDP, 5353)),
                List.of(endpoints),
                Map.of());
    }

    private static Endpoint endpoint(String address, boolean ready, boolean terminating, String node) {
        return new Endpoint(IpAddress.of(address), ready, true, terminating, node, Set.of(), Set.of());
    }
}
