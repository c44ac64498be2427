// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

/** A release of Linux that a {@link SimulatedKernel} imitates. */
public enum KernelRelease {
    /** Linux 6.1, of Debian 12. */
    LINUX_6_1("6.1"),

    /** Linux 6.12, of Debian 13. */
    LINUX_6_12("6.12"),

    /** Linux 7.2. */
    LINUX_7_2("7.2");

    private final String number;

    KernelRelease(String number) {
        this.number = number;
    }

    /**
     * Returns what {@code uname -r} begins with.
     *
     * @return for example {@code 6.12}
     */
    public String number() {
        return number;
    }

    private boolean isAtLeast(KernelRelease other) {
        return compareTo(other) >= 0;
    }

    /** Tells whether UDP-Lite is tracked with its ports. */
    boolean hasUdpLite() {
        return !isAtLeast(LINUX_7_2);
    }

    /** Tells whether it is said why an address is refused. */
    boolean explainsAddresses() {
        return isAtLeast(LINUX_6_12);
    }

    /** Tells whether the address 0.0.0.0 is forgotten without a look at its link. */
    boolean forgetsNoAddressAtOnce() {
        return isAtLeast(LINUX_7_2);
    }

    /** Tells whether sets may count any bits of addresses, and more types some. */
    boolean hasBitmasks() {
        return isAtLeast(LINUX_6_12);
    }

    /** Tells whether connections are listed and flushed by zone, and flushed by parts of their tuples. */
    boolean filtersConntrackByZone() {
        return isAtLeast(LINUX_6_12);
    }

    /** Tells whether a helper can be taken only from a connection that has one. */
    boolean wantsHelperToTakeAway() {
        return isAtLeast(LINUX_7_2);
    }

    /** Tells whether the end of a filtered listing of connections says that it was filtered. */
    boolean marksConntrackEnd() {
        return isAtLeast(LINUX_7_2);
    }
}
