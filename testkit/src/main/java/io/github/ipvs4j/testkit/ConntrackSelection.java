// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.ConntrackEntry.Direction;
import io.github.ipvs4j.netlink.ConntrackEntry.Zone;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import org.jspecify.annotations.Nullable;

/**
 * What a listing or a flush of the connection table is limited to.
 *
 * <p>Follows {@code ctnetlink_filter_match} in {@code net/netfilter/nf_conntrack_netlink.c} with its slips: an IPv6
 * address lets everything through but itself, and ports are compared for TCP and UDP only.
 *
 * @param family 0 for all
 * @param mark value under the mask
 * @param markMask 0 for any mark
 * @param status value under the mask
 * @param statusMask 0 for any status
 * @param zone null for any
 * @param originalLook what of the original tuple is looked at
 * @param original what is looked for, null for nothing
 * @param replyLook what of the answers' tuple is looked at
 * @param reply what is looked for, null for nothing
 */
record ConntrackSelection(
        int family,
        int mark,
        int markMask,
        int status,
        int statusMask,
        @Nullable Zone zone,
        int originalLook,
        @Nullable TrackedTuple original,
        int replyLook,
        @Nullable TrackedTuple reply) {

    ConntrackSelection(int family, int mark, int markMask, int status, int statusMask, @Nullable Zone zone) {
        this(family, mark, markMask, status, statusMask, zone, 0, null, 0, null);
    }

    ConntrackSelection with(
            int newOriginalLook,
            @Nullable TrackedTuple newOriginal,
            int newReplyLook,
            @Nullable TrackedTuple newReply) {
        return new ConntrackSelection(
                family, mark, markMask, status, statusMask, zone, newOriginalLook, newOriginal, newReplyLook, newReply);
    }

    boolean lets(TrackedConnection connection) {
        return (family == 0 || connection.original().family().number() == family)
                && (zone == null || isIn(connection.zone(), zone))
                && (original == null || matches(original, connection.original(), originalLook))
                && (reply == null || matches(reply, connection.reply(), replyLook))
                && (connection.mark() & markMask) == mark
                && (connection.status() & statusMask) == status;
    }

    /** Zones are the same if they are so in one direction. */
    private static boolean isIn(Zone own, Zone wanted) {
        return in(own, Direction.ORIGINAL) == wanted.id() || in(own, Direction.REPLY) == wanted.id();
    }

    /** Returns the number of a zone in one direction. */
    static int in(Zone zone, Direction direction) {
        return zone.direction() == Direction.BOTH || zone.direction() == direction ? zone.id() : 0;
    }

    private static boolean matches(TrackedTuple wanted, TrackedTuple own, int look) {
        if (!address(wanted.source(), own.source(), look & ConntrackNumbers.LOOK_SOURCE)
                || !address(wanted.destination(), own.destination(), look & ConntrackNumbers.LOOK_DESTINATION)) {
            return false;
        }
        if ((look & ConntrackNumbers.LOOK_PROTOCOL) != 0 && wanted.protocol() != own.protocol()) {
            return false;
        }
        return switch (own.protocol()) {
            case TrackedTuple.TCP, TrackedTuple.UDP ->
                same(wanted.first(), own.first(), look & ConntrackNumbers.LOOK_SOURCE_PORT)
                        && same(wanted.second(), own.second(), look & ConntrackNumbers.LOOK_DESTINATION_PORT);
            case TrackedTuple.ICMP -> icmp(wanted, own, look);
            case TrackedTuple.ICMPV6 -> icmp(wanted, own, look >>> ConntrackNumbers.LOOK_TO_ICMPV6);
            default -> true;
        };
    }

    private static boolean icmp(TrackedTuple wanted, TrackedTuple own, int look) {
        return same(wanted.icmpType(), own.icmpType(), look & ConntrackNumbers.LOOK_ICMP_TYPE)
                && same(wanted.icmpCode(), own.icmpCode(), look & ConntrackNumbers.LOOK_ICMP_CODE)
                && same(wanted.first(), own.first(), look & ConntrackNumbers.LOOK_ICMP_ID);
    }

    private static boolean same(int wanted, int own, int looked) {
        return looked == 0 || wanted == own;
    }

    private static boolean address(IpAddress wanted, IpAddress own, int looked) {
        return looked == 0 || wanted.equals(own) == (own.family() == IpFamily.IPV4);
    }
}
