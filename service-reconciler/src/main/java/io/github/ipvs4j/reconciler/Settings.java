// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.ipvs.Scheduler;
import io.github.ipvs4j.ipvs.Timeouts;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpPrefix;
import java.util.List;
import java.util.Optional;

/**
 * What the owner decided about a node and never changes while the reconciler lives.
 *
 * @param nodeName the own node
 * @param nodeIp takes the place of the Node's address of that family
 * @param scheduler of every virtual server
 * @param localDetection how local traffic is told
 * @param masqueradeAll whether everything to cluster addresses is masqueraded
 * @param masqueradeBit the bit of the packet mark that asks for masquerading
 * @param nodePortAddresses which of the node's addresses take node ports
 * @param excludeCidrs where virtual servers are never deleted
 * @param strictArp whether the node keeps silent about addresses that the asked device does not have
 * @param timeouts of idle connections; zero leaves what is set
 * @param serviceAnnotations whether Services choose by annotations
 */
record Settings(
        String nodeName,
        Optional<IpAddress> nodeIp,
        Scheduler scheduler,
        LocalDetection localDetection,
        boolean masqueradeAll,
        int masqueradeBit,
        NodePortAddresses nodePortAddresses,
        List<IpPrefix> excludeCidrs,
        boolean strictArp,
        Timeouts timeouts,
        boolean serviceAnnotations) {
    private static final int HIGHEST_BIT = 31;

    Settings {
        if (nodeName.isEmpty()) {
            throw new IllegalArgumentException("node name '': set the name of the own node");
        }
        if (masqueradeBit < 0 || masqueradeBit > HIGHEST_BIT) {
            throw new IllegalArgumentException("masquerade bit " + masqueradeBit + ": expected 0 to " + HIGHEST_BIT);
        }
        nodeIp.filter(ip -> ip.isUnspecified() || ip.isMulticast()).ifPresent(ip -> {
            throw new IllegalArgumentException("node address " + ip + ": expected an address of the node");
        });
        excludeCidrs = List.copyOf(excludeCidrs);
    }

    /** Tells whether a virtual server on an address is never deleted. */
    boolean excludes(IpAddress address) {
        return excludeCidrs.stream().anyMatch(block -> block.contains(address));
    }
}
