// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.ipvs.TransportProtocol;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Objects for tests: the node is node-a. */
final class Samples {
    static final Settings SETTINGS = settings().settings();

    private Samples() {}

    /** Settings of which a test changes some. */
    static ReconcilerBuilder settings() {
        return Reconciler.builder().nodeName("node-a");
    }

    static ObjectName name(String name) {
        return new ObjectName("default", name);
    }

    /** A Service with the TCP port 80, named http. */
    static Service.Builder service(String name, String... clusterIps) {
        return Service.builder(name(name))
                .clusterIps(Stream.of(clusterIps).map(IpAddress::of).toList())
                .ports(List.of(ServicePort.of("http", TransportProtocol.TCP, 80)));
    }

    /** A Service with a node port. */
    static Service.Builder nodePort(String name, TransportProtocol protocol, int nodePort, String... clusterIps) {
        return service(name, clusterIps)
                .type(ServiceType.NODE_PORT)
                .ports(List.of(new ServicePort("http", protocol, 80, nodePort)));
    }

    /** The slice NAME-1 of a Service with the TCP port http on 8080. */
    static EndpointSlice slice(String service, Endpoint... endpoints) {
        return slice(service, TransportProtocol.TCP, endpoints);
    }

    static EndpointSlice slice(String service, TransportProtocol protocol, Endpoint... endpoints) {
        IpFamily family =
                endpoints.length == 0 ? IpFamily.IPV4 : endpoints[0].address().family();
        return slice(service, service + "-1-" + family, family, protocol, endpoints);
    }

    static EndpointSlice slice(
            String service, String name, IpFamily family, TransportProtocol protocol, Endpoint... endpoints) {
        return new EndpointSlice(
                name(name),
                service,
                family,
                List.of(new EndpointPort("http", protocol, 8080)),
                List.of(endpoints),
                Map.of());
    }

    static Endpoint local(String address) {
        return Endpoint.ready(IpAddress.of(address), "node-a");
    }

    static Endpoint remote(String address) {
        return Endpoint.ready(IpAddress.of(address), "node-b");
    }

    /** Takes all changes of a store. */
    static Map<ObjectName, Optional<ObjectStore.Inputs>> changes(ObjectStore store) {
        Map<ObjectName, Optional<ObjectStore.Inputs>> changes = new LinkedHashMap<>();
        store.takeChanges(changes::put);
        return changes;
    }

    static NodeFacts node(String... nodePortAddresses) {
        return node(SETTINGS, nodePortAddresses);
    }

    static NodeFacts node(Settings settings, String... nodePortAddresses) {
        return NodeFacts.of(
                settings,
                Optional.empty(),
                EnumSet.allOf(IpFamily.class),
                Stream.of(nodePortAddresses).map(IpAddress::of).collect(Collectors.toSet()));
    }
}
