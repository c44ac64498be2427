// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

/**
 * What the kernel says of its IPVS.
 *
 * @param version the module's version, major, minor and patch in a byte each: {@code 0x010201} is 1.2.1
 * @param connectionTableSize number of buckets of the connection table; newer kernels let it grow, and say 0 as long as
 *     the namespace has no service
 */
public record IpvsInfo(int version, int connectionTableSize) {
    private static final int MAJOR_SHIFT = 16;
    private static final int BYTE = 0xff;

    /**
     * Returns the version as it is usually written.
     *
     * @return for example {@code 1.2.1}
     */
    public String versionText() {
        return (version >>> MAJOR_SHIFT) + "." + ((version >>> Byte.SIZE) & BYTE) + "." + (version & BYTE);
    }

    /** Returns for example {@code IPVS 1.2.1 (connection table of 4096 buckets)}. */
    @Override
    public String toString() {
        return "IPVS " + versionText() + " (connection table of " + Integer.toUnsignedString(connectionTableSize)
                + " buckets)";
    }
}
