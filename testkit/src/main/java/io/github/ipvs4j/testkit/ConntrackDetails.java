// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.testkit.AttributePolicy.Kind;

/**
 * Reads what a request says of an entry beside its tuples, its status and its time.
 *
 * <p>Follows {@code ctnetlink_change_protoinfo}, {@code nlattr_to_tcp}, {@code nlattr_to_sctp} and
 * {@code ctnetlink_change_synproxy} in {@code net/netfilter/}.
 */
final class ConntrackDetails {
    private static final AttributePolicy INFO = AttributePolicy.upTo(ConntrackNumbers.INFO_MAX)
            .with(Kind.NESTED, ConntrackNumbers.INFO_TCP, ConntrackNumbers.INFO_SCTP);

    private static final AttributePolicy TCP = AttributePolicy.upTo(ConntrackNumbers.TCP_MAX)
            .with(
                    Kind.U8,
                    ConntrackNumbers.TCP_STATE,
                    ConntrackNumbers.TCP_SCALE_ORIGINAL,
                    ConntrackNumbers.TCP_SCALE_REPLY)
            .withLimited(Kind.AT_LEAST, 2, ConntrackNumbers.TCP_FLAGS_ORIGINAL, ConntrackNumbers.TCP_FLAGS_REPLY);

    private static final AttributePolicy SCTP = AttributePolicy.upTo(ConntrackNumbers.SCTP_MAX)
            .with(Kind.U8, ConntrackNumbers.SCTP_STATE)
            .with(Kind.U32, ConntrackNumbers.SCTP_TAG_ORIGINAL, ConntrackNumbers.SCTP_TAG_REPLY);

    private static final AttributePolicy SYNPROXY =
            AttributePolicy.upTo(ConntrackNumbers.SYNPROXY_COUNT).with(Kind.U32, 1, 2, ConntrackNumbers.SYNPROXY_COUNT);

    private static final AttributePolicy HELP = AttributePolicy.upTo(ConntrackNumbers.HELP_MAX)
            .withLimited(Kind.NUL_STRING, ConntrackNumbers.HELP_NAME_MAX, ConntrackNumbers.HELP_NAME);

    private ConntrackDetails() {}

    /** In the kernel's order: what stands in front of a fault is done. */
    static void read(TrackedConnection connection, Attributes top) {
        if (top.has(ConntrackNumbers.PROTOCOL_INFO)) {
            protocolInfo(connection, top);
        }
        if (top.has(ConntrackNumbers.MARK)) {
            int mask = top.has(ConntrackNumbers.MARK_MASK) ? ~top.i32be(ConntrackNumbers.MARK_MASK) : 0;
            connection.mark((connection.mark() & mask) ^ top.i32be(ConntrackNumbers.MARK));
        }
        if (top.has(ConntrackNumbers.SYNPROXY)) {
            synproxy(connection, top);
        }
    }

    /** Returns the name of the helper that is asked for. */
    static String helper(Attributes top) {
        Attributes help = ConntrackParser.silently(() -> top.nested(ConntrackNumbers.HELP, HELP));
        if (!help.has(ConntrackNumbers.HELP_NAME)) {
            throw ConntrackParser.invalid();
        }
        return help.string(ConntrackNumbers.HELP_NAME);
    }

    private static void protocolInfo(TrackedConnection connection, Attributes top) {
        Attributes info = ConntrackParser.silently(() -> top.nested(ConntrackNumbers.PROTOCOL_INFO, INFO));
        int protocol = connection.original().protocol();
        if (protocol == TrackedTuple.TCP && info.has(ConntrackNumbers.INFO_TCP)) {
            tcp(connection.protocolState(), info);
        } else if (protocol == TrackedTuple.SCTP && info.has(ConntrackNumbers.INFO_SCTP)) {
            sctp(connection.protocolState(), info);
        }
    }

    private static void tcp(TrackedConnection.ProtocolState own, Attributes info) {
        Attributes tcp = ConntrackParser.silently(() -> info.nested(ConntrackNumbers.INFO_TCP, TCP));
        checkRange(tcp, ConntrackNumbers.TCP_STATE, ConntrackNumbers.TCP_LAST_STATE);
        checkRange(tcp, ConntrackNumbers.TCP_SCALE_ORIGINAL, ConntrackNumbers.TCP_LARGEST_SCALE);
        checkRange(tcp, ConntrackNumbers.TCP_SCALE_REPLY, ConntrackNumbers.TCP_LARGEST_SCALE);
        if (tcp.has(ConntrackNumbers.TCP_STATE)) {
            own.state = tcp.u8(ConntrackNumbers.TCP_STATE);
        }
        flags(own.flags, 0, tcp, ConntrackNumbers.TCP_FLAGS_ORIGINAL);
        flags(own.flags, 1, tcp, ConntrackNumbers.TCP_FLAGS_REPLY);
        if (tcp.hasAll(ConntrackNumbers.TCP_SCALE_ORIGINAL, ConntrackNumbers.TCP_SCALE_REPLY)
                && (own.flags[0] & own.flags[1] & ConntrackNumbers.TCP_FLAG_SCALES) != 0) {
            own.scales[0] = tcp.u8(ConntrackNumbers.TCP_SCALE_ORIGINAL);
            own.scales[1] = tcp.u8(ConntrackNumbers.TCP_SCALE_REPLY);
        }
    }

    private static void checkRange(Attributes attributes, int type, int max) {
        if (attributes.has(type) && attributes.u8(type) > max) {
            throw new Refused(ErrorNumbers.ERANGE);
        }
    }

    private static void flags(int[] flags, int direction, Attributes tcp, int type) {
        if (tcp.has(type)) {
            byte[] flagsAndMask = tcp.field(type, 2);
            int mask = Byte.toUnsignedInt(flagsAndMask[1]);
            flags[direction] = (flags[direction] & ~mask) | (Byte.toUnsignedInt(flagsAndMask[0]) & mask);
        }
    }

    private static void sctp(TrackedConnection.ProtocolState own, Attributes info) {
        Attributes sctp = ConntrackParser.silently(() -> info.nested(ConntrackNumbers.INFO_SCTP, SCTP));
        checkRange(sctp, ConntrackNumbers.SCTP_STATE, ConntrackNumbers.SCTP_LAST_STATE);
        if (!sctp.hasAll(
                ConntrackNumbers.SCTP_STATE, ConntrackNumbers.SCTP_TAG_ORIGINAL, ConntrackNumbers.SCTP_TAG_REPLY)) {
            throw ConntrackParser.invalid();
        }
        own.state = sctp.u8(ConntrackNumbers.SCTP_STATE);
        own.tags[0] = sctp.i32be(ConntrackNumbers.SCTP_TAG_ORIGINAL);
        own.tags[1] = sctp.i32be(ConntrackNumbers.SCTP_TAG_REPLY);
    }

    private static void synproxy(TrackedConnection connection, Attributes top) {
        Attributes nest = ConntrackParser.silently(() -> top.nested(ConntrackNumbers.SYNPROXY, SYNPROXY));
        if (!nest.hasAll(1, 2, ConntrackNumbers.SYNPROXY_COUNT)) {
            throw ConntrackParser.invalid();
        }
        for (int i = 0; i < ConntrackNumbers.SYNPROXY_COUNT; i++) {
            connection.synproxy()[i] = nest.i32be(i + 1);
        }
    }
}
