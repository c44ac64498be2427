// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import java.util.OptionalLong;

/**
 * What a set knows of one of its elements beside what it is.
 *
 * @param ends when it is gone, on the kernel's clock; {@link #FOR_EVER} for never
 * @param idleTimeout where its time has not begun to run: what it will be, in seconds; -1 otherwise
 * @param packets counted, or added by hand
 * @param bytes counted, or added by hand
 * @param comment empty for none
 * @param skb what packets that match are given
 * @param nomatch whether it makes addresses not belong to the set
 * @param mac hardware address in a {@code bitmap:ip,mac}, -1 while it is not known
 */
record ElementState(
        long ends, int idleTimeout, long packets, long bytes, String comment, SkbInfo skb, boolean nomatch, long mac) {
    static final long FOR_EVER = Long.MAX_VALUE;

    private static final long SECOND = 1000;

    /**
     * What packets that match are given.
     *
     * @param mark their mark
     * @param mask which bits of the mark
     * @param priority their class
     * @param queue their queue
     */
    record SkbInfo(int mark, int mask, int priority, int queue) {
        static final SkbInfo NONE = new SkbInfo(0, 0, 0, 0);
    }

    boolean isExpired(long now) {
        return ends <= now;
    }

    /** Returns when something ends that lasts so many seconds, 0 meaning for ever. */
    static long end(long now, int seconds) {
        return seconds == 0 ? FOR_EVER : now + seconds * SECOND;
    }

    /** Returns the seconds left as the kernel tells them: never 0 where there is an end. */
    OptionalLong secondsLeft(long now) {
        if (idleTimeout >= 0) {
            return OptionalLong.of(idleTimeout);
        }
        return ends == FOR_EVER ? OptionalLong.empty() : OptionalLong.of(Math.max(1, (ends - now) / SECOND));
    }

    ElementState withMac(long newMac) {
        return new ElementState(ends, idleTimeout, packets, bytes, comment, skb, nomatch, newMac);
    }

    ElementState withCounters(long newPackets, long newBytes) {
        return new ElementState(ends, idleTimeout, newPackets, newBytes, comment, skb, nomatch, mac);
    }

    ElementState withEnd(long newEnd, int newIdleTimeout) {
        return new ElementState(newEnd, newIdleTimeout, packets, bytes, comment, skb, nomatch, mac);
    }
}
