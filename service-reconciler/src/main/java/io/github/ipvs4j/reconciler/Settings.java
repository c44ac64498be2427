// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.ipvs.Scheduler;
import io.github.ipvs4j.netlink.IpPrefix;
import java.util.List;

/**
 * What the owner decided about a node and never changes while the reconciler lives.
 *
 * @param nodeName the own node
 * @param scheduler of every virtual server
 * @param clusterCidrs where local traffic comes from; only the first of each family counts
 * @param masqueradeAll whether everything to cluster addresses is masqueraded
 * @param masqueradeBit the bit of the packet mark that asks for masquerading
 * @param nodePortAddresses the blocks whose addresses of the node take node ports; none for all
 */
record Settings(
        String nodeName,
        Scheduler scheduler,
        List<IpPrefix> clusterCidrs,
        boolean masqueradeAll,
        int masqueradeBit,
        List<IpPrefix> nodePortAddresses) {
    private static final int HIGHEST_BIT = 31;

    Settings {
        if (nodeName.isEmpty()) {
            throw new IllegalArgumentException("node name '': set the name of the own node");
        }
        if (masqueradeBit < 0 || masqueradeBit > HIGHEST_BIT) {
            throw new IllegalArgumentException("masquerade bit " + masqueradeBit + ": expected 0 to " + HIGHEST_BIT);
        }
        clusterCidrs = List.copyOf(clusterCidrs);
        nodePortAddresses = List.copyOf(nodePortAddresses);
    }
}
