// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.ipset.SetEntry;
import io.github.ipvs4j.ipset.SetProtocol;
import io.github.ipvs4j.ipvs.ObservedServer;
import io.github.ipvs4j.ipvs.ServiceKey;
import io.github.ipvs4j.ipvs.TransportProtocol;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Decides what of the kernel's state is ours, and takes it into the ledgers, so that it is repaired or, where nobody
 * wants it, removed. What is not ours is never touched.
 *
 * <p>Ours are
 *
 * <ul>
 *   <li>the sets with kube-proxy's names, and the device {@code kube-ipvs0} with its addresses, if it is a dummy;
 *   <li>a virtual server that this reconciler made;
 *   <li>a virtual server on an address of that device, which only we bind;
 *   <li>a virtual server whose address, protocol and port are an entry of one of our sets: entries are added before the
 *       virtual server and deleted once it is gone, as {@link Leftovers} says, so that they tell what an earlier run
 *       made, whenever it was killed;
 *   <li>a virtual server on an address of the node whose protocol and port are in our sets of node ports.
 * </ul>
 *
 * <p>Unlike kube-proxy, which deletes every virtual server that it does not want, this leaves those of others alone,
 * and all that are told by firewall marks. Nor does it take what nobody wants where nothing is to be deleted
 * ({@link Settings#excludeCidrs()}).
 */
final class Adoption {
    private static final List<KubeSet> ADDRESS_AND_PORT = List.of(
            KubeSet.CLUSTER_IP,
            KubeSet.EXTERNAL_IP,
            KubeSet.EXTERNAL_IP_LOCAL,
            KubeSet.LOAD_BALANCER,
            KubeSet.NODE_PORT_SCTP);

    private final Observation seen;
    private final Settings settings;
    private final Set<IpFamily> families;
    private final Set<IpAddress> bound;
    private final Set<IpAddress> ofNode;

    private Adoption(Observation seen, NodeFacts node) {
        this.seen = seen;
        this.settings = node.settings();
        this.families = node.families();
        this.bound = seen.bound();
        this.ofNode = seen.ofNode();
    }

    /**
     * Returns the virtual servers that Services want, but that others have made: they are there, and made neither by
     * this reconciler nor, as far as can be known, by an earlier run.
     */
    static List<ServiceKey> foreign(Observation seen, NodeFacts node, DesiredState state) {
        Adoption adoption = new Adoption(seen, node);
        List<ServiceKey> foreign = new ArrayList<>();
        for (ObservedServer server : seen.servers()) {
            ServiceKey key = server.key();
            if (state.servers().wanted(key) != null
                    && state.servers().held(key) == null
                    && !state.hasLeftBehind(key)
                    && key instanceof ServiceKey.Address address
                    && !adoption.isProved(address)) {
                foreign.add(key);
            }
        }
        return foreign;
    }

    /**
     * Takes what is ours into the ledgers in place of what they held, and marks what differs from what is wanted.
     *
     * @param foreign virtual servers that are known to be of others
     */
    static void take(Observation seen, NodeFacts node, DesiredState state, Set<ServiceKey> foreign) {
        Adoption adoption = new Adoption(seen, node);
        adoption.servers(state, foreign);
        adoption.addresses(state);
        adoption.sets(state);
    }

    private void servers(DesiredState state, Set<ServiceKey> foreign) {
        Ledger<ServiceKey, ?> ledger = state.servers();
        Set<ServiceKey> made = new HashSet<>(ledger.heldKeys());
        ledger.forgetHeld();
        Set<ServiceKey> present = new HashSet<>();
        for (ObservedServer server : seen.servers()) {
            ServiceKey key = server.key();
            present.add(key);
            if (!foreign.contains(key) && (ledger.wanted(key) != null || made.contains(key) || isOurs(key))) {
                state.servers().hold(key, PackedServer.of(server.server()));
            }
        }
        state.forgetLeftBehind(present);
        ledger.touchDifferences();
    }

    private boolean isOurs(ServiceKey key) {
        return key instanceof ServiceKey.Address service
                && families.contains(service.family())
                && !settings.excludes(service.address())
                && isProved(service);
    }

    private boolean isProved(ServiceKey.Address service) {
        return bound.contains(service.address()) || isEntry(service) || isNodePort(service);
    }

    private boolean isEntry(ServiceKey.Address service) {
        SetProtocol protocol = new SetProtocol(service.protocol().number());
        SetEntry entry = new SetEntry.IpPort(service.address(), protocol, service.port());
        return ADDRESS_AND_PORT.stream().anyMatch(set -> isIn(set, service.family(), entry));
    }

    private boolean isNodePort(ServiceKey.Address service) {
        KubeSet set = service.protocol() == TransportProtocol.UDP ? KubeSet.NODE_PORT_UDP : KubeSet.NODE_PORT_TCP;
        return service.protocol() != TransportProtocol.SCTP
                && ofNode.contains(service.address())
                && isIn(set, service.family(), new SetEntry.Port(service.port()));
    }

    private boolean isIn(KubeSet set, IpFamily family, SetEntry entry) {
        return seen.set(set, family)
                .map(contents -> contents.entries().contains(entry))
                .orElse(false);
    }

    private void addresses(DesiredState state) {
        state.addresses().forgetHeld();
        for (IpAddress address : bound) {
            if (families.contains(address.family())) {
                state.addresses().hold(address, Boolean.TRUE);
            }
        }
        state.addresses().touchDifferences();
    }

    private void sets(DesiredState state) {
        for (IpFamily family : families) {
            for (KubeSet set : KubeSet.values()) {
                Ledger<SetEntry, Boolean> ledger = state.set(set, family);
                ledger.forgetHeld();
                seen.set(set, family)
                        .ifPresent(contents -> contents.entries().forEach(entry -> ledger.hold(entry, Boolean.TRUE)));
                ledger.touchDifferences();
            }
        }
    }
}
