// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

/** Something happened to a network interface or its addresses, or to the news about them. */
public sealed interface RouteEvent {
    /**
     * An interface was added, renamed, switched on or off, or changed otherwise.
     *
     * @param link as it is now
     */
    record LinkChanged(Link link) implements RouteEvent {}

    /**
     * An interface is gone, and its addresses with it.
     *
     * @param link as it was
     */
    record LinkRemoved(Link link) implements RouteEvent {}

    /**
     * An address was added or changed; an IPv6 address is told of once more when its check for duplicates is over.
     *
     * @param address as it is now
     */
    record AddressChanged(InterfaceAddress address) implements RouteEvent {}

    /**
     * An address was taken off its interface.
     *
     * @param address as it was
     */
    record AddressRemoved(InterfaceAddress address) implements RouteEvent {}

    /** Events came faster than they were taken and some are lost: list links and addresses again. */
    record Lost() implements RouteEvent {}

    /**
     * The subscription has ended because of a failure; nothing follows.
     *
     * @param why the reason
     */
    record Ended(NetlinkException why) implements RouteEvent {}
}
