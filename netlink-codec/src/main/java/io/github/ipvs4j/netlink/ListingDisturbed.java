// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

/**
 * Others changed a list during each of several attempts to read it, so that entries may be missing or stand in it
 * twice. Nothing is wrong with the socket or the kernel.
 */
public final class ListingDisturbed extends NetlinkException {
    private static final long serialVersionUID = 1L;

    ListingDisturbed(String request) {
        super(request + ": others changed the list during every attempt; try again later", null);
    }
}
