// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.netlink.IpFamily;
import java.util.List;
import java.util.Map;

/**
 * Some of the endpoints of a Service, all of one address family.
 *
 * @param name the slice's own name
 * @param serviceName the Service in the same namespace (label {@code kubernetes.io/service-name}); empty if it belongs
 *     to none, and then nothing is programmed for it
 * @param family the family of all its endpoints
 * @param ports the ports on which all its endpoints listen
 * @param endpoints the endpoints
 * @param labels the slice's labels; slices for another proxy and those of headless Services are told by them
 */
public record EndpointSlice(
        ObjectName name,
        String serviceName,
        IpFamily family,
        List<EndpointPort> ports,
        List<Endpoint> endpoints,
        Map<String, String> labels) {
    /** Checks that all endpoints are of the slice's family, and copies the collections. */
    public EndpointSlice {
        ports = List.copyOf(ports);
        endpoints = List.copyOf(endpoints);
        labels = Map.copyOf(labels);
        for (Endpoint endpoint : endpoints) {
            if (endpoint.address().family() != family) {
                throw new IllegalArgumentException(
                        "slice " + name + ": endpoint " + endpoint.address() + " is not an " + family + " address");
            }
        }
    }
}
