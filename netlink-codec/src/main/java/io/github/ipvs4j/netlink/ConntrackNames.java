// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import static io.github.ipvs4j.netlink.AttributeKind.ADDRESS;
import static io.github.ipvs4j.netlink.AttributeKind.BITS32;
import static io.github.ipvs4j.netlink.AttributeKind.BITS32BE;
import static io.github.ipvs4j.netlink.AttributeKind.BYTES;
import static io.github.ipvs4j.netlink.AttributeKind.FLAG;
import static io.github.ipvs4j.netlink.AttributeKind.STRING;
import static io.github.ipvs4j.netlink.AttributeKind.U16BE;
import static io.github.ipvs4j.netlink.AttributeKind.U32BE;
import static io.github.ipvs4j.netlink.AttributeKind.U64BE;
import static io.github.ipvs4j.netlink.AttributeKind.U8;

import java.util.List;

/**
 * Names of ctnetlink's messages and attributes.
 *
 * <p>Source: {@code include/uapi/linux/netfilter/nfnetlink.h}, {@code nfnetlink_conntrack.h}.
 */
final class ConntrackNames {
    /** {@code struct nfgenmsg}, which every nfnetlink subsystem has. */
    static final MessageFormat.Header HEADER = new MessageFormat.Header(
            ConntrackLayout.HEADER,
            List.of(
                    new MessageFormat.Field(0, "nfgen_family", U8),
                    new MessageFormat.Field(1, "version", U8),
                    new MessageFormat.Field(2, "res_id", U16BE)));

    private static final String[] COMMANDS = {
        "NEW", "GET", "DELETE", "GET_CTRZERO", "GET_STATS_CPU", "GET_STATS", "GET_DYING", "GET_UNCONFIRMED"
    };

    private static final AttributeTable TUPLE = AttributeTable.builder()
            .nest(
                    1,
                    "CTA_TUPLE_IP",
                    AttributeTable.builder()
                            .is(1, "CTA_IP_V4_SRC", ADDRESS)
                            .is(2, "CTA_IP_V4_DST", ADDRESS)
                            .is(3, "CTA_IP_V6_SRC", ADDRESS)
                            .is(4, "CTA_IP_V6_DST", ADDRESS)
                            .build())
            .nest(
                    2,
                    "CTA_TUPLE_PROTO",
                    AttributeTable.builder()
                            .is(1, "CTA_PROTO_NUM", U8)
                            .is(2, "CTA_PROTO_SRC_PORT", U16BE)
                            .is(3, "CTA_PROTO_DST_PORT", U16BE)
                            .is(4, "CTA_PROTO_ICMP_ID", U16BE)
                            .is(5, "CTA_PROTO_ICMP_TYPE", U8)
                            .is(6, "CTA_PROTO_ICMP_CODE", U8)
                            .is(7, "CTA_PROTO_ICMPV6_ID", U16BE)
                            .is(8, "CTA_PROTO_ICMPV6_TYPE", U8)
                            .is(9, "CTA_PROTO_ICMPV6_CODE", U8)
                            .build())
            .is(3, "CTA_TUPLE_ZONE", U16BE)
            .build();

    private static final AttributeTable PROTOCOL_STATE = AttributeTable.builder()
            .nest(
                    1,
                    "CTA_PROTOINFO_TCP",
                    AttributeTable.builder()
                            .is(1, "CTA_PROTOINFO_TCP_STATE", U8)
                            .is(2, "CTA_PROTOINFO_TCP_WSCALE_ORIGINAL", U8)
                            .is(3, "CTA_PROTOINFO_TCP_WSCALE_REPLY", U8)
                            .is(4, "CTA_PROTOINFO_TCP_FLAGS_ORIGINAL", BYTES)
                            .is(5, "CTA_PROTOINFO_TCP_FLAGS_REPLY", BYTES)
                            .build())
            .nest(
                    2,
                    "CTA_PROTOINFO_DCCP",
                    AttributeTable.builder()
                            .is(1, "CTA_PROTOINFO_DCCP_STATE", U8)
                            .is(2, "CTA_PROTOINFO_DCCP_ROLE", U8)
                            .is(3, "CTA_PROTOINFO_DCCP_HANDSHAKE_SEQ", U64BE)
                            .is(4, "CTA_PROTOINFO_DCCP_PAD", FLAG)
                            .build())
            .nest(
                    3,
                    "CTA_PROTOINFO_SCTP",
                    AttributeTable.builder()
                            .is(1, "CTA_PROTOINFO_SCTP_STATE", U8)
                            .is(2, "CTA_PROTOINFO_SCTP_VTAG_ORIGINAL", BITS32BE)
                            .is(3, "CTA_PROTOINFO_SCTP_VTAG_REPLY", BITS32BE)
                            .build())
            .build();

    private static final AttributeTable COUNTERS = AttributeTable.builder()
            .is(1, "CTA_COUNTERS_PACKETS", U64BE)
            .is(2, "CTA_COUNTERS_BYTES", U64BE)
            .is(5, "CTA_COUNTERS_PAD", FLAG)
            .build();

    private static final AttributeTable SEQUENCE_ADJUSTMENT = AttributeTable.builder()
            .is(1, "CTA_SEQADJ_CORRECTION_POS", U32BE)
            .is(2, "CTA_SEQADJ_OFFSET_BEFORE", U32BE)
            .is(3, "CTA_SEQADJ_OFFSET_AFTER", U32BE)
            .build();

