// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.ipvs.TransportProtocol;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.reconciler.Selection.Traffic;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The cases of kube-proxy's topology_test.go and of its proxier tests on terminating endpoints. */
class SelectionTest {
    private static final List<IpAddress> EXTERNAL = List.of(IpAddress.of("203.0.113.1"));
    private static final String NODE = "node-a";
    private static final String OTHER = "node-b";
    private static final Traffic EVERYWHERE = new Traffic(TrafficPolicy.CLUSTER, TrafficPolicy.CLUSTER, true);
    private static final Traffic LOCAL_OUTSIDE = new Traffic(TrafficPolicy.CLUSTER, TrafficPolicy.LOCAL, true);
    private static final Traffic LOCAL_INSIDE = new Traffic(TrafficPolicy.LOCAL, TrafficPolicy.CLUSTER, false);

    @Test
    void keepsOnlyBackendsHintedToTheZone() {
        Selection chosen = select(EVERYWHERE, "zone-a", zoned(3, "zone-a"), zoned(4, "zone-b"), zoned(6, "zone-a"));

        assertThat(numbers(chosen.cluster())).containsExactly(3, 6);
    }

    @ParameterizedTest
    @CsvSource({"''", "zone-c"})
    void keepsAllIfNoHintNamesTheZone(String zone) {
        Selection chosen = select(EVERYWHERE, zone, zoned(3, "zone-a"), zoned(4, "zone-b"));

        assertThat(numbers(chosen.cluster())).containsExactly(3, 4);
    }

    @Test
    void keepsAllIfOneReadyBackendHasNoHint() {
        Selection chosen = select(EVERYWHERE, "zone-a", zoned(3, "zone-a"), ready(4, OTHER), zoned(6, "zone-b"));

        assertThat(numbers(chosen.cluster())).containsExactly(3, 4, 6);
    }

    @Test
    void ignoresTheHintOfBackendsThatAreNotReady() {
        Backend unready = backend(3, OTHER, false, false, false, Set.of("zone-a"), Set.of());

        Selection chosen = select(EVERYWHERE, "zone-a", unready, zoned(4, "zone-b"), zoned(5, "zone-c"));

        assertThat(numbers(chosen.cluster())).containsExactly(4, 5);
    }

    @Test
    void ignoresTheMissingHintOfBackendsThatAreNotReady() {
        Backend unready = backend(3, OTHER, false, false, false, Set.of(), Set.of());

        Selection chosen = select(EVERYWHERE, "zone-a", unready, zoned(4, "zone-a"), zoned(5, "zone-b"));

        assertThat(numbers(chosen.cluster())).containsExactly(4);
    }

    @Test
    void takesABackendHintedToSeveralZones() {
        Backend both = backend(3, OTHER, true, true, false, Set.of("zone-a", "zone-b"), Set.of());

        Selection chosen = select(EVERYWHERE, "zone-a", both, zoned(4, "zone-b"));

        assertThat(numbers(chosen.cluster())).containsExactly(3);
    }

    @Test
    void prefersHintsToTheNodeOverHintsToTheZone() {
        Backend here = backend(3, NODE, true, true, false, Set.of("zone-b"), Set.of(NODE));
        Backend there = backend(4, OTHER, true, true, false, Set.of("zone-a"), Set.of(OTHER));

        assertThat(numbers(select(EVERYWHERE, "zone-a", here, there).cluster())).containsExactly(3);
    }

    @Test
    void fallsBackToHintsToTheZoneWhereNoneNamesTheNode() {
        Backend near = backend(3, OTHER, true, true, false, Set.of("zone-a"), Set.of(OTHER));
        Backend far = backend(4, OTHER, true, true, false, Set.of("zone-b"), Set.of("node-c"));

        assertThat(numbers(select(EVERYWHERE, "zone-a", near, far).cluster())).containsExactly(3);
    }

    @Test
    void doesNotApplyHintsToLocalTraffic() {
        Backend local = backend(3, NODE, true, true, false, Set.of("zone-b"), Set.of());

        Selection chosen = select(LOCAL_OUTSIDE, "zone-a", local, zoned(4, "zone-a"));

        assertThat(numbers(chosen.local())).containsExactly(3);
        assertThat(numbers(chosen.cluster())).containsExactly(4);
    }

    @Test
    void makesNoClusterSetForInternalTrafficThatStaysLocal() {
        Selection chosen = select(LOCAL_INSIDE, "", ready(3, NODE), ready(4, OTHER));

        assertThat(numbers(chosen.local())).containsExactly(3);
        assertThat(chosen.cluster()).isEmpty();
    }

    @Test
    void leavesInternalLocalTrafficWithoutBackendsIfNoneIsLocal() {
        Selection chosen = select(LOCAL_INSIDE, "", ready(4, OTHER));

        assertThat(chosen.under(TrafficPolicy.LOCAL)).isEmpty();
    }

    @Test
    void makesBothSetsIfOneKindOfTrafficStaysLocal() {
        Traffic inside = new Traffic(TrafficPolicy.LOCAL, TrafficPolicy.CLUSTER, true);

        Selection chosen = select(inside, "", ready(3, NODE), ready(4, OTHER));

        assertThat(numbers(chosen.under(TrafficPolicy.LOCAL))).containsExactly(3);
        assertThat(numbers(chosen.under(TrafficPolicy.CLUSTER))).containsExactly(3, 4);
    }

    @Test
    void letsExternalLocalTrafficGoEverywhereIfNothingIsLocal() {
        Selection chosen = select(LOCAL_OUTSIDE, "", ready(4, OTHER), ready(5, OTHER));

        assertThat(numbers(chosen.under(TrafficPolicy.LOCAL))).containsExactly(4, 5);
    }

