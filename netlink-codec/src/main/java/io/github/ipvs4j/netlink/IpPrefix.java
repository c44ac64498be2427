// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

/**
 * A block of addresses: those which share the first bits of an address.
 *
 * @param address the first address of the block; bits after the prefix are cleared on construction
 * @param length number of fixed bits, 0 to 32 or 128
 */
public record IpPrefix(IpAddress address, int length) {
    /** Checks the length and clears the bits after it. */
    public IpPrefix {
        address = address.masked(length);
    }

    /**
     * Parses a block in CIDR form; an address without a length is a block of one.
     *
     * @param text for example {@code 10.244.0.0/16} or {@code fd00::/64}
     * @return the block
     * @throws IllegalArgumentException if the text is not a block
     */
    public static IpPrefix of(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return single(IpAddress.of(text));
        }
        IpAddress address = IpAddress.of(text.substring(0, slash));
        String length = text.substring(slash + 1);
        if (!length.matches("\\d{1,3}")
                || Integer.parseInt(length) > address.family().maxPrefixLength()) {
            throw new IllegalArgumentException("block '" + text + "': the length after the slash must be 0 to "
                    + address.family().maxPrefixLength());
        }
        return new IpPrefix(address, Integer.parseInt(length));
    }

    /**
     * Makes the block that holds one address.
     *
     * @param address the address
     * @return its /32 or /128
     */
    public static IpPrefix single(IpAddress address) {
        return new IpPrefix(address, address.family().maxPrefixLength());
    }

    /**
     * Tells whether an address lies in this block; one of the other family never does.
     *
     * @param candidate the address to look for
     * @return whether it shares the family and the first {@link #length()} bits
     */
    public boolean contains(IpAddress candidate) {
        return candidate.family() == address.family()
                && candidate.masked(length).equals(address);
    }

    /**
     * Returns the family of the block.
     *
     * @return IPv4 or IPv6
     */
    public IpFamily family() {
        return address.family();
    }

    @Override
    public String toString() {
        return address + "/" + length;
    }
}
