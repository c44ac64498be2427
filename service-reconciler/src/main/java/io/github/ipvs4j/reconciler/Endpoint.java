// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.netlink.IpAddress;
import java.util.Set;

/**
 * One endpoint of an EndpointSlice. Where Kubernetes leaves a condition out, {@code ready} and {@code serving} are true
 * and {@code terminating} is false.
 *
 * @param address where it is reached
 * @param ready whether it takes new connections
 * @param serving whether it answers, also while it ends
 * @param terminating whether it is ending
 * @param nodeName the node it runs on, empty if unknown
 * @param zoneHints the zones that should use it, empty if there is no hint
 * @param nodeHints the nodes that should use it, empty if there is no hint
 */
public record Endpoint(
        IpAddress address,
        boolean ready,
        boolean serving,
        boolean terminating,
        String nodeName,
        Set<String> zoneHints,
        Set<String> nodeHints) {
    /** Checks that connections can be sent to the address, and copies the hints. */
    public Endpoint {
        if (address.isUnspecified() || address.isMulticast()) {
            throw new IllegalArgumentException("endpoint address " + address + ": nothing can be sent there");
        }
        zoneHints = Set.copyOf(zoneHints);
        nodeHints = Set.copyOf(nodeHints);
    }

    /**
     * Makes an endpoint that is ready, without hints.
     *
     * @param address where it is reached
     * @param nodeName the node it runs on, empty if unknown
     * @return the endpoint
     */
    public static Endpoint ready(IpAddress address, String nodeName) {
        return new Endpoint(address, true, true, false, nodeName, Set.of(), Set.of());
    }
}
