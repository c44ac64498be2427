// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.ipset.SetEntry;
import io.github.ipvs4j.ipset.SetProtocol;
import io.github.ipvs4j.ipvs.ServiceKey;
import io.github.ipvs4j.ipvs.TransportProtocol;
import io.github.ipvs4j.ipvs.VirtualServer;
import io.github.ipvs4j.netlink.IpAddress;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Virtual servers that Services would need and that are there already, made by others. They are left as they are, and
 * what is for them alone, their addresses and entries of sets, is withheld too, so that a later run does not take them
 * for ours.
 *
 * <p>That a virtual server is not ours is known when it is met first. It is remembered until it is gone.
 */
final class Clashes {
    /** For each of them the Services that would need it. */
    private final Map<ServiceKey, Set<ObjectName>> foreign = new LinkedHashMap<>();

    /** Returns the virtual servers of others. */
    Set<ServiceKey> keys() {
        return foreign.keySet();
    }

    /**
     * Takes virtual servers that others made.
     *
     * @param owners the Services that want one
     * @return the Services that must be compiled anew
     */
    Set<ObjectName> add(Collection<ServiceKey> met, Function<ServiceKey, Set<ObjectName>> owners) {
        Set<ObjectName> touched = new TreeSet<>();
        for (ServiceKey key : met) {
            foreign.putIfAbsent(key, new TreeSet<>());
            touched.addAll(owners.apply(key));
        }
        return touched;
    }

    /**
     * Forgets those that are there no more.
     *
     * @return the Services that must be compiled anew
     */
    Set<ObjectName> retain(Stream<ServiceKey> present) {
        Set<ObjectName> touched = new TreeSet<>();
        Set<ServiceKey> there = foreign.isEmpty() ? Set.of() : present.collect(Collectors.toSet());
        foreign.entrySet().removeIf(entry -> {
            boolean gone = !there.contains(entry.getKey());
            if (gone) {
                touched.addAll(entry.getValue());
            }
            return gone;
        });
        return touched;
    }

    /** Takes out of what a Service wants what is there already, made by others, and remembers that it wants it. */
    Fragment withhold(ObjectName service, Fragment fragment) {
        if (foreign.isEmpty()) {
            return fragment;
        }
        foreign.values().forEach(services -> services.remove(service));
        List<VirtualServer> left = fragment.servers().stream()
                .filter(server -> !foreign.containsKey(server.key()))
                .toList();
        if (left.size() == fragment.servers().size()) {
            return fragment;
        }
        for (VirtualServer server : fragment.servers()) {
            Set<ObjectName> services = foreign.get(server.key());
            if (services != null) {
                services.add(service);
            }
        }
        return without(fragment, left);
    }

    private Fragment without(Fragment fragment, List<VirtualServer> left) {
        Set<IpAddress> served = left.stream()
                .filter(server -> server.key() instanceof ServiceKey.Address)
                .map(server -> ((ServiceKey.Address) server.key()).address())
                .collect(Collectors.toSet());
        Set<IpAddress> addresses = new HashSet<>(fragment.addresses());
        addresses.retainAll(served);
        return new Fragment(
                left,
                addresses,
                fragment.members().stream()
                        .filter(member -> isLeft(member, addresses, left))
                        .collect(Collectors.toSet()),
                fragment.closedToNode().stream()
                        .filter(key -> !foreign.containsKey(key))
                        .collect(Collectors.toSet()));
    }

    /** An entry of a port alone is for all addresses of the node, and stays as long as one of them is left. */
    private boolean isLeft(Member member, Set<IpAddress> addresses, List<VirtualServer> left) {
        return switch (member.set()) {
            case LOOP_BACK, HEALTH_CHECK_NODE_PORT -> true;
            case IPVS_IPS -> member.entry() instanceof SetEntry.Ip ip && addresses.contains(ip.address());
            case NODE_PORT_TCP, NODE_PORT_LOCAL_TCP -> isLeft(TransportProtocol.TCP, member.entry(), left);
            case NODE_PORT_UDP, NODE_PORT_LOCAL_UDP -> isLeft(TransportProtocol.UDP, member.entry(), left);
            default -> !isForeign(member.entry());
        };
    }

    private static boolean isLeft(TransportProtocol protocol, SetEntry entry, List<VirtualServer> left) {
        return left.stream()
                .anyMatch(server -> server.key() instanceof ServiceKey.Address address
                        && address.protocol() == protocol
                        && entry instanceof SetEntry.Port only
                        && only.port() == address.port());
    }

    private boolean isForeign(SetEntry entry) {
        if (entry instanceof SetEntry.IpPort pair) {
            return isForeign(pair.protocol(), pair.address(), pair.port());
        }
        if (entry instanceof SetEntry.IpPortNet range) {
            return isForeign(range.protocol(), range.address(), range.port());
        }
        return entry instanceof SetEntry.IpPortIp source
                && isForeign(source.protocol(), source.address(), source.port());
    }

    private boolean isForeign(SetProtocol protocol, IpAddress address, int port) {
        return TransportProtocol.ofNumber(protocol.number())
                .map(known -> ServiceKey.of(known, address, port))
                .filter(foreign::containsKey)
                .isPresent();
    }

    /** Tells by Service what stands in its way. */
    void report(Pass pass) {
        foreign.forEach((key, services) -> {
            if (!services.isEmpty()) {
                pass.failed(
                        services,
                        "virtual server " + key + " is there already, and was not made by this program: it stays as it"
                                + " is, and the Service is not reached there; delete it (ipvsadm -D), or give the"
                                + " Service another address or port");
            }
        });
    }

    boolean isEmpty() {
        return foreign.isEmpty();
    }
}
