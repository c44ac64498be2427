// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

/**
 * A generic-netlink family by name: what a client must know of it before it is there.
 *
 * @param name as the kernel registers it, at most 15 characters
 * @param version written into every request
 * @param remedy what to do where the kernel does not have the family
 */
public record GenericFamily(String name, int version, String remedy) {
    private static final int MAX_NAME = 15;

    /** Checks the length of the name. */
    public GenericFamily {
        if (name.isEmpty() || name.length() > MAX_NAME) {
            throw new IllegalArgumentException("family name '" + name + "': expected 1 to " + MAX_NAME + " characters");
        }
    }
}
