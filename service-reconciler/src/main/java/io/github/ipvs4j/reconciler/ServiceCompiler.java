// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.ipset.SetEntry;
import io.github.ipvs4j.ipset.SetProtocol;
import io.github.ipvs4j.ipvs.Destination;
import io.github.ipvs4j.ipvs.Scheduler;
import io.github.ipvs4j.ipvs.ServiceFlags;
import io.github.ipvs4j.ipvs.ServiceKey;
import io.github.ipvs4j.ipvs.TransportProtocol;
import io.github.ipvs4j.ipvs.VirtualServer;
import io.github.ipvs4j.ipvs.VirtualService;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Turns one Service with its slices into what it wants of the kernel; depends on nothing but its arguments. */
final class ServiceCompiler {
    private final Service service;
    private final NodeFacts node;
    private final List<VirtualServer> servers = new ArrayList<>();
    private final Set<IpAddress> addresses = new HashSet<>();
    private final Set<Member> members = new HashSet<>();

    private ServiceCompiler(Service service, NodeFacts node) {
        this.service = service;
        this.node = node;
    }

    /**
     * Compiles a Service.
     *
     * @param service the Service
     * @param slices its slices in the order of their names
     * @param node the node it is for
     * @return what it wants; nothing for one without cluster addresses or of type ExternalName
     */
    static Fragment compile(Service service, List<EndpointSlice> slices, NodeFacts node) {
        if (service.type() == ServiceType.EXTERNAL_NAME) {
            return Fragment.EMPTY;
        }
        ServiceCompiler compiler = new ServiceCompiler(service, node);
        for (IpAddress clusterIp : service.clusterIps()) {
            IpFamily family = clusterIp.family();
            if (node.families().contains(family)) {
                List<EndpointSlice> fitting = slices.stream()
                        .filter(slice -> slice.family() == family)
                        .toList();
                service.ports().forEach(port -> compiler.port(port, clusterIp, fitting));
            }
        }
        return new Fragment(compiler.servers, compiler.addresses, compiler.members);
    }

    private void port(ServicePort port, IpAddress clusterIp, List<EndpointSlice> slices) {
        Selection.Traffic traffic = Selection.Traffic.of(service, port);
        Selection selection =
                Selection.of(traffic, Backend.of(port, slices), node.settings().nodeName(), node.zone());
        clusterIp(port, clusterIp, selection.under(traffic.internal()));
        selection.onNode().forEach(backend -> loopBack(port, backend));
        if (port.nodePort() != 0) {
            nodePort(port, clusterIp.family(), traffic.external(), selection.under(traffic.external()));
        }
    }

    private void clusterIp(ServicePort port, IpAddress address, List<Backend> backends) {
        server(port.protocol(), address, port.port(), backends);
        addresses.add(address);
        member(KubeSet.IPVS_IPS, address.family(), new SetEntry.Ip(address));
        member(
                KubeSet.CLUSTER_IP,
                address.family(),
                new SetEntry.IpPort(address, protocol(port.protocol()), port.port()));
    }

    private void loopBack(ServicePort port, Backend backend) {
        IpAddress address = backend.address();
        member(
                KubeSet.LOOP_BACK,
                address.family(),
                new SetEntry.IpPortIp(address, protocol(port.protocol()), backend.port(), address));
    }

    private void nodePort(ServicePort port, IpFamily family, TrafficPolicy policy, List<Backend> backends) {
        for (IpAddress address : node.nodePortAddresses()) {
            if (address.family() == family) {
                server(port.protocol(), address, port.nodePort(), backends);
                nodePortEntry(port, address, policy);
            }
        }
    }

    private void nodePortEntry(ServicePort port, IpAddress address, TrafficPolicy policy) {
        SetEntry entry = port.protocol() == TransportProtocol.SCTP
                ? new SetEntry.IpPort(address, SetProtocol.SCTP, port.nodePort())
                : new SetEntry.Port(port.nodePort());
        IpFamily family = address.family();
        member(
                switch (port.protocol()) {
                    case TCP -> KubeSet.NODE_PORT_TCP;
                    case UDP -> KubeSet.NODE_PORT_UDP;
                    case SCTP -> KubeSet.NODE_PORT_SCTP;
                },
                family,
                entry);
        if (policy == TrafficPolicy.LOCAL) {
            member(
                    switch (port.protocol()) {
                        case TCP -> KubeSet.NODE_PORT_LOCAL_TCP;
                        case UDP -> KubeSet.NODE_PORT_LOCAL_UDP;
                        case SCTP -> KubeSet.NODE_PORT_LOCAL_SCTP;
                    },
                    family,
                    entry);
        }
    }

    private void server(TransportProtocol protocol, IpAddress address, int port, List<Backend> backends) {
        Scheduler scheduler = node.settings().scheduler();
        VirtualService virtual = VirtualService.of(ServiceKey.of(protocol, address, port), scheduler);
        if (scheduler.equals(Scheduler.MAGLEV_HASHING)) {
            virtual = virtual.withFlags(ServiceFlags.MAGLEV_PORT);
        }
        if (service.affinity() instanceof SessionAffinity.ClientIp clientIp) {
            virtual = virtual.withPersistence(clientIp.timeout());
        }
        List<Destination> destinations = backends.stream()
                .map(backend -> Destination.masquerade(backend.address(), backend.port()))
                .toList();
        servers.add(new VirtualServer(virtual, destinations));
    }

    private void member(KubeSet set, IpFamily family, SetEntry entry) {
        members.add(new Member(set, family, entry));
    }

    private static SetProtocol protocol(TransportProtocol protocol) {
        return switch (protocol) {
            case TCP -> SetProtocol.TCP;
            case UDP -> SetProtocol.UDP;
            case SCTP -> SetProtocol.SCTP;
        };
    }
}
