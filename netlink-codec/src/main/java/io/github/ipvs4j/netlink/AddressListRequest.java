// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

/**
 * Lists addresses.
 *
 * @param family number of an address family, 0 for all
 * @param linkIndex the interface to list, 0 for all
 * @param describe what is asked, in words
 */
record AddressListRequest(int family, int linkIndex, String describe) implements Request {
    @Override
    public int type() {
        return RouteLayout.GET_ADDRESS;
    }

    @Override
    public void write(MessageWriter out) {
        // Strict checking wants every field that is no filter to be zero.
        RouteLayout.addressHeader(out, family, 0, linkIndex);
    }
}
