// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.IpPrefix;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What {@link ServiceCompiler} and {@link Rules} must know of the own node.
 *
 * @param settings what the owner decided
 * @param node the Node object, if it is known
 * @param families those that the node runs with
 * @param addresses those of its devices but the one for Services
 * @param nodePortAddresses those of them on which node ports are reached, in their order
 */
record NodeFacts(
        Settings settings,
        Optional<Node> node,
        Set<IpFamily> families,
        Set<IpAddress> addresses,
        List<IpAddress> nodePortAddresses) {
    private static final IpPrefix MAPPED = IpPrefix.of("::ffff:0:0/96");
    private static final IpAddress LOCALHOST = IpAddress.of("127.0.0.1");
    private static final IpAddress LOCALHOST_IPV6 = IpAddress.of("::1");

    NodeFacts {
        families = Set.copyOf(families);
        addresses = Set.copyOf(addresses);
        nodePortAddresses = List.copyOf(nodePortAddresses);
    }

    /** Puts together what is known of a node. */
    static NodeFacts of(Settings settings, Optional<Node> node, Set<IpFamily> families, Set<IpAddress> addresses) {
        NodeFacts facts = new NodeFacts(settings, node, families, addresses, List.of());
        return new NodeFacts(
                settings,
                node,
                families,
                addresses,
                addresses.stream()
                        .filter(address -> !address.isLoopback())
                        .filter(facts::takesNodePorts)
                        .sorted()
                        .toList());
    }

    private boolean takesNodePorts(IpAddress address) {
        return takesNodePortsEverywhere(address.family())
                ? isReachable(address)
                : blocks(address.family()).anyMatch(block -> block.contains(address));
    }

    /** Tells whether node ports of a family are reached on all addresses. */
    boolean takesNodePortsEverywhere(IpFamily family) {
        return blocks(family).findAny().isEmpty() || blocks(family).anyMatch(block -> block.length() == 0);
    }

    private Stream<IpPrefix> blocks(IpFamily family) {
        return settings.nodePortAddresses() instanceof NodePortAddresses.Within within
                ? within.blocks().stream().filter(block -> block.family() == family)
                : Stream.of(nodeIp(family)).filter(ip -> !ip.isLoopback()).map(IpPrefix::single);
    }

    private static boolean isReachable(IpAddress address) {
        return address.family() == IpFamily.IPV4 || !(address.isLinkLocal() || MAPPED.contains(address));
    }

    /** Returns where the node stands, empty if unknown. */
    String zone() {
        return node.map(Node::zone).orElse("");
    }

    /** Returns the node's own address: the given one, or that of the Node object, or, for want of both, localhost. */
    IpAddress nodeIp(IpFamily family) {
        Predicate<IpAddress> fits = ip -> ip.family() == family;
        return settings.nodeIp()
                .filter(fits)
                .orElseGet(() -> node.stream()
                        .flatMap(it -> it.addresses().stream())
                        .filter(fits)
                        .findFirst()
                        .orElse(family == IpFamily.IPV4 ? LOCALHOST : LOCALHOST_IPV6));
    }

    /** Returns the block that local traffic comes from, if that is how it is told. */
    Optional<IpPrefix> localBlock(IpFamily family) {
        Stream<IpPrefix> blocks = Stream.of();
        if (settings.localDetection() instanceof LocalDetection.ClusterCidrs cluster) {
            blocks = cluster.cidrs().stream();
        } else if (settings.localDetection() instanceof LocalDetection.NodeCidrs) {
            blocks = node.stream().flatMap(it -> it.podCidrs().stream());
        }
        return blocks.filter(block -> block.family() == family).findFirst();
    }

    // Written out: the JVM makes a record's own when it is first called, which a first sync would wait for.
    @Override
    public boolean equals(@Nullable Object object) {
        return object instanceof NodeFacts other
                && Objects.equals(settings, other.settings)
                && node.equals(other.node)
                && families.equals(other.families)
                && addresses.equals(other.addresses)
                && nodePortAddresses.equals(other.nodePortAddresses);
    }

    @Override
    public int hashCode() {
        return (((settings.hashCode() * 31 + node.hashCode()) * 31 + families.hashCode()) * 31 + addresses.hashCode())
                        * 31
                + nodePortAddresses.hashCode();
    }
}