    @Test
    void makesNoLocalSetForAnExternalPolicyThatNothingIsReachedBy() {
        Traffic unreachable = new Traffic(TrafficPolicy.CLUSTER, TrafficPolicy.LOCAL, false);

        assertThat(select(unreachable, "", ready(3, NODE)).local()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        // ready, serving, terminating: used normally, used as a fallback
        "true, true, false, true, true",
        "true, true, true, true, true",
        "true, false, true, true, true",
        "true, false, false, true, true",
        "false, true, true, false, true",
        "false, true, false, false, false",
        "false, false, true, false, false",
        "false, false, false, false, false"
    })
    void usesABackendAccordingToItsConditions(
            boolean ready, boolean serving, boolean terminating, boolean beside, boolean alone) {
        Backend judged = backend(3, OTHER, ready, serving, terminating, Set.of(), Set.of());

        assertThat(select(EVERYWHERE, "", judged, ready(4, OTHER)).cluster().contains(judged))
                .isEqualTo(beside);
        assertThat(select(EVERYWHERE, "", judged).cluster().contains(judged)).isEqualTo(alone);
    }

    @Test
    void fallsBackToTerminatingBackendsForEachKindOfTrafficByItself() {
        Backend[] backends = {terminating(1, NODE), terminating(2, NODE), terminating(4, OTHER), ready(5, OTHER)};

        Selection chosen = select(LOCAL_OUTSIDE, "", backends);

        assertThat(numbers(chosen.under(TrafficPolicy.LOCAL))).containsExactly(1, 2);
        assertThat(numbers(chosen.under(TrafficPolicy.CLUSTER))).containsExactly(5);
    }

    @Test
    void fallsBackToAllTerminatingBackendsWhateverTheirHints() {
        Backend far = backend(4, OTHER, false, true, true, Set.of("zone-b"), Set.of());
        Backend near = backend(5, OTHER, false, true, true, Set.of("zone-a"), Set.of());

        assertThat(numbers(select(EVERYWHERE, "zone-a", far, near).cluster())).containsExactly(4, 5);
    }

    @Test
    void knowsAllBackendsOfTheNodeInWhateverState() {
        Backend unready = backend(3, NODE, false, false, false, Set.of(), Set.of());

        Selection chosen = select(EVERYWHERE, "", ready(1, NODE), terminating(2, NODE), unready, ready(4, OTHER));

        assertThat(numbers(chosen.onNode())).containsExactly(1, 2, 3);
    }

    @Test
    void selectsNothingFromNothing() {
        assertThat(select(EVERYWHERE, "zone-a")).isEqualTo(new Selection(List.of(), List.of(), List.of()));
    }

    @Test
    void countsTheExternalPolicyOnlyForServicesThatAreReachedFromOutside() {
        ServicePort port = new ServicePort("http", TransportProtocol.TCP, 80, 30_080);
        Service.Builder service =
                Service.builder(new ObjectName("default", "web")).externalPolicy(TrafficPolicy.LOCAL);

        assertThat(external(service.type(ServiceType.CLUSTER_IP), port)).isEqualTo(TrafficPolicy.CLUSTER);
        assertThat(external(service.type(ServiceType.NODE_PORT), port)).isEqualTo(TrafficPolicy.LOCAL);
        assertThat(external(service.type(ServiceType.LOAD_BALANCER), port)).isEqualTo(TrafficPolicy.LOCAL);
        assertThat(external(service.type(ServiceType.CLUSTER_IP).externalIps(EXTERNAL), port))
                .isEqualTo(TrafficPolicy.LOCAL);
    }

    @Test
    void isReachedFromOutsideByAnAddressOfTheFamily() {
        ServicePort port = ServicePort.of("http", TransportProtocol.TCP, 80);
        Service plain = Service.builder(new ObjectName("default", "web")).build();
        Service external = Service.builder(plain.name()).externalIps(EXTERNAL).build();
        Service balanced =
                Service.builder(plain.name()).loadBalancerIps(EXTERNAL).build();

        assertThat(Traffic.of(plain, port, IpFamily.IPV4).reachableFromOutside())
                .isFalse();
        for (Service service : List.of(external, balanced)) {
            assertThat(Traffic.of(service, port, IpFamily.IPV4).reachableFromOutside())
                    .isTrue();
            assertThat(Traffic.of(service, port, IpFamily.IPV6).reachableFromOutside())
                    .isFalse();
        }
    }

    private static TrafficPolicy external(Service.Builder service, ServicePort port) {
        return Traffic.of(service.build(), port, IpFamily.IPV4).external();
    }

    private static Selection select(Traffic traffic, String zone, Backend... backends) {
        return Selection.of(traffic, List.of(backends), NODE, zone);
    }

    private static List<Integer> numbers(List<Backend> backends) {
        return backends.stream()
                .map(backend -> (int) backend.address().bytes()[3])
                .toList();
    }

    private static Backend zoned(int number, String zone) {
        return backend(number, OTHER, true, true, false, Set.of(zone), Set.of());
    }

    private static Backend ready(int number, String node) {
        return backend(number, node, true, true, false, Set.of(), Set.of());
    }

    private static Backend terminating(int number, String node) {
        return backend(number, node, false, true, true, Set.of(), Set.of());
    }

    private static Backend backend(
            int number,
            String node,
            boolean ready,
            boolean serving,
            boolean terminating,
            Set<String> zones,
            Set<String> nodes) {
        IpAddress address = IpAddress.of("10.244.0." + number);
        return new Backend(new Endpoint(address, ready, serving, terminating, node, zones, nodes), 8080);
    }
}
