// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.IpAddress;

/**
 * An address of a link.
 *
 * @param address the link's own
 * @param peer the other end's where there is only one, else the same as {@code address}
 * @param prefixLength of the network that the peer stands in
 * @param flags as the kernel keeps them
 * @param label IPv4 only
 */
record LinkAddress(IpAddress address, IpAddress peer, int prefixLength, int flags, String label) {
    LinkAddress(IpAddress address, int prefixLength, int flags, String label) {
        this(address, address, prefixLength, flags, label);
    }

    LinkAddress asSecondary() {
        return new LinkAddress(address, peer, prefixLength, flags | RouteNumbers.SECONDARY, label);
    }

    boolean isSecondary() {
        return (flags & RouteNumbers.SECONDARY) != 0;
    }

    /** Tells whether this and another address of the same prefix length stand in the same network. */
    boolean sharesNetwork(LinkAddress other) {
        return prefixLength == other.prefixLength && isInNetwork(other.peer);
    }

    /** Tells whether an address stands in the network of this one. */
    boolean isInNetwork(IpAddress other) {
        return peer.masked(prefixLength).equals(other.masked(prefixLength));
    }

    @Override
    public String toString() {
        return address + (peer.equals(address) ? "" : " peer " + peer) + "/" + prefixLength;
    }
}
