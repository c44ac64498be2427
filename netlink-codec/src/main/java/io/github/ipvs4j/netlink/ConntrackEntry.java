// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import java.time.Duration;
import java.util.Optional;

/**
 * A tracked connection as it was seen.
 *
 * <p>Where the connection is translated the two directions differ: for a virtual address the destination of the
 * original direction is that address, and the source of the reply is the server behind it.
 *
 * @param original the direction of the first packet
 * @param reply the direction of the answers
 * @param zone where this entry is kept apart from others of the same tuple
 * @param status the kernel's bits ({@code enum ip_conntrack_status}), for example 2 once an answer was seen
 * @param mark the connection's mark, 0 without one
 * @param timeout after which the entry goes if no packet comes, in whole seconds; zero in news of its end
 * @param id the kernel's number of the entry, by which a later one of the same tuple is told from it unless it lies in
 *     the very same place of the kernel's memory; 0 for one that was not read from the kernel
 * @param synProxy what a SYN proxy keeps of the connection, if the kernel has made room for that
 */
public record ConntrackEntry(
        ConntrackTuple original,
        ConntrackTuple reply,
        Zone zone,
        int status,
        int mark,
        Duration timeout,
        int id,
        Optional<SynProxy> synProxy) {
    private static final int SEEN_REPLY = 0x002;
    private static final int ASSURED = 0x004;
    private static final int MAX_ZONE = 0xffff;
    private static final long MAX_SECONDS = 0xffff_ffffL;

    /**
     * A zone: entries of different zones never meet, even if their tuples are the same.
     *
     * @param id 0 is the default zone
     * @param direction which of the tuples it belongs to
     */
    public record Zone(int id, Direction direction) {
        /** The zone of everything that no rule has put elsewhere. */
        public static final Zone DEFAULT = new Zone(0, Direction.BOTH);

        /** Checks the number. */
        public Zone {
            if (id < 0 || id > MAX_ZONE) {
                throw new IllegalArgumentException("zone " + id + ": expected 0 to " + MAX_ZONE);
            }
            // The kernel knows one default zone only.
            direction = id == 0 ? Direction.BOTH : direction;
        }

        /**
         * Makes a zone of both directions.
         *
         * @param id 0 to 65535
         * @return the zone
         */
        public static Zone of(int id) {
            return new Zone(id, Direction.BOTH);
        }

        int idFor(Direction wanted) {
            return direction == wanted ? id : 0;
        }
    }

    /** Which tuples a zone belongs to. */
    public enum Direction {
        /** The usual case. */
        BOTH,

        /** The first packet's only. */
        ORIGINAL,

        /** The answers' only. */
        REPLY
    }

    /**
     * By how much a SYN proxy shifts what the two sides count, all zero for a connection that it has no part in.
     *
     * @param sequence initial sequence number of the proxy
     * @param timestamp initial TCP timestamp of the proxy
     * @param timestampOffset difference between the timestamps of the proxy and those of the server
     */
    public record SynProxy(int sequence, int timestamp, int timestampOffset) {}

    /**
     * Makes an entry without a SYN proxy.
     *
     * @param original the direction of the first packet
     * @param reply the direction of the answers
     * @param zone where this entry is kept apart from others of the same tuple
     * @param status the kernel's bits
     * @param mark the connection's mark, 0 without one
     * @param timeout after which the entry goes if no packet comes
     * @param id the kernel's number of the entry, 0 for one that was not read from the kernel
     */
    public ConntrackEntry(
            ConntrackTuple original, ConntrackTuple reply, Zone zone, int status, int mark, Duration timeout, int id) {
        this(original, reply, zone, status, mark, timeout, id, Optional.empty());
    }

    /** Checks the time-out and cuts it to whole seconds. */
    public ConntrackEntry {
        if (timeout.isNegative() || timeout.toSeconds() > MAX_SECONDS) {
            throw new IllegalArgumentException("timeout " + timeout + ": expected 0 to " + MAX_SECONDS + " seconds");
        }
        timeout = Duration.ofSeconds(timeout.toSeconds());
    }

    /**
     * Tells whether the other side has answered.
     *
     * @return whether a packet was seen in both directions
     */
    public boolean isAnswered() {
        return (status & SEEN_REPLY) != 0;
    }

    /**
     * Tells whether the kernel spares this entry when the table is full.
     *
     * @return whether it counts as established
     */
    public boolean isAssured() {
        return (status & ASSURED) != 0;
    }

    /**
     * Tells whether an address or a port of the connection is rewritten on the way.
     *
     * @return whether the reply is not simply the original turned round
     */
    public boolean isTranslated() {
        return !original.source().equals(reply.destination())
                || !original.destination().equals(reply.source())
                || original.sourcePort() != reply.destinationPort()
                || original.destinationPort() != reply.sourcePort();
    }
}
