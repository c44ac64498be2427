// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the load balancers of a Service are told on its health-check node port.
 *
 * @param service the Service
 * @param port the node port
 * @param localEndpoints for each family of the Service, how many endpoints of this node take new connections
 */
record HealthCheck(ObjectName service, int port, Map<IpFamily, Integer> localEndpoints) {
    HealthCheck {
        localEndpoints = Map.copyOf(localEndpoints);
    }

    /**
     * Derives it from a Service.
     *
     * @param service the Service
     * @param slices its slices in the order of their names
     * @param nodeName the own node
     * @return empty unless it is of type LoadBalancer with the external policy {@code Local} and has a port for it
     */
    static Optional<HealthCheck> of(Service service, List<EndpointSlice> slices, String nodeName) {
        if (service.type() != ServiceType.LOAD_BALANCER
                || service.externalPolicy() != TrafficPolicy.LOCAL
                || service.healthCheckNodePort() == 0
                || service.clusterIps().isEmpty()) {
            return Optional.empty();
        }
        Map<IpFamily, Integer> counts = new EnumMap<>(IpFamily.class);
        for (IpAddress clusterIp : service.clusterIps()) {
            List<EndpointSlice> fitting = slices.stream()
                    .filter(slice -> slice.family() == clusterIp.family())
                    .toList();
            Set<IpAddress> ready = new HashSet<>();
            // As kube-proxy does, over all ports that the slices name, be they the Service's or not.
            fitting.stream()
                    .flatMap(slice -> slice.ports().stream())
                    .map(port -> ServicePort.of(port.name(), port.protocol(), port.port()))
                    .distinct()
                    .flatMap(port -> Backend.of(port, fitting).stream())
                    .filter(backend ->
                            backend.onNode(nodeName) && backend.endpoint().ready())
                    .forEach(backend -> ready.add(backend.address()));
            counts.put(clusterIp.family(), ready.size());
        }
        return Optional.of(new HealthCheck(service.name(), service.healthCheckNodePort(), counts));
    }

    /** Returns the count for who asks by a family; for one that the Service does not have, that of its other one. */
    int localEndpoints(IpFamily family) {
        Integer count = localEndpoints.get(family);
        return count != null
                ? count
                : localEndpoints.values().stream().findFirst().orElse(0);
    }
}
