// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.reconciler;

import io.github.ipvs4j.ipvs.TransportProtocol;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.reconciler.Endpoint;
import io.github.ipvs4j.reconciler.EndpointPort;
import io.github.ipvs4j.reconciler.EndpointSlice;
import io.github.ipvs4j.reconciler.ObjectName;
import io.github.ipvs4j.reconciler.Reconciler;
import io.github.ipvs4j.reconciler.Service;
import io.github.ipvs4j.reconciler.ServicePort;
import io.github.ipvs4j.reconciler.ServiceType;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Kubernetes objects for tests; the own node is node-1. */
final class Objects {
    static final String NODE = "node-1";

    /** The port of all endpoints. */
    static final int PORT = 8080;

    private Objects() {}

    static ObjectName name(String name) {
        return new ObjectName("default", name);
    }

    /** A Service with one port, 80 or, for UDP, 53. */
    static Service.Builder service(String name, TransportProtocol protocol, String... addresses) {
        int port = protocol == TransportProtocol.UDP ? 53 : 80;
        return Service.builder(name(name))
                .clusterIps(Stream.of(addresses).map(IpAddress::of).toList())
                .ports(List.of(ServicePort.of("it", protocol, port)));
    }

    static Service.Builder nodePort(String name, int nodePort, String... addresses) {
        return service(name, TransportProtocol.TCP, addresses)
                .type(ServiceType.NODE_PORT)
                .ports(List.of(new ServicePort("it", TransportProtocol.TCP, 80, nodePort)));
    }

    /** The slice NAME-slice of a Service with endpoints on this node, of the family of the first of them. */
    static EndpointSlice slice(String service, TransportProtocol protocol, String... endpoints) {
        List<Endpoint> all = Stream.of(endpoints)
                .map(address -> Endpoint.ready(IpAddress.of(address), NODE))
                .toList();
        return new EndpointSlice(
                name(service + "-slice"),
                service,
                all.isEmpty() ? IpFamily.IPV4 : all.get(0).address().family(),
                List.of(new EndpointPort("it", protocol, PORT)),
                all,
                Map.of());
    }

    /** Puts a TCP Service with its slice. */
    static void putTcp(Reconciler reconciler, String name, String address, String... endpoints) {
        reconciler.put(service(name, TransportProtocol.TCP, address).build());
        reconciler.put(slice(name, TransportProtocol.TCP, endpoints));
    }
}
