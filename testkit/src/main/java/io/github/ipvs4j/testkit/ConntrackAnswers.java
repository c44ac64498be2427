// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.ConntrackEntry.Direction;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.MessageWriter;
import java.util.function.Consumer;

/**
 * Writes tracked connections as answers and as events.
 *
 * <p>Follows {@code ctnetlink_fill_info} and {@code ctnetlink_conntrack_event} in
 * {@code net/netfilter/nf_conntrack_netlink.c}. Not simulated: counters, time stamps, helpers, labels, security
 * contexts.
 */
final class ConntrackAnswers {
    private static final long SECOND = 1000;

    private final KernelRelease release;

    ConntrackAnswers(KernelRelease release) {
        this.release = release;
    }

    static int type(int command) {
        return ConntrackNumbers.SUBSYSTEM << Byte.SIZE | command;
    }

    static void header(MessageWriter out, TrackedConnection connection) {
        out.netfilterHeader(connection.original().family().number(), 0, 0);
    }

    /**
     * Writes an entry as it is listed or looked up.
     *
     * @param users how many hold it, which the kernel tells
     */
    void entry(MessageWriter out, TrackedConnection connection, long now, int users) {
        header(out, connection);
        tuples(out, connection);
        out.u32be(ConntrackNumbers.STATUS, connection.status())
                .u32be(ConntrackNumbers.MARK, connection.mark())
                .u32be(ConntrackNumbers.ID, connection.id())
                .u32be(ConntrackNumbers.USE, users)
                .u32be(ConntrackNumbers.TIMEOUT, secondsLeft(connection, now));
        protocolInfo(out, connection, true);
        synproxy(out, connection);
    }

    /** Writes what is told of a new or changed entry. */
    void change(MessageWriter out, TrackedConnection connection, long now) {
        header(out, connection);
        tuples(out, connection);
        out.u32be(ConntrackNumbers.ID, connection.id())
                .u32be(ConntrackNumbers.STATUS, connection.status())
                .u32be(ConntrackNumbers.TIMEOUT, secondsLeft(connection, now));
        protocolInfo(out, connection, true);
        synproxy(out, connection);
        out.u32be(ConntrackNumbers.MARK, connection.mark());
    }

    /** Writes what is told of an entry that is gone. */
    void end(MessageWriter out, TrackedConnection connection, long now) {
        header(out, connection);
        tuples(out, connection);
        out.u32be(ConntrackNumbers.ID, connection.id())
                .u32be(ConntrackNumbers.STATUS, connection.status() | ConntrackNumbers.DYING);
        int left = secondsLeft(connection, now);
        if (left != 0) {
            out.u32be(ConntrackNumbers.TIMEOUT, left);
        }
        protocolInfo(out, connection, false);
        if (connection.mark() != 0) {
            out.u32be(ConntrackNumbers.MARK, connection.mark());
        }
    }

    private static int secondsLeft(TrackedConnection connection, long now) {
        return (int) Math.max(0, (connection.ends() - now) / SECOND);
    }

    private void tuples(MessageWriter out, TrackedConnection connection) {
        tuple(out, ConntrackNumbers.ORIGINAL, connection.original(), zone(connection, Direction.ORIGINAL));
        tuple(out, ConntrackNumbers.REPLY, connection.reply(), zone(connection, Direction.REPLY));
        int both = zone(connection, Direction.BOTH);
        if (both != 0) {
            out.u16be(ConntrackNumbers.ZONE, both);
        }
    }

    private static int zone(TrackedConnection connection, Direction direction) {
        return connection.zone().direction() == direction ? connection.zone().id() : 0;
    }

    private void tuple(MessageWriter out, int type, TrackedTuple tuple, int zone) {
        nest(out, type, inner -> {
            boolean ipv4 = tuple.family() == IpFamily.IPV4;
            nest(
                    inner,
                    ConntrackNumbers.TUPLE_IP,
                    ip -> ip.address(ipv4 ? ConntrackNumbers.IPV4_SOURCE : ConntrackNumbers.IPV6_SOURCE, tuple.source())
                            .address(
                                    ipv4 ? ConntrackNumbers.IPV4_DESTINATION : ConntrackNumbers.IPV6_DESTINATION,
                                    tuple.destination()));
            nest(inner, ConntrackNumbers.TUPLE_PROTOCOL, parts -> selector(parts, tuple));
            if (zone != 0) {
                inner.u16be(ConntrackNumbers.TUPLE_ZONE, zone);
            }
        });
    }

    private void selector(MessageWriter out, TrackedTuple tuple) {
        out.u8(ConntrackNumbers.PROTOCOL, tuple.protocol());
        if (TrackedTuple.hasPorts(tuple.protocol(), release.hasUdpLite())) {
            out.u16be(ConntrackNumbers.SOURCE_PORT, tuple.first())
                    .u16be(ConntrackNumbers.DESTINATION_PORT, tuple.second());
        } else if (TrackedTuple.isIcmp(tuple.protocol())) {
            int toSix = tuple.protocol() == TrackedTuple.ICMPV6 ? ConntrackNumbers.TO_ICMPV6 : 0;
            out.u16be(ConntrackNumbers.ICMP_ID + toSix, tuple.first())
                    .u8(ConntrackNumbers.ICMP_TYPE + toSix, tuple.icmpType())
                    .u8(ConntrackNumbers.ICMP_CODE + toSix, tuple.icmpCode());
        }
    }

    private static void protocolInfo(MessageWriter out, TrackedConnection connection, boolean whole) {
        TrackedConnection.ProtocolState own = connection.protocolState();
        if (connection.original().protocol() == TrackedTuple.TCP) {
            nest(
                    out,
                    ConntrackNumbers.PROTOCOL_INFO,
                    info -> nest(info, ConntrackNumbers.INFO_TCP, tcp -> {
                        tcp.u8(ConntrackNumbers.TCP_STATE, own.state);
                        if (whole) {
                            tcp.u8(ConntrackNumbers.TCP_SCALE_ORIGINAL, own.scales[0])
                                    .u8(ConntrackNumbers.TCP_SCALE_REPLY, own.scales[1])
                                    .bytes(ConntrackNumbers.TCP_FLAGS_ORIGINAL, new byte[] {(byte) own.flags[0], 0})
                                    .bytes(ConntrackNumbers.TCP_FLAGS_REPLY, new byte[] {(byte) own.flags[1], 0});
                        }
                    }));
        } else if (connection.original().protocol() == TrackedTuple.SCTP) {
            nest(
                    out,
                    ConntrackNumbers.PROTOCOL_INFO,
                    info -> nest(info, ConntrackNumbers.INFO_SCTP, sctp -> {
                        sctp.u8(ConntrackNumbers.SCTP_STATE, own.state);
                        if (whole) {
                            sctp.u32be(ConntrackNumbers.SCTP_TAG_ORIGINAL, own.tags[0])
                                    .u32be(ConntrackNumbers.SCTP_TAG_REPLY, own.tags[1]);
                        }
                    }));
        }
    }

    private static void synproxy(MessageWriter out, TrackedConnection connection) {
        nest(out, ConntrackNumbers.SYNPROXY, nest -> {
            for (int i = 0; i < ConntrackNumbers.SYNPROXY_COUNT; i++) {
                nest.u32be(i + 1, connection.synproxy()[i]);
            }
        });
    }

    private static void nest(MessageWriter out, int type, Consumer<MessageWriter> body) {
        int nest = out.beginNested(type);
        body.accept(out);
        out.endNested(nest);
    }
}
