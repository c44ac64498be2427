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
import io.github.ipvs4j.netlink.IpPrefix;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Turns one Service with its slices into what it wants of the kernel; depends on nothing but its arguments. */
final class ServiceCompiler {
    private final Service service;
    private final NodeFacts node;
    private final Choices choices;
    private final Map<ServiceKey, VirtualServer> servers = new LinkedHashMap<>();
    private final Set<IpAddress> addresses = new HashSet<>();
    private final Set<Member> members = new HashSet<>();
    private final Set<ServiceKey.Address> closedToNode = new HashSet<>();

    private ServiceCompiler(Service service, NodeFacts node) {
        this.service = service;
        this.node = node;
        this.choices = Choices.of(service.annotations());
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
                List<EndpointSlice> fitting = new ArrayList<>(slices.size());
                for (EndpointSlice slice : slices) {
                    if (slice.family() == family) {
                        fitting.add(slice);
                    }
                }
                for (ServicePort port : service.ports()) {
                    compiler.port(port, clusterIp, fitting);
                }
            }
        }
        return new Fragment(compiler.servers(), compiler.addresses, compiler.members, compiler.closedToNode);
    }

    private void port(ServicePort port, IpAddress clusterIp, List<EndpointSlice> slices) {
        IpFamily family = clusterIp.family();
        Selection.Traffic traffic = Selection.Traffic.of(service, port, family);
        Selection selection =
                Selection.of(traffic, Backend.of(port, slices), node.settings().nodeName(), node.zone());
        clusterIp(port, clusterIp, selection.under(traffic.internal()));
        for (Backend backend : selection.onNode()) {
            loopBack(port, backend);
        }
        List<Backend> outside = selection.under(traffic.external());
        for (IpAddress address : service.externalIps()) {
            if (address.family() == family) {
                externalIp(port, address, traffic.external(), outside);
            }
        }
        for (IpAddress address : service.loadBalancerIps()) {
            if (address.family() == family) {
                loadBalancerIp(port, address, traffic.external(), outside);
            }
        }
        boolean skipped = false;
        if (port.nodePort() != 0) {
            skipped = !nodePort(port, family, traffic.external(), outside);
        }
        // As in kube-proxy, a port that finds no address for its node port leaves this out with it.
        if (hasHealthCheck() && !skipped) {
            member(KubeSet.HEALTH_CHECK_NODE_PORT, family, new SetEntry.Port(service.healthCheckNodePort()));
        }
    }

    private boolean hasHealthCheck() {
        return service.healthCheckNodePort() != 0
                && service.type() == ServiceType.LOAD_BALANCER
                && service.externalPolicy() == TrafficPolicy.LOCAL;
    }

    private void clusterIp(ServicePort port, IpAddress address, List<Backend> backends) {
        server(port.protocol(), address, port.port(), backends);
        bind(address);
        member(KubeSet.CLUSTER_IP, address.family(), addressAndPort(address, port));
    }

    private void loopBack(ServicePort port, Backend backend) {
        IpAddress address = backend.address();
        member(
                KubeSet.LOOP_BACK,
                address.family(),
                new SetEntry.IpPortIp(address, protocol(port.protocol()), backend.port(), address));
    }

    private void externalIp(ServicePort port, IpAddress address, TrafficPolicy policy, List<Backend> backends) {
        outside(port, address, backends);
        member(
                policy == TrafficPolicy.LOCAL ? KubeSet.EXTERNAL_IP_LOCAL : KubeSet.EXTERNAL_IP,
                address.family(),
                addressAndPort(address, port));
    }

    private void loadBalancerIp(ServicePort port, IpAddress address, TrafficPolicy policy, List<Backend> backends) {
        outside(port, address, backends);
        IpFamily family = address.family();
        SetEntry entry = addressAndPort(address, port);
        member(KubeSet.LOAD_BALANCER, family, entry);
        if (policy == TrafficPolicy.LOCAL) {
            member(KubeSet.LOAD_BALANCER_LOCAL, family, entry);
        }
        List<IpPrefix> ranges = sourceRanges(family);
        if (ranges.isEmpty()) {
            return;
        }
        SetProtocol protocol = protocol(port.protocol());
        member(KubeSet.LOAD_BALANCER_FW, family, entry);
        for (IpPrefix range : ranges) {
            member(
                    KubeSet.LOAD_BALANCER_SOURCE_CIDR,
                    family,
                    new SetEntry.IpPortNet(address, protocol, port.port(), range));
        }
        if (ranges.stream().anyMatch(range -> range.contains(node.nodeIp(family)))) {
            // A connection of the node itself to a load balancer address has that address as its source, too.
            member(
                    KubeSet.LOAD_BALANCER_SOURCE_IP,
                    family,
                    new SetEntry.IpPortIp(address, protocol, port.port(), address));
        } else {
            closedToNode.add(new ServiceKey.Address(port.protocol(), address, port.port()));
        }
    }

    /** Returns who may reach the load balancer; nobody named, or everybody named, is no restriction. */
    private List<IpPrefix> sourceRanges(IpFamily family) {
        List<IpPrefix> ranges = service.sourceRanges().stream()
                .filter(range -> range.family() == family)
                .toList();
        return ranges.stream().anyMatch(range -> range.length() == 0) ? List.of() : ranges;
    }

    private void outside(ServicePort port, IpAddress address, List<Backend> backends) {
        server(port.protocol(), address, port.port(), backends);
        if (!node.addresses().contains(address)) {
            bind(address);
        }
    }

    private void bind(IpAddress address) {
        addresses.add(address);
        member(KubeSet.IPVS_IPS, address.family(), new SetEntry.Ip(address));
    }

    private static SetEntry addressAndPort(IpAddress address, ServicePort port) {
        return new SetEntry.IpPort(address, protocol(port.protocol()), port.port());
    }

    /** Returns whether the node has an address for it. */
    private boolean nodePort(ServicePort port, IpFamily family, TrafficPolicy policy, List<Backend> backends) {
        boolean found = false;
        for (IpAddress address : node.nodePortAddresses()) {
            if (address.family() == family) {
                server(port.protocol(), address, port.nodePort(), backends);
                nodePortEntry(port, address, policy);
                found = true;
            }
        }
        return found;
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
        Scheduler scheduler = choices.scheduler().orElse(node.settings().scheduler());
        boolean byPort = scheduler.equals(Scheduler.MAGLEV_HASHING);
        VirtualService virtual = VirtualService.of(ServiceKey.of(protocol, address, port), scheduler)
                .withFlags(choices.options().orElse(byPort ? ServiceFlags.MAGLEV_PORT : ServiceFlags.NONE));
        if (service.affinity() instanceof SessionAffinity.ClientIp clientIp) {
            virtual = virtual.withPersistence(clientIp.timeout());
        }
        List<Destination> destinations = new ArrayList<>(backends.size());
        for (Backend backend : backends) {
            destinations.add(Destination.masquerade(backend.address(), backend.port())
                    .withWeight(choices.weight(backend.endpoint())));
        }
        // Of several wishes of one Service for the same key the last one counts, as in kube-proxy: where an external
        // address is the cluster address, too, the external policy.
        servers.put(virtual.key(), new VirtualServer(virtual, destinations));
    }

    private List<VirtualServer> servers() {
        return List.copyOf(servers.values());
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
