// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.netlink.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An endpoint on one of its ports. Equal backends are those that connections reach alike. */
record Backend(Endpoint endpoint, int port) implements Comparable<Backend> {
    IpAddress address() {
        return endpoint.address();
    }

    boolean onNode(String node) {
        return endpoint.nodeName().equals(node);
    }

    boolean fallback() {
        return endpoint.serving() && endpoint.terminating();
    }

    /**
     * Collects the backends of a Service's port from its slices, in the order of their addresses. Where one is named
     * more than once, the later word is right, unless it says that it is terminating.
     */
    static List<Backend> of(ServicePort port, List<EndpointSlice> slices) {
        TreeMap<Backend, Backend> found = new TreeMap<>();
        for (EndpointSlice slice : slices) {
            for (EndpointPort listening : slice.ports()) {
                if (listening.name().equals(port.name()) && listening.protocol() == port.protocol()) {
                    for (Endpoint endpoint : slice.endpoints()) {
                        merge(found, new Backend(endpoint, listening.port()));
                    }
                }
            }
        }
        return new ArrayList<>(found.values());
    }

    private static void merge(TreeMap<Backend, Backend> found, Backend later) {
        if (!later.endpoint.terminating() || !found.containsKey(later)) {
            found.put(later, later);
        }
    }

    @Override
    public int compareTo(Backend other) {
        int byAddress = address().compareTo(other.address());
        return byAddress != 0 ? byAddress : Integer.compare(port, other.port);
    }

    @Override
    public boolean equals(@Nullable Object object) {
        return object instanceof Backend other && compareTo(other) == 0;
    }

    @Override
    public int hashCode() {
        return address().hashCode() * 31 + port;
    }
}
