// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;

/** Questions about addresses that only the kernel asks. */
final class AddressTypes {
    private static final int MAPPED_PREFIX = 96;
    private static final IpAddress MAPPED = IpAddress.of("::ffff:0:0");

    private AddressTypes() {}

    /** Tells whether this is an IPv4 address in the clothes of an IPv6 one. */
    static boolean isMapped(IpAddress address) {
        return address.family() == IpFamily.IPV6
                && address.masked(MAPPED_PREFIX).equals(MAPPED);
    }

    /** Returns the last address of the block that an address stands in. */
    static IpAddress last(IpAddress address, int prefixLength) {
        byte[] bytes = address.bytes();
        for (int bit = prefixLength; bit < address.family().maxPrefixLength(); bit++) {
            bytes[bit / Byte.SIZE] |= (byte) (0x80 >>> bit % Byte.SIZE);
        }
        return IpAddress.of(bytes);
    }
}
