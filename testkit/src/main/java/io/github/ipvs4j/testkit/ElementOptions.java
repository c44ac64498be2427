// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

/**
 * What a request says of an element beside what it is.
 *
 * @param timeout in seconds, the set's where the request has none
 * @param packets -1 where the request has none
 * @param bytes -1 where the request has none
 * @param comment empty for none
 * @param skb what packets that match are given
 * @param flags {@code CADT_FLAGS}
 * @param mac hardware address for a {@code bitmap:ip,mac}, -1 for none
 * @param placement where in a list
 */
record ElementOptions(
        int timeout,
        long packets,
        long bytes,
        String comment,
        ElementState.SkbInfo skb,
        int flags,
        long mac,
        Placement placement) {
    /**
     * Where a member of a list stands or is to stand.
     *
     * @param before 0 for anywhere, positive for before the reference, negative for behind it
     * @param reference index of another member
     */
    record Placement(int before, int reference) {
        static final Placement ANYWHERE = new Placement(0, -1);
    }

    boolean isNomatch() {
        return (flags & IpsetNumbers.FLAG_NOMATCH) != 0;
    }

    /** Returns the state of an element that is added now, or whose state is overwritten. */
    ElementState state(long now, boolean hasTimeout) {
        return new ElementState(
                hasTimeout ? ElementState.end(now, timeout) : ElementState.FOR_EVER,
                -1,
                Math.max(0, packets),
                Math.max(0, bytes),
                comment,
                skb,
                isNomatch(),
                mac);
    }
}
