// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.ipvs.ServiceKey;
import io.github.ipvs4j.ipvs.VirtualServer;
import io.github.ipvs4j.netlink.IpAddress;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * What one Service wants of the kernel.
 *
 * @param servers its virtual servers, each key once
 * @param addresses what must be bound to the dummy device for them
 * @param members entries of the sets
 * @param closedToNode the virtual servers that the node itself may not reach
 */
record Fragment(
        List<VirtualServer> servers,
        Set<IpAddress> addresses,
        Set<Member> members,
        Set<ServiceKey.Address> closedToNode) {
    static final Fragment EMPTY = new Fragment(List.of(), Set.of(), Set.of(), Set.of());

    Fragment {
        servers = List.copyOf(servers);
        // Not copied, for there is one for each Service, and who makes it forgets the sets.
        addresses = Collections.unmodifiableSet(addresses);
        members = Collections.unmodifiableSet(members);
        closedToNode = Collections.unmodifiableSet(closedToNode);
    }

    /** Tells whether nothing is wanted. */
    boolean isEmpty() {
        return servers.isEmpty() && addresses.isEmpty() && members.isEmpty() && closedToNode.isEmpty();
    }
}
