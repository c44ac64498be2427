// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.ipvs4j.ipvs.TransportProtocol;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelTest {
    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "127.0.0.1", "224.0.0.1", "::", "::1", "ff02::1"})
    void refusesAClusterAddressThatNoDeviceCanHave(String address) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Samples.service("web", address).build())
                .withMessageContaining("Service default/web: ");
    }

    @Test
    void refusesTwoClusterAddressesOfOneFamily() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> Samples.service("web", "10.96.0.1", "10.96.0.2").build())
                .withMessageContaining("more than one cluster address of IPV4");
    }

    @Test
    void findsTheClusterAddressOfAFamily() {
        Service web = Samples.service("web", "fd00::1", "10.96.0.1").build();

        assertThat(web.clusterIp(IpFamily.IPV4)).contains(IpAddress.of("10.96.0.1"));
        assertThat(Samples.service("web").build().clusterIp(IpFamily.IPV4)).isEmpty();
    }

    @Test
    void refusesAPortThatOccursTwice() {
        ServicePort first = new ServicePort("a", TransportProtocol.TCP, 80, 0);
        ServicePort second = new ServicePort("b", TransportProtocol.TCP, 80, 30_080);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Samples.service("web", "10.96.0.1")
                        .ports(List.of(first, second))
                        .build());
    }

    @Test
    void refusesANodePortThatOccursTwice() {
        ServicePort first = new ServicePort("a", TransportProtocol.TCP, 80, 30_080);
        ServicePort second = new ServicePort("b", TransportProtocol.TCP, 81, 30_080);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Samples.service("web", "10.96.0.1")
                        .ports(List.of(first, second))
                        .build());
    }

    @Test
    void acceptsOnePortOfTwoProtocolsAndSeveralPortsWithoutANodePort() {
        Service web = Samples.service("web", "10.96.0.1")
                .ports(List.of(
                        ServicePort.of("a", TransportProtocol.TCP, 53),
                        ServicePort.of("b", TransportProtocol.UDP, 53),
                        ServicePort.of("c", TransportProtocol.TCP, 54)))
                .build();

        assertThat(web.ports()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 65_536})
    void refusesAPortOutOfRange(int port) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServicePort.of("http", TransportProtocol.TCP, port))
                .withMessage("port " + port + ": expected 1 to 65535");
        assertThatIllegalArgumentException().isThrownBy(() -> new EndpointPort("http", TransportProtocol.TCP, port));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 500, 86_401_000})
    void refusesAnAffinityOutOfRange(long millis) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SessionAffinity.clientIp(Duration.ofMillis(millis)))
                .withMessageContaining("expected whole seconds, 1 to 86400");
    }

    @Test
    void refusesAnEndpointOfAnotherFamilyThanItsSlice() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new EndpointSlice(
                        Samples.name("web-1"),
                        "web",
                        IpFamily.IPV6,
                        List.of(),
                        List.of(Samples.local("10.244.0.1")),
                        Map.of()))
                .withMessage("slice default/web-1: endpoint 10.244.0.1 is not an IPV6 address");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "239.1.1.1"})
    void refusesAnEndpointThatNothingCanBeSentTo(String address) {
        assertThatIllegalArgumentException().isThrownBy(() -> Samples.local(address));
    }

    @Test
    void takesTheZoneFromTheNodesLabel() {
        Node node = new Node("a", List.of(), Map.of("topology.kubernetes.io/zone", "zone-a"), List.of());

        assertThat(node.zone()).isEqualTo("zone-a");
        assertThat(new Node("a", List.of(), Map.of(), List.of()).zone()).isEmpty();
    }

    @Test
    void ordersNamesByNamespaceFirst() {
        assertThat(Set.of(new ObjectName("b", "a"), new ObjectName("a", "b"), new ObjectName("a", "a")).stream()
                        .sorted()
                        .map(ObjectName::toString))
                .containsExactly("a/a", "a/b", "b/a");
        assertThatIllegalArgumentException().isThrownBy(() -> new ObjectName("", "a"));
    }

    @Test
    void namesTheServiceInAFailure() {
        SyncReport.Failure ofOne = new SyncReport.Failure(Optional.of(Samples.name("web")), "it failed");
        SyncReport.Failure ofAll = new SyncReport.Failure(Optional.empty(), "it failed");

        assertThat(ofOne).hasToString("Service default/web: it failed");
        assertThat(ofAll).hasToString("it failed");
        assertThat(new SyncReport(SyncCause.CHANGES, 0, Map.of(), 0, List.of(ofAll), Map.of(), Duration.ZERO)
                        .succeeded())
                .isFalse();
    }
}
