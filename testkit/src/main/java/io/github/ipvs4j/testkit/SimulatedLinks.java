// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import java.util.Collection;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The network interfaces of a {@link SimulatedKernel} with their addresses: what a test looks at and sets up beside the
 * netlink requests. There is always {@code lo}, switched on, with its two addresses.
 */
public final class SimulatedLinks {
    static final int LOOPBACK_INDEX = 1;

    /** A network has an address for all its hosts only if it has more than two. */
    static final int LONGEST_WITH_BROADCAST = 30;

    private final Object lock;
    private final KernelModules modules;
    private final TreeMap<Integer, LinkEntry> byIndex = new TreeMap<>();
    private int generation;
    private int lastIndex = LOOPBACK_INDEX;

    SimulatedLinks(Object lock, KernelModules modules, boolean loopbackUp) {
        this.lock = lock;
        this.modules = modules;
        LinkEntry loopback = new LinkEntry(LOOPBACK_INDEX, "lo", "", false);
        byIndex.put(LOOPBACK_INDEX, loopback);
        if (loopbackUp) {
            switchTo(loopback, true);
        }
    }

    /**
     * Switches an interface on or off.
     *
     * @param name of the interface
     * @param up whether on
     * @throws IllegalArgumentException if there is no such interface
     */
    public void setUp(String name, boolean up) {
        synchronized (lock) {
            switchTo(named(name).orElseThrow(() -> new IllegalArgumentException("there is no interface " + name)), up);
        }
    }

    /** Switches an interface on or off; {@code lo} gets its addresses when it is switched on. */
    void switchTo(LinkEntry link, boolean up) {
        if (up == link.isUp()) {
            return;
        }
        link.up(up);
        if (up && link.isLoopback()) {
            addIfMissing(link, IpAddress.of("127.0.0.1"), 8, "lo");
            if (hasIpv6()) {
                addIfMissing(link, IpAddress.of("::1"), 128, "");
            }
        }
        changed();
    }

    private static void addIfMissing(LinkEntry link, IpAddress address, int prefixLength, String label) {
        if (!link.addresses(address.family()).has(address)) {
            link.insert(new LinkAddress(address, prefixLength, RouteNumbers.PERMANENT, label));
        }
    }

    /**
     * Adds an interface such as hardware would be, switched on: the node's own network card, for example.
     *
     * @param name at most 15 characters
     * @return its index
     * @throws IllegalArgumentException if there is one of that name, or none can have it
     */
    public int addHardware(String name) {
        synchronized (lock) {
            if (named(name).isPresent() || !isName(name)) {
                throw new IllegalArgumentException(
                        "interface " + name + ": expected an unused name of 1 to 15 characters without '/' and spaces");
            }
            return create(name, "", true).index();
        }
    }

    /**
     * Binds an address to an interface.
     *
     * @param name of the interface
     * @param address the address
     * @param prefixLength length of the prefix that the interface reaches directly
     * @throws IllegalArgumentException if there is no such interface, or it has the address already
     */
    public void addAddress(String name, IpAddress address, int prefixLength) {
        synchronized (lock) {
            LinkEntry link =
                    named(name).orElseThrow(() -> new IllegalArgumentException("there is no interface " + name));
            IpAddress network = address.masked(prefixLength);
            if (link.addresses(address.family()).has(address)) {
                throw new IllegalArgumentException("interface " + name + " has " + address + " already");
            }
            boolean secondary = address.family() == IpFamily.IPV4
                    && link.addresses(IpFamily.IPV4).stream()
                            .anyMatch(other -> other.prefixLength() == prefixLength
                                    && other.address().masked(prefixLength).equals(network));
            link.insert(new LinkAddress(
                    address, prefixLength, RouteNumbers.PERMANENT | (secondary ? RouteNumbers.SECONDARY : 0), name));
            changed();
        }
    }

    /**
     * Returns all interfaces with their addresses.
     *
     * @return for each interface a line such as {@code 2: kube-ipvs0 dummy down}, and an indented one for each address
     */
    public String save() {
        synchronized (lock) {
            StringBuilder text = new StringBuilder();
            byIndex.values().forEach(text::append);
            return text.toString();
        }
    }

    boolean hasIpv6() {
        return modules.has("ipv6");
    }

    /** Tells whether the kernel can make links of a kind. */
    boolean canMake(String kind) {
        return kind.equals(LinkEntry.DUMMY) && modules.has(LinkEntry.DUMMY);
    }

    static boolean isName(String name) {
        return !name.isEmpty()
                && name.length() <= RouteNumbers.MAX_NAME
                && !name.equals(".")
                && !name.equals("..")
                && name.chars().noneMatch(c -> c == '/' || c == ':' || c == ' ' || (c >= '\t' && c <= '\r'));
    }

    Collection<LinkEntry> all() {
        return byIndex.values();
    }

    Optional<LinkEntry> at(int index) {
        return Optional.ofNullable(byIndex.get(index));
    }

    Optional<LinkEntry> named(String name) {
        return byIndex.values().stream()
                .filter(link -> link.name().equals(name))
                .findFirst();
    }

    LinkEntry create(String name, String kind, boolean up) {
        LinkEntry link = new LinkEntry(++lastIndex, name, kind, up);
        byIndex.put(link.index(), link);
        changed();
        return link;
    }

    void delete(LinkEntry link) {
        byIndex.remove(link.index());
        changed();
    }

    /** Notes that links or addresses changed, which listings under way tell their clients. */
    void changed() {
        generation++;
    }

    int generation() {
        return generation;
    }

    /** Tells whether an address is one of this node's own. */
    boolean hasAddress(IpAddress address) {
        boolean inLoopback = address.family() == IpFamily.IPV4 && address.isLoopback() && !isBroadcast(address);
        return inLoopback
                || byIndex.values().stream()
                        .anyMatch(link -> link.addresses(address.family()).has(address));
    }

    /** Tells whether an IPv4 address reaches all hosts of a network. */
    boolean isBroadcast(IpAddress address) {
        return address.equals(IpAddress.of("255.255.255.255"))
                || byIndex.values().stream()
                        .filter(LinkEntry::isUp)
                        .anyMatch(link ->
                                link.addresses(IpFamily.IPV4).stream().anyMatch(own -> isBroadcastOf(own, address)));
    }

    private static boolean isBroadcastOf(LinkAddress own, IpAddress address) {
        return own.prefixLength() <= LONGEST_WITH_BROADCAST
                && AddressTypes.last(own.address(), own.prefixLength()).equals(address);
    }
}
