// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpPrefix;
import io.github.ipvs4j.reconciler.Endpoint;
import io.github.ipvs4j.reconciler.EndpointSlice;
import io.github.ipvs4j.reconciler.Service;
import io.github.ipvs4j.reconciler.ServicePort;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong in one part of an object is left out and told, and the rest of the object is used. */
class LeftOutTest {
    private static final String HEAD = """
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            """;

    @Test
    void usesTheOtherAddressesAndPortsOfAService() {
        FileContent content = Manifests.yaml(HEAD + """
                spec:
                  type: LoadBalancer
                  clusterIPs: [10.96.0.1, nonsense]
                  ports: [{name: a, port: 80}, {name: b, port: 0}, {name: c, port: 82, nodePort: 70000}]
                  externalIPs: [198.51.100.1, 0.0.0.0, 239.1.2.3, lb.example.org, 198.51.100.2]
                  healthCheckNodePort: -1
                status: {loadBalancer: {ingress: [{ip: nowhere}, {ip: 203.0.113.1}, {ip: 203.0.113.2, ipMode: X}]}}
                """);

        Service service = service(content);
        assertThat(content.problems()).isEmpty();
        assertThat(content.leftOut()).hasSize(9);
        assertThat(service.clusterIps()).isEqualTo(ips("10.96.0.1"));
        assertThat(service.ports()).extracting(ServicePort::name).containsExactly("a", "c");
        assertThat(service.ports()).allMatch(port -> port.nodePort() == 0);
        assertThat(service.externalIps()).isEqualTo(ips("198.51.100.1", "198.51.100.2"));
        assertThat(service.loadBalancerIps()).isEqualTo(ips("203.0.113.1"));
        assertThat(service.healthCheckNodePort()).isZero();
    }

    @Test
    void usesTheOtherEndpointsAndPortsOfASlice() {
        FileContent content = Manifests.yaml(Manifests.slice("web-1", "web", "10.1.0.1", "10.1.0", "10.1.0.3")
                .replace("  - port: 8080\n", "  - {name: a, port: 8080}\n  - {name: b, port: 99999}\n"));

        EndpointSlice slice = ((Manifest.OfSlice) Objects.requireNonNull(
                                content.objects().get(new ObjectId(ObjectId.Kind.ENDPOINT_SLICE, "default", "web-1")))
                        .body())
                .slice();
        assertThat(content.leftOut()).hasSize(2);
        assertThat(slice.endpoints()).extracting(Endpoint::address).isEqualTo(ips("10.1.0.1", "10.1.0.3"));
        assertThat(slice.ports())
                .singleElement()
                .satisfies(port -> assertThat(port.port()).isEqualTo(8080));
    }

    @ParameterizedTest
    @CsvSource({
        "'10.0.0.0/8, 10.0.0/8', 10.0.0.0/8, 203.0.113.1 2001:db8::1",
        "'10.0.0/8', '', 2001:db8::1",
        "'2001:db8::/99x', '', ''",
        "'2001:db8::/99x, 10.0.0.0/8', 10.0.0.0/8, 203.0.113.1",
        "'10.0.0.0:8', '', ''",
        "'\"10:0:0:0/8\"', '', ''",
        "'everybody', '', ''",
        "'everybody, 10.0.0.0/8', 10.0.0.0/8, 203.0.113.1",
        "'\"\"', '', ''",
        "'10.0.0.1', '', 2001:db8::1",
        "'010.0.0.0/8', 10.0.0.0/8, 203.0.113.1 2001:db8::1"
    })
    void neverOpensALoadBalancerToEverybodyBecauseASourceRangeCannotBeRead(
            String ranges, String blocks, String addresses) {
        FileContent content = Manifests.yaml(HEAD + """
                spec:
                  type: LoadBalancer
                  clusterIP: 10.96.0.1
                  ports: [{port: 80}]
                  loadBalancerSourceRanges: [%s]
                status: {loadBalancer: {ingress: [{ip: 203.0.113.1}, {ip: '2001:db8::1'}]}}
                """.formatted(ranges));

        Service service = service(content);
        assertThat(content.problems()).isEmpty();
        assertThat(service.sourceRanges().stream().map(IpPrefix::toString).toList())
                .isEqualTo(words(blocks));
        assertThat(service.loadBalancerIps().stream().map(IpAddress::toString).toList())
                .isEqualTo(words(addresses));
    }

    @Test
    void saysWhichAddressesAreNotServedForWantOfASourceRange() {
        FileContent content = Manifests.yaml(HEAD + """
                spec: {type: LoadBalancer, clusterIP: 10.96.0.1, ports: [{port: 80}], loadBalancerSourceRanges: [x]}
                status: {loadBalancer: {ingress: [{ip: 203.0.113.1}]}}
                """);

        assertThat(Manifests.problems(content))
                .containsExactly(
                        "m.yaml:4:98: Service default/web: spec.loadBalancerSourceRanges[0]: 'x' is not a block of"
                                + " addresses; write one such as 10.244.0.0/16 or fd00::/64; till then"
                                + " spec.loadBalancerSourceRanges[0] is left out",
                        "m.yaml:5:34: Service default/web: status.loadBalancer.ingress: as no block of"
                                + " spec.loadBalancerSourceRanges tells who may reach [203.0.113.1], these addresses"
                                + " are not served; correct the blocks");
    }

    @Test
    void refusesAServiceOfWhichNothingIsLeft() {
        assertThat(Manifests.yaml(HEAD + "spec: {clusterIP: 10.96.0.1, ports: [{port: 0}]}\n")
                        .objects())
                .isEmpty();
        assertThat(Manifests.yaml(HEAD + "spec: {clusterIPs: [x, y], ports: [{port: 80}]}\n")
                        .objects())
                .isEmpty();
        assertThat(Manifests.yaml(Manifests.slice("web-1", "web", "x", "y")).objects())
                .isEmpty();
    }

    @Test
    void readsLeadingZerosAsKubernetesDoes() {
        FileContent content = Manifests.yaml(HEAD + """
                spec: {clusterIP: 10.96.000.001, ports: [{port: 80}], externalIPs: [198.051.100.010]}
                """);

        assertThat(service(content).clusterIps()).isEqualTo(ips("10.96.0.1"));
        assertThat(service(content).externalIps()).isEqualTo(ips("198.51.100.10"));
    }

    @Test
    void takesWhatIsLeftOfAChangedObjectThoughItIsNotAllRight() {
        Catalog catalog = new Catalog();
        catalog.update(Map.of("a.yaml", Optional.of(Manifests.yaml(Manifests.service("web", "10.96.0.1")))));

        Delta delta = catalog.update(Map.of(
                "a.yaml",
                Optional.of(Manifests.yaml(Manifests.service("web", "10.96.0.2") + "  externalIPs: [nonsense]\n"))));

        assertThat(delta.puts())
                .singleElement()
                .satisfies(put -> assertThat(
                                ((Manifest.OfService) put.body()).service().clusterIps())
                        .isEqualTo(ips("10.96.0.2")));
        assertThat(catalog.problems()).hasSize(1);
        catalog.update(Map.of("a.yaml", Optional.of(Manifests.yaml(Manifests.service("web", "10.96.0.2")))));
        assertThat(catalog.problems()).isEmpty();
    }

    private static Service service(FileContent content) {
        return ((Manifest.OfService) Objects.requireNonNull(content.objects().get(Manifests.serviceId("web")))
                        .body())
                .service();
    }

    private static List<IpAddress> ips(String... addresses) {
        return Stream.of(addresses).map(IpAddress::of).toList();
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" ", -1));
    }
}
