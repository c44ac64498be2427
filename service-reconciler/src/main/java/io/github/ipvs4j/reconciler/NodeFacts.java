// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import java.util.List;
import java.util.Set;

/**
 * What {@link ServiceCompiler} must know of the own node.
 *
 * @param settings what the owner decided
 * @param zone where the node stands, empty if unknown
 * @param families those that the node runs with
 * @param nodePortAddresses its addresses on which node ports are reached
 */
record NodeFacts(Settings settings, String zone, Set<IpFamily> families, List<IpAddress> nodePortAddresses) {
    NodeFacts {
        families = Set.copyOf(families);
        nodePortAddresses = List.copyOf(nodePortAddresses);
    }
}
