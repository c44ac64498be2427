// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import org.jspecify.annotations.Nullable;

/**
 * The switches of a virtual service beyond persistence, as the kernel's bits. Bits without a name here are carried as
 * they are.
 *
 * <p>What the scheduler bits mean is the scheduler's business; each constant says whose it is. Follows
 * {@code include/uapi/linux/ip_vs.h}.
 *
 * @param bits any of the 32 but {@code 0x1}, which {@link VirtualService#persistence()} says, and {@code 0x2}, which is
 *     the kernel's own
 */
public record ServiceFlags(int bits) {
    /** No switch is on. */
    public static final ServiceFlags NONE = new ServiceFlags(0);

    /** Every packet is scheduled by itself; of use for UDP only. */
    public static final ServiceFlags ONE_PACKET = new ServiceFlags(0x4);

    /** Scheduler sh: where the chosen destination takes no connections, choose another. */
    public static final ServiceFlags SOURCE_HASH_FALLBACK = new ServiceFlags(0x8);

    /** Scheduler sh: hash the client's port as well. */
    public static final ServiceFlags SOURCE_HASH_PORT = new ServiceFlags(0x10);

    /** Scheduler mh: where the chosen destination takes no connections, choose another. */
    public static final ServiceFlags MAGLEV_FALLBACK = new ServiceFlags(0x8);

    /** Scheduler mh: hash the client's port as well. */
    public static final ServiceFlags MAGLEV_PORT = new ServiceFlags(0x10);

    /** Refuses the two bits that are not the caller's. */
    public ServiceFlags {
        if ((bits & (ServiceAttributes.FLAG_PERSISTENT | ServiceAttributes.FLAG_HASHED)) != 0) {
            throw new IllegalArgumentException("service flags 0x" + Integer.toHexString(bits)
                    + ": bit 0x1 is said by the persistence, bit 0x2 belongs to the kernel");
        }
    }

    /** Takes the bits of an answer of the kernel, without the two that stand elsewhere. */
    static ServiceFlags ofKernel(int bits) {
        int own = bits & ~(ServiceAttributes.FLAG_PERSISTENT | ServiceAttributes.FLAG_HASHED);
        return own == 0 ? NONE : new ServiceFlags(own);
    }

    /**
     * Switches more on.
     *
     * @param others what to switch on
     * @return these and the others
     */
    public ServiceFlags plus(ServiceFlags others) {
        return new ServiceFlags(bits | others.bits);
    }

    /**
     * Switches some off.
     *
     * @param others what to switch off
     * @return these without the others
     */
    public ServiceFlags minus(ServiceFlags others) {
        return new ServiceFlags(bits & ~others.bits);
    }

    /**
     * Tells whether some are on.
     *
     * @param others what to look for
     * @return true if every one of them is on
     */
    public boolean contains(ServiceFlags others) {
        return (bits & others.bits) == others.bits;
    }

    /** Returns the bits in hexadecimal. */
    @Override
    public String toString() {
        return "0x" + Integer.toHexString(bits);
    }

    // Written out: the JVM makes a record's own when it is first called, which a first sync would wait for.
    @Override
    public boolean equals(@Nullable Object object) {
        return object instanceof ServiceFlags other && bits == other.bits;
    }

    @Override
    public int hashCode() {
        return bits;
    }
}
