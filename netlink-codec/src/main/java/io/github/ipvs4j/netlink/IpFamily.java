// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import java.util.Optional;

/** The two address families, with the numbers that Linux gives them. */
public enum IpFamily {
    /** {@code AF_INET}. */
    IPV4(2, 4),

    /** {@code AF_INET6}. */
    IPV6(10, 16);

    private final int number;
    private final int addressLength;

    IpFamily(int number, int addressLength) {
        this.number = number;
        this.addressLength = addressLength;
    }

    /**
     * Returns the number of the family in kernel structures.
     *
     * @return 2 or 10
     */
    public int number() {
        return number;
    }

    /**
     * Returns the length of an address.
     *
     * @return 4 or 16 bytes
     */
    public int addressLength() {
        return addressLength;
    }

    /**
     * Returns the length of the longest prefix, that of a single address.
     *
     * @return 32 or 128 bits
     */
    public int maxPrefixLength() {
        return addressLength * Byte.SIZE;
    }

    /**
     * Looks up the family with the given kernel number.
     *
     * @param number what the kernel said
     * @return empty for a family that is neither IPv4 nor IPv6
     */
    public static Optional<IpFamily> find(int number) {
        return switch (number) {
            case 2 -> Optional.of(IPV4);
            case 10 -> Optional.of(IPV6);
            default -> Optional.empty();
        };
    }
}
