// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.ipset.IpSet;
import io.github.ipvs4j.ipset.ObservedSet;
import io.github.ipvs4j.ipvs.ObservedServer;
import io.github.ipvs4j.netlink.InterfaceAddress;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.Link;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What was in the kernel at one time.
 *
 * @param servers all virtual servers
 * @param sets for each family those of our sets that are there, of whatever type
 * @param device the device of this name, if it is there, of whatever kind
 * @param addresses the addresses of all devices
 */
record Observation(
        Collection<ObservedServer> servers,
        Map<IpFamily, Map<KubeSet, ObservedSet>> sets,
        Optional<Link> device,
        List<InterfaceAddress> addresses) {
    static final String DEVICE = "kube-ipvs0";
    private static final int NO_DEVICE = -1;

    /**
     * Reads the kernel.
     *
     * @throws io.github.ipvs4j.netlink.NetlinkException if anything of it cannot be read
     */
    static Observation read(Kernel kernel, Set<IpFamily> families) {
        Collection<ObservedServer> servers = kernel.ipvs().snapshot().servers();
        Set<String> names = new HashSet<>(kernel.ipset().names());
        Map<IpFamily, Map<KubeSet, ObservedSet>> sets = new EnumMap<>(IpFamily.class);
        for (IpFamily family : families) {
            Map<KubeSet, ObservedSet> ofFamily = new EnumMap<>(KubeSet.class);
            for (KubeSet set : KubeSet.values()) {
                String name = set.nameIn(family);
                if (names.contains(name)) {
                    kernel.ipset().observe(name).ifPresent(seen -> ofFamily.put(set, seen));
                }
            }
            sets.put(family, ofFamily);
        }
        Optional<Link> device = kernel.routes().link(DEVICE);
        return new Observation(servers, sets, device, kernel.routes().addresses());
    }

    /** Returns one of our sets as it is there, with its entries; nothing if it is not there or of another kind. */
    Optional<IpSet> set(KubeSet set, IpFamily family) {
        return seen(set, family)
                .flatMap(ObservedSet::contents)
                .filter(contents ->
                        contents.definition().type() == set.definitionIn(family).type()
                                && contents.definition()
                                        .family()
                                        .equals(set.definitionIn(family).family()));
    }

    /** Returns one of our sets as it is there. */
    Optional<ObservedSet> seen(KubeSet set, IpFamily family) {
        return Optional.ofNullable(Objects.requireNonNull(sets.get(family)).get(set));
    }

    /** Returns the addresses on our device, but for those that are never a Service's. */
    Set<IpAddress> bound() {
        Set<IpAddress> bound = new HashSet<>();
        int ours = ourDevice();
        for (InterfaceAddress seen : addresses) {
            IpAddress address = seen.address();
            boolean linkLocal = address.family() == IpFamily.IPV6 && address.isLinkLocal();
            if (seen.linkIndex() == ours && !address.isLoopback() && !linkLocal) {
                bound.add(address);
            }
        }
        return bound;
    }

    /**
     * Returns the index of our device, or one that no device has. One of another kind was made by somebody else,
     * whatever its name, and so were its addresses.
     */
    private int ourDevice() {
        return device.isPresent() && isDummy(device.get()) ? device.get().index() : NO_DEVICE;
    }

    /** Tells whether a device is of the kind that the one for Services is of. */
    static boolean isDummy(Link device) {
        return device.kind().equals("dummy");
    }

    /** Tells whether addresses may be bound to a device with the name of ours, and reports why not. */
    static boolean isOurs(Link device, Pass pass) {
        if (isDummy(device)) {
            return true;
        }
        pass.obstructed("device " + device.name() + " is there, but of kind '" + device.kind()
                + "' and not dummy; delete it, so that Services can have their addresses");
        return false;
    }

    /** Returns the addresses of the node itself: those of all other devices. */
    Set<IpAddress> ofNode() {
        Set<IpAddress> own = new HashSet<>();
        int ours = ourDevice();
        for (InterfaceAddress seen : addresses) {
            if (seen.linkIndex() != ours) {
                own.add(seen.address());
            }
        }
        return own;
    }
}
