// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpPrefix;

/** What the parts of an entry must be like, and their text. */
final class EntryChecks {
    private EntryChecks() {}

    static void checkPort(int port) {
        if (port < 0 || port > 0xffff) {
            throw new IllegalArgumentException("port " + port + ": expected 0 to 65535");
        }
    }

    static void checkPort(IpAddress address, SetProtocol protocol, int port) {
        checkPort(port);
        if (port != 0 && !protocol.hasPorts(address.family())) {
            throw new IllegalArgumentException(
                    "port " + port + " of protocol " + protocol + ": expected 0, since this protocol has no ports");
        }
    }

    static void checkPrefix(IpPrefix prefix) {
        if (prefix.length() == 0) {
            throw new IllegalArgumentException("network " + prefix + ": expected a prefix length of at least 1");
        }
    }

    static void checkFamilies(IpAddress first, IpAddress second) {
        if (first.family() != second.family()) {
            throw new IllegalArgumentException(
                    "addresses " + first + " and " + second + " of one entry: expected the same family");
        }
    }

    static String prefixText(IpPrefix prefix) {
        return prefix.length() == prefix.family().maxPrefixLength()
                ? prefix.address().toString()
                : prefix.toString();
    }

    static String portText(SetProtocol protocol, int port) {
        return protocol + ":" + (protocol.isIcmp() ? (port >> Byte.SIZE) + "/" + (port & 0xff) : port);
    }
}
