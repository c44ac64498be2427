// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.ConntrackEntry.Zone;

/** A connection that the simulated kernel tracks. */
final class TrackedConnection {
    /** What TCP or SCTP says of its connection; other protocols say nothing. */
    static final class ProtocolState {
        int state;
        final int[] scales = new int[2];
        final int[] flags = new int[2];
        final int[] tags = new int[2];
    }

    private final TrackedTuple original;
    private final TrackedTuple reply;
    private final Zone zone;
    private final int id;
    private final ProtocolState protocolState = new ProtocolState();
    private final int[] synproxy = new int[ConntrackNumbers.SYNPROXY_COUNT];
    private int status = ConntrackNumbers.CONFIRMED;
    private int mark;
    private long ends;

    TrackedConnection(TrackedTuple original, TrackedTuple reply, Zone zone, int id) {
        this.original = original;
        this.reply = reply;
        this.zone = zone;
        this.id = id;
    }

    TrackedTuple original() {
        return original;
    }

    TrackedTuple reply() {
        return reply;
    }

    Zone zone() {
        return zone;
    }

    int id() {
        return id;
    }

    ProtocolState protocolState() {
        return protocolState;
    }

    int[] synproxy() {
        return synproxy;
    }

    int status() {
        return status;
    }

    /** Sets the status as a client wishes, as far as the kernel lets it. */
    void changeStatus(int wanted) {
        int difference = status ^ wanted;
        int lost = difference & ~wanted;
        if ((difference & ConntrackNumbers.GUARDED) != 0
                || (lost & (ConntrackNumbers.SEEN_REPLY | ConntrackNumbers.ASSURED)) != 0) {
            throw new Refused(ErrorNumbers.EBUSY);
        }
        status |= wanted & ConntrackNumbers.CHANGEABLE;
    }

    int mark() {
        return mark;
    }

    void mark(int newMark) {
        mark = newMark;
    }

    /** Returns when it ends by itself, on the kernel's clock, in milliseconds. */
    long ends() {
        return ends;
    }

    void ends(long newEnd) {
        ends = newEnd;
    }
}
