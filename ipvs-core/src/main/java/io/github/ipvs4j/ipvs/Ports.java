// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;

/** Port numbers: their range, and how they are written behind an address. */
final class Ports {
    private static final int MAX = 0xffff;

    private Ports() {}

    static void check(String what, int port) {
        if (port < 0 || port > MAX) {
            throw new IllegalArgumentException(what + " port " + port + ": expected 0 to " + MAX);
        }
    }

    static String join(IpAddress address, int port) {
        return address.family() == IpFamily.IPV6 ? "[" + address + "]:" + port : address + ":" + port;
    }
}
