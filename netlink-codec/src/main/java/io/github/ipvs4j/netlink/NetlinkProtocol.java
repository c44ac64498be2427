// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

/**
 * The netlink protocols this library speaks.
 *
 * <p>Source: {@code include/uapi/linux/netlink.h}.
 */
public enum NetlinkProtocol {
    /** {@code NETLINK_ROUTE}: links, addresses and routes. */
    ROUTE(0),

    /** {@code NETLINK_NETFILTER}: ipset and connection tracking. */
    NETFILTER(12),

    /** {@code NETLINK_GENERIC}: families with a name, IPVS among them. */
    GENERIC(16);

    private final int number;

    NetlinkProtocol(int number) {
        this.number = number;
    }

    /**
     * Returns the kernel's number of this protocol.
     *
     * @return the third argument of {@code socket(2)}
     */
    public int number() {
        return number;
    }
}
