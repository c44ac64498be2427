// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.IpFamily;
import java.util.List;

/** A link of the simulated kernel, with its addresses in the kernel's order. */
final class LinkEntry {
    static final String DUMMY = "dummy";
    private static final int MTU_LOOPBACK = 65536;
    private static final int MTU_ETHERNET = 1500;

    private final int index;
    private final String name;
    private final String kind;
    private final AddressList ipv4 = new AddressList();
    private final AddressList ipv6 = new AddressList();
    private boolean up;

    LinkEntry(int index, String name, String kind, boolean up) {
        this.index = index;
        this.name = name;
        this.kind = kind;
        this.up = up;
    }

    int index() {
        return index;
    }

    String name() {
        return name;
    }

    /** Returns what made the link, empty for hardware and the loopback. */
    String kind() {
        return kind;
    }

    boolean isUp() {
        return up;
    }

    /** Switches the link; an IPv6 address does not outlive that it is switched off. */
    void up(boolean wanted) {
        if (up && !wanted) {
            ipv6.clear();
        }
        up = wanted;
    }

    boolean isLoopback() {
        return index == SimulatedLinks.LOOPBACK_INDEX;
    }

    /** Returns how many bytes a packet may have. */
    int mtu() {
        return isLoopback() ? MTU_LOOPBACK : MTU_ETHERNET;
    }

    AddressList addresses(IpFamily family) {
        return family == IpFamily.IPV4 ? ipv4 : ipv6;
    }

    /** Puts an address where the kernel does: IPv4 after the primary ones, secondary ones last, IPv6 newest first. */
    void insert(LinkAddress address) {
        if (address.address().family() == IpFamily.IPV6) {
            ipv6.add(0, address);
            return;
        }
        int primaries =
                (int) ipv4.stream().filter(other -> !other.isSecondary()).count();
        ipv4.add(address.isSecondary() ? ipv4.size() : primaries, address);
    }

    /** Changes an address where it stands. */
    void replace(LinkAddress before, LinkAddress now) {
        List<LinkAddress> addresses = addresses(now.address().family());
        addresses.set(addresses.indexOf(before), now);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append(index).append(": ").append(name).append(kind.isEmpty() ? "" : " " + kind);
        text.append(up ? " up\n" : " down\n");
        ipv4.forEach(address -> text.append("    ").append(address).append('\n'));
        ipv6.forEach(address -> text.append("    ").append(address).append('\n'));
        return text.toString();
    }
}
