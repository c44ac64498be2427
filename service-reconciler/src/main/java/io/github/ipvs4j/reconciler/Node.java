// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpPrefix;
import java.util.List;
import java.util.Map;

/**
 * A node of the cluster.
 *
 * @param name its name
 * @param addresses its internal addresses, then its external ones
 * @param labels its labels; the zone is one of them
 * @param podCidrs the blocks its pods' addresses come from
 */
public record Node(String name, List<IpAddress> addresses, Map<String, String> labels, List<IpPrefix> podCidrs) {
    private static final String ZONE_LABEL = "topology.kubernetes.io/zone";

    /** Checks the name and copies the collections. */
    public Node {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("node name '': expected a name");
        }
        addresses = List.copyOf(addresses);
        labels = Map.copyOf(labels);
        podCidrs = List.copyOf(podCidrs);
    }

    /**
     * Returns the zone the node stands in.
     *
     * @return the label {@code topology.kubernetes.io/zone}, empty if it has none
     */
    public String zone() {
        return labels.getOrDefault(ZONE_LABEL, "");
    }
}
