// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import static io.github.ipvs4j.reconciler.Samples.local;
import static io.github.ipvs4j.reconciler.Samples.name;
import static io.github.ipvs4j.reconciler.Samples.remote;
import static io.github.ipvs4j.reconciler.Samples.service;
import static io.github.ipvs4j.reconciler.Samples.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.ipvs.TransportProtocol;
import io.github.ipvs4j.netlink.ConntrackEntry;
import io.github.ipvs4j.netlink.ConntrackTuple;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Endpoints that come, go and end, under all policies; see {@link ScenariosTest} for the numbers. */
class EndpointScenarioTest extends OnSimulatedNode {
    private static final String CLUSTER = "172.20.1.1";
    private static final String EXTERNAL = "1.2.3.4";
    private static final String SLICE = "web-1-IPV4";

    @Test
    @Scenario(47)
    void followsASliceAndKeepsTheVirtualServer() {
        put(
                service("web", CLUSTER),
                slice("web", local("10.0.1.1"), remote("10.0.1.2"), remote("10.0.1.3"), ending(4, "node-b", false)));
        sync();
        assertThat(node.destinations("172.20.1.1:80")).hasSize(3);
        assertThat(loopBack()).containsExactly("10.0.1.1,tcp:8080,10.0.1.1");

        reconciler.removeEndpointSlice(name(SLICE));
        sync();
        assertThat(node.servers()).containsExactly("-A -t 172.20.1.1:80 -s rr");
    }

    @ParameterizedTest
    @Scenario({48, 49, 50})
    @CsvSource({"CLUSTER, 1, 3", "CLUSTER, 0, 3", "LOCAL, 1, 1", "LOCAL, 0, 0"})
    void keepsInsideTrafficOnTheNodeWhereThePolicyIsLocal(TrafficPolicy policy, int here, int expected) {
        put(
                service("web", CLUSTER).internalPolicy(policy),
                slice(
                        "web",
                        here == 1 ? local("10.0.1.1") : remote("10.0.1.1"),
                        remote("10.0.1.2"),
                        remote("10.0.1.3")));
        sync();

        assertThat(node.destinations("172.20.1.1:80")).hasSize(expected);
    }

    @Test
    @Scenario(51)
    void followsLocalEndpointsThatComeAndGo() {
        put(service("web", CLUSTER).internalPolicy(TrafficPolicy.LOCAL), slice("web", remote("10.0.1.2")));
        sync();
        assertThat(node.destinations("172.20.1.1:80")).isEmpty();

        reconciler.put(slice("web", local("10.0.1.1"), remote("10.0.1.2")));
        sync();
        assertThat(node.destinations("172.20.1.1:80")).containsExactly("10.0.1.1:8080");

        reconciler.put(slice("web", remote("10.0.1.2")));
        sync();
        assertThat(node.destinations("172.20.1.1:80")).isEmpty();
    }

    /** Endpoints 1 and 2 are on this node; of those that end, 1, 2 and 4 still serve and 3 does not. */
    private enum Mix {
        READY_TOO(new String[] {"1", "2", "5"}, new String[] {"1", "2"}),
        ENDING_HERE(new String[] {"5"}, new String[] {"1", "2"}),
        ENDING_ONLY(new String[] {"1", "2", "4"}, new String[] {"1", "2"}),
        GONE(new String[0], new String[0]);

        private final String[] cluster;
        private final String[] local;

        Mix(String[] cluster, String[] local) {
            this.cluster = cluster;
            this.local = local;
        }

        Endpoint[] endpoints() {
            Endpoint three = ending(3, "node-b", false);
            Endpoint four = ending(4, "node-b", true);
            return switch (this) {
                case READY_TOO -> new Endpoint[] {here(1), here(2), three, four, remote("10.0.1.5")};
                case ENDING_HERE ->
                    new Endpoint[] {
                        ending(1, "node-a", true), ending(2, "node-a", true), three, four, remote("10.0.1.5")
                    };
                case ENDING_ONLY -> new Endpoint[] {ending(1, "node-a", true), ending(2, "node-a", true), three, four};
                case GONE -> new Endpoint[0];
            };
        }
    }

    @ParameterizedTest
    @Scenario({52, 53, 54, 55, 56, 57})
    @EnumSource
    void choosesAmongReadyAndEndingEndpointsByPolicy(Mix mix) {
        for (TrafficPolicy policy : TrafficPolicy.values()) {
            put(external().externalPolicy(policy), slice("web", mix.endpoints()));
            sync();

            assertThat(last(CLUSTER)).containsExactly(mix.cluster);
            assertThat(last(EXTERNAL)).containsExactly(policy == TrafficPolicy.LOCAL ? mix.local : mix.cluster);
            assertThat(loopBack()).hasSize(mix == Mix.GONE ? 0 : 2);
        }
    }

    /** Written as the policies inside and outside, an endpoint here and one elsewhere ({@code !} for not ready). */
    @ParameterizedTest
    @Scenario(58)
    @CsvSource({
        "CLUSTER, CLUSTER, '', x, 0 0",
        "LOCAL, CLUSTER, x, x, 0 0",
        "LOCAL, CLUSTER, '', x, 1 0",
        "CLUSTER, LOCAL, x, x, 0 0",
        "CLUSTER, LOCAL, '', x, 0 1",
        "LOCAL, LOCAL, '', x, 1 1",
        "LOCAL, LOCAL, '', '', 0 0",
        "LOCAL, LOCAL, '', !, 0 0"
    })
    void countsServicesThatHaveEndpointsButNoneHere(
            TrafficPolicy inside, TrafficPolicy outside, String here, String elsewhere, String counts) {
        List<Endpoint> endpoints = new ArrayList<>();
        if (!here.isEmpty()) {
            endpoints.add(here(1));
        }
        if (!elsewhere.isEmpty()) {
            endpoints.add(elsewhere.equals("!") ? ending(2, "node-b", false) : remote("10.0.1.2"));
        }
        put(
                external().internalPolicy(inside).externalPolicy(outside),
                slice("web", endpoints.toArray(Endpoint[]::new)));

        SyncReport.OfFamily report = sync().families().get(IpFamily.IPV4);

        assertThat(report.withoutLocalInternal() + " " + report.withoutLocalExternal())
                .isEqualTo(counts);
    }

