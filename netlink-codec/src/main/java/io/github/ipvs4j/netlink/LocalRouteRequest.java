// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

/**
 * Lists the routes of the local table.
 *
 * @param family number of an address family, 0 for all
 */
record LocalRouteRequest(int family) implements Request {
    @Override
    public int type() {
        return RouteLayout.GET_ROUTE;
    }

    @Override
    public void write(MessageWriter out) {
        RouteLayout.routeHeader(out, family);
        out.u32(RouteLayout.ROUTE_TABLE_NUMBER, RouteLayout.TABLE_LOCAL);
    }

    @Override
    public String describe() {
        return "list routes of the local table";
    }
}