    private static final AttributeTable TRANSLATION = AttributeTable.builder()
            .is(1, "CTA_NAT_V4_MINIP", ADDRESS)
            .is(2, "CTA_NAT_V4_MAXIP", ADDRESS)
            .nest(
                    3,
                    "CTA_NAT_PROTO",
                    AttributeTable.builder()
                            .is(1, "CTA_PROTONAT_PORT_MIN", U16BE)
                            .is(2, "CTA_PROTONAT_PORT_MAX", U16BE)
                            .build())
            .is(4, "CTA_NAT_V6_MINIP", ADDRESS)
            .is(5, "CTA_NAT_V6_MAXIP", ADDRESS)
            .build();

    private static final AttributeTable TIMESTAMP = AttributeTable.builder()
            .is(1, "CTA_TIMESTAMP_START", U64BE)
            .is(2, "CTA_TIMESTAMP_STOP", U64BE)
            .is(3, "CTA_TIMESTAMP_PAD", FLAG)
            .build();

    private static final AttributeTable SYNPROXY = AttributeTable.builder()
            .is(1, "CTA_SYNPROXY_ISN", U32BE)
            .is(2, "CTA_SYNPROXY_ITS", U32BE)
            .is(3, "CTA_SYNPROXY_TSOFF", U32BE)
            .build();

    /** The only words of ctnetlink in host order. */
    private static final AttributeTable FILTER = AttributeTable.builder()
            .is(1, "CTA_FILTER_ORIG_FLAGS", BITS32)
            .is(2, "CTA_FILTER_REPLY_FLAGS", BITS32)
            .build();

    private static final AttributeTable ENTRY = AttributeTable.builder()
            .nest(1, "CTA_TUPLE_ORIG", TUPLE)
            .nest(2, "CTA_TUPLE_REPLY", TUPLE)
            .is(3, "CTA_STATUS", BITS32BE)
            .nest(4, "CTA_PROTOINFO", PROTOCOL_STATE)
            .nest(
                    5,
                    "CTA_HELP",
                    AttributeTable.builder().is(1, "CTA_HELP_NAME", STRING).build())
            .nest(6, "CTA_NAT_SRC", TRANSLATION)
            .is(7, "CTA_TIMEOUT", U32BE)
            .is(8, "CTA_MARK", BITS32BE)
            .nest(9, "CTA_COUNTERS_ORIG", COUNTERS)
            .nest(10, "CTA_COUNTERS_REPLY", COUNTERS)
            .is(11, "CTA_USE", U32BE)
            .is(12, "CTA_ID", BITS32BE)
            .nest(13, "CTA_NAT_DST", TRANSLATION)
            .nest(14, "CTA_TUPLE_MASTER", TUPLE)
            .nest(15, "CTA_SEQ_ADJ_ORIG", SEQUENCE_ADJUSTMENT)
            .nest(16, "CTA_SEQ_ADJ_REPLY", SEQUENCE_ADJUSTMENT)
            .is(18, "CTA_ZONE", U16BE)
            .nest(
                    19,
                    "CTA_SECCTX",
                    AttributeTable.builder().is(1, "CTA_SECCTX_NAME", STRING).build())
            .nest(20, "CTA_TIMESTAMP", TIMESTAMP)
            .is(21, "CTA_MARK_MASK", BITS32BE)
            .is(22, "CTA_LABELS", BYTES)
            .is(23, "CTA_LABELS_MASK", BYTES)
            .nest(24, "CTA_SYNPROXY", SYNPROXY)
            .nest(25, "CTA_FILTER", FILTER)
            .is(26, "CTA_STATUS_MASK", BITS32BE)
            .build();

    private static final AttributeTable STATISTICS_OF_PROCESSOR = AttributeTable.builder()
            .is(2, "CTA_STATS_FOUND", U32BE)
            .is(4, "CTA_STATS_INVALID", U32BE)
            .is(8, "CTA_STATS_INSERT", U32BE)
            .is(9, "CTA_STATS_INSERT_FAILED", U32BE)
            .is(10, "CTA_STATS_DROP", U32BE)
            .is(11, "CTA_STATS_EARLY_DROP", U32BE)
            .is(12, "CTA_STATS_ERROR", U32BE)
            .is(13, "CTA_STATS_SEARCH_RESTART", U32BE)
            .is(14, "CTA_STATS_CLASH_RESOLVE", U32BE)
            .is(15, "CTA_STATS_CHAIN_TOOLONG", U32BE)
            .build();

    private static final AttributeTable STATISTICS = AttributeTable.builder()
            .is(1, "CTA_STATS_GLOBAL_ENTRIES", U32BE)
            .is(2, "CTA_STATS_GLOBAL_MAX_ENTRIES", U32BE)
            .build();

    private static final int GET_STATS_CPU = 4;
    private static final int GET_STATS = 5;

    private ConntrackNames() {}

    static MessageFormat message(int command) {
        String name = "IPCTNL_MSG_CT_" + (command < COMMANDS.length ? COMMANDS[command] : Integer.toString(command));
        AttributeTable attributes = switch (command) {
            case GET_STATS_CPU -> STATISTICS_OF_PROCESSOR;
            case GET_STATS -> STATISTICS;
            default -> ENTRY;
        };
        return new MessageFormat(name, HEADER, attributes);
    }
}