    /** How a slice of one UDP endpoint changes, and whether the flow to what it was must go. */
    private enum Change {
        NOTHING(false, slice -> slice),
        LABELS(
                false,
                slice -> new EndpointSlice(
                        slice.name(),
                        slice.serviceName(),
                        slice.family(),
                        slice.ports(),
                        slice.endpoints(),
                        Map.of("a", "b"))),
        ONE_MORE(false, slice -> with(slice, List.of(remote("10.0.1.1"), remote("10.0.1.2")), "http", 8080)),
        ANOTHER_PORT_NAME_BESIDE(
                false,
                slice -> new EndpointSlice(
                        slice.name(),
                        slice.serviceName(),
                        slice.family(),
                        List.of(slice.ports().get(0), new EndpointPort("more", TransportProtocol.UDP, 9)),
                        slice.endpoints(),
                        Map.of())),
        REMOVED(true, slice -> with(slice, List.of(), "http", 8080)),
        ANOTHER_ADDRESS(true, slice -> with(slice, List.of(remote("10.0.1.9")), "http", 8080)),
        ANOTHER_PORT(true, slice -> with(slice, List.of(remote("10.0.1.1")), "http", 8081)),
        ANOTHER_PORT_NAME(true, slice -> with(slice, List.of(remote("10.0.1.1")), "dns", 8080));

        private final boolean flowsGo;
        private final UnaryOperator<EndpointSlice> change;

        Change(boolean flowsGo, UnaryOperator<EndpointSlice> change) {
            this.flowsGo = flowsGo;
            this.change = change;
        }

        private static EndpointSlice with(EndpointSlice slice, List<Endpoint> endpoints, String port, int number) {
            return new EndpointSlice(
                    slice.name(),
                    slice.serviceName(),
                    slice.family(),
                    List.of(new EndpointPort(port, TransportProtocol.UDP, number)),
                    endpoints,
                    Map.of());
        }
    }

    @ParameterizedTest
    @Scenario(59)
    @EnumSource
    void deletesFlowsToEndpointsThatHaveGoneAndNoOthers(Change change) {
        EndpointSlice before = slice("web", TransportProtocol.UDP, remote("10.0.1.1"));
        put(service("web", CLUSTER).ports(List.of(ServicePort.of("http", TransportProtocol.UDP, 80))), before);
        sync();
        IpAddress client = IpAddress.of("10.0.7.7");
        node.kernel
                .conntrack()
                .add(flow(ConntrackTuple.udp(client, 1000, IpAddress.of(CLUSTER), 80), IpAddress.of("10.0.1.1")));

        reconciler.put(change.change.apply(before));
        sync();

        assertThat(node.kernel.conntrack().entries()).hasSize(change.flowsGo ? 0 : 1);
    }

    @Test
    @Scenario(60)
    void countsLocalEndpointsByAddressOverAllPorts() {
        List<EndpointPort> ports = List.of(
                new EndpointPort("a", TransportProtocol.TCP, 8080), new EndpointPort("b", TransportProtocol.TCP, 8081));
        Service service = service("web", CLUSTER)
                .type(ServiceType.LOAD_BALANCER)
                .externalPolicy(TrafficPolicy.LOCAL)
                .healthCheckNodePort(30_000)
                .ports(List.of(
                        ServicePort.of("a", TransportProtocol.TCP, 80), ServicePort.of("b", TransportProtocol.TCP, 81)))
                .build();
        EndpointSlice slice = new EndpointSlice(
                name(SLICE),
                "web",
                IpFamily.IPV4,
                ports,
                List.of(here(1), here(2), remote("10.0.1.3"), ending(4, "node-a", true)),
                Map.of());
        reconciler.put(service);
        reconciler.put(slice);
        sync();

        assertThat(node.destinations("172.20.1.1:80")).hasSize(3);
        assertThat(HealthCheck.of(service, List.of(slice), "node-a")
                        .orElseThrow()
                        .localEndpoints(IpFamily.IPV4))
                .isEqualTo(2);
    }

    private static Service.Builder external() {
        return service("web", CLUSTER).externalIps(List.of(IpAddress.of(EXTERNAL)));
    }

    private static Endpoint here(int number) {
        return local("10.0.1." + number);
    }

    private static Endpoint ending(int number, String node, boolean serving) {
        return new Endpoint(IpAddress.of("10.0.1." + number), false, serving, true, node, Set.of(), Set.of());
    }

    private List<String> last(String address) {
        return node.destinations(address + ":80").stream()
                .map(destination -> destination.substring("10.0.1.".length(), destination.indexOf(':')))
                .toList();
    }

    private List<String> loopBack() {
        String start = "KUBE-LOOP-BACK ";
        return node.entries().stream()
                .filter(entry -> entry.startsWith(start))
                .map(entry -> entry.substring(start.length()))
                .toList();
    }

    private static ConntrackEntry flow(ConntrackTuple sent, IpAddress server) {
        return FlowsTest.entry(sent, server.toString());
    }
}
