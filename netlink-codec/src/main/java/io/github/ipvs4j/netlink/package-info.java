// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors

/**
 * Netlink: messages and attributes as bytes, sockets, requests, listings and batches, generic netlink and rtnetlink.
 *
 * <p>Entry points are {@link io.github.ipvs4j.netlink.NetlinkClient}, {@link io.github.ipvs4j.netlink.GenericClient}
 * and
 * {@link io.github.ipvs4j.netlink.RouteClient}. Every failure is a {@link io.github.ipvs4j.netlink.NetlinkException}.
 */
@NullMarked
package io.github.ipvs4j.netlink;

import org.jspecify.annotations.NullMarked;
