// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.ipset.SetEntry;
import io.github.ipvs4j.ipset.SetProtocol;
import io.github.ipvs4j.ipvs.ServiceKey;
import io.github.ipvs4j.ipvs.TransportProtocol;
import io.github.ipvs4j.netlink.IpAddress;
import java.util.HashSet;
import java.util.Set;

/**
 * Virtual servers that nobody wants and that are there nevertheless, because they could not be deleted. Their addresses
 * and entries must stay as long, for by nothing else would a later run know that they are ours; see {@link Adoption}.
 */
final class Leftovers {
    /** No virtual server. */
    static final Leftovers NONE = new Leftovers();

    private final Set<IpAddress> addresses = new HashSet<>();
    private final Set<SetEntry> entries = new HashSet<>();
    private final Set<Integer> tcpPorts = new HashSet<>();
    private final Set<Integer> udpPorts = new HashSet<>();

    private Leftovers() {}

    /** Finds them; every one is touched, because what is wanted and what is there differ. */
    static Leftovers of(Ledger<ServiceKey, ?> servers) {
        Leftovers found = new Leftovers();
        for (ServiceKey key : servers.touched()) {
            if (key instanceof ServiceKey.Address service && servers.wanted(key) == null && servers.held(key) != null) {
                found.add(service);
            }
        }
        return found;
    }

    private void add(ServiceKey.Address service) {
        addresses.add(service.address());
        entries.add(new SetEntry.Ip(service.address()));
        entries.add(new SetEntry.IpPort(
                service.address(), new SetProtocol(service.protocol().number()), service.port()));
        if (service.protocol() == TransportProtocol.TCP) {
            tcpPorts.add(service.port());
        } else if (service.protocol() == TransportProtocol.UDP) {
            udpPorts.add(service.port());
        }
    }

    /** Tells whether an address is that of one of them. */
    boolean have(IpAddress address) {
        return addresses.contains(address);
    }

    /** Tells whether an entry is there for one of them. */
    boolean have(KubeSet set, SetEntry entry) {
        if (entry instanceof SetEntry.Port port) {
            return switch (set) {
                case NODE_PORT_TCP, NODE_PORT_LOCAL_TCP -> tcpPorts.contains(port.port());
                case NODE_PORT_UDP, NODE_PORT_LOCAL_UDP -> udpPorts.contains(port.port());
                default -> false;
            };
        }
        return entries.contains(entry);
    }
}
