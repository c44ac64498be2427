// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import static io.github.ipvs4j.netlink.AttributeKind.ADDRESS;
import static io.github.ipvs4j.netlink.AttributeKind.BITS32;
import static io.github.ipvs4j.netlink.AttributeKind.FLAG;
import static io.github.ipvs4j.netlink.AttributeKind.IPVS_NETMASK;
import static io.github.ipvs4j.netlink.AttributeKind.MASKED_BITS32;
import static io.github.ipvs4j.netlink.AttributeKind.STRING;
import static io.github.ipvs4j.netlink.AttributeKind.U16;
import static io.github.ipvs4j.netlink.AttributeKind.U16BE;
import static io.github.ipvs4j.netlink.AttributeKind.U32;
import static io.github.ipvs4j.netlink.AttributeKind.U64;
import static io.github.ipvs4j.netlink.AttributeKind.U8;
import static io.github.ipvs4j.netlink.AttributeKind.WIDE_ADDRESS;

/**
 * Names of IPVS's messages and attributes, for error messages and print-outs.
 *
 * <p>Source: {@code include/uapi/linux/ip_vs.h}.
 */
final class IpvsNames {
    static final String FAMILY = "IPVS";

    /** In its answer to GET_INFO the kernel numbers the attributes anew. */
    private static final int SET_INFO = 14;

    private static final String[] COMMANDS = {
        "UNSPEC", "NEW_SERVICE", "SET_SERVICE", "DEL_SERVICE", "GET_SERVICE", "NEW_DEST", "SET_DEST", "DEL_DEST",
        "GET_DEST", "NEW_DAEMON", "DEL_DAEMON", "GET_DAEMON", "SET_CONFIG", "GET_CONFIG", "SET_INFO", "GET_INFO",
        "ZERO", "FLUSH"
    };

    private static final AttributeTable STATISTICS = statistics(U32);
    private static final AttributeTable STATISTICS64 = statistics(U64);

    private static final AttributeTable SERVICE = AttributeTable.builder()
            .is(1, "IPVS_SVC_ATTR_AF", U16)
            .is(2, "IPVS_SVC_ATTR_PROTOCOL", U16)
            .is(3, "IPVS_SVC_ATTR_ADDR", WIDE_ADDRESS)
            .is(4, "IPVS_SVC_ATTR_PORT", U16BE)
            .is(5, "IPVS_SVC_ATTR_FWMARK", BITS32)
            .is(6, "IPVS_SVC_ATTR_SCHED_NAME", STRING)
            .is(7, "IPVS_SVC_ATTR_FLAGS", MASKED_BITS32)
            .is(8, "IPVS_SVC_ATTR_TIMEOUT", U32)
            .is(9, "IPVS_SVC_ATTR_NETMASK", IPVS_NETMASK)
            .nest(10, "IPVS_SVC_ATTR_STATS", STATISTICS)
            .is(11, "IPVS_SVC_ATTR_PE_NAME", STRING)
            .nest(12, "IPVS_SVC_ATTR_STATS64", STATISTICS64)
            .build();

    private static final AttributeTable DESTINATION = AttributeTable.builder()
            .is(1, "IPVS_DEST_ATTR_ADDR", WIDE_ADDRESS)
            .is(2, "IPVS_DEST_ATTR_PORT", U16BE)
            .is(3, "IPVS_DEST_ATTR_FWD_METHOD", U32)
            .is(4, "IPVS_DEST_ATTR_WEIGHT", U32)
            .is(5, "IPVS_DEST_ATTR_U_THRESH", U32)
            .is(6, "IPVS_DEST_ATTR_L_THRESH", U32)
            .is(7, "IPVS_DEST_ATTR_ACTIVE_CONNS", U32)
            .is(8, "IPVS_DEST_ATTR_INACT_CONNS", U32)
            .is(9, "IPVS_DEST_ATTR_PERSIST_CONNS", U32)
            .nest(10, "IPVS_DEST_ATTR_STATS", STATISTICS)
            .is(11, "IPVS_DEST_ATTR_ADDR_FAMILY", U16)
            .nest(12, "IPVS_DEST_ATTR_STATS64", STATISTICS64)
            .is(13, "IPVS_DEST_ATTR_TUN_TYPE", U8)
            .is(14, "IPVS_DEST_ATTR_TUN_PORT", U16BE)
            .is(15, "IPVS_DEST_ATTR_TUN_FLAGS", U16)
            .build();

    private static final AttributeTable DAEMON = AttributeTable.builder()
            .is(1, "IPVS_DAEMON_ATTR_STATE", U32)
            .is(2, "IPVS_DAEMON_ATTR_MCAST_IFN", STRING)
            .is(3, "IPVS_DAEMON_ATTR_SYNC_ID", U32)
            .is(4, "IPVS_DAEMON_ATTR_SYNC_MAXLEN", U16)
            .is(5, "IPVS_DAEMON_ATTR_MCAST_GROUP", ADDRESS)
            .is(6, "IPVS_DAEMON_ATTR_MCAST_GROUP6", ADDRESS)
            .is(7, "IPVS_DAEMON_ATTR_MCAST_PORT", U16)
            .is(8, "IPVS_DAEMON_ATTR_MCAST_TTL", U8)
            .build();

    private static final AttributeTable ATTRIBUTES = AttributeTable.builder()
            .nest(1, "IPVS_CMD_ATTR_SERVICE", SERVICE)
            .nest(2, "IPVS_CMD_ATTR_DEST", DESTINATION)
            .nest(3, "IPVS_CMD_ATTR_DAEMON", DAEMON)
            .is(4, "IPVS_CMD_ATTR_TIMEOUT_TCP", U32)
            .is(5, "IPVS_CMD_ATTR_TIMEOUT_TCP_FIN", U32)
            .is(6, "IPVS_CMD_ATTR_TIMEOUT_UDP", U32)
            .build();

    private static final AttributeTable INFO = AttributeTable.builder()
            .is(1, "IPVS_INFO_ATTR_VERSION", BITS32)
            .is(2, "IPVS_INFO_ATTR_CONN_TAB_SIZE", U32)
            .build();

    private IpvsNames() {}

    private static AttributeTable statistics(AttributeKind count) {
        return AttributeTable.builder()
                .is(1, "IPVS_STATS_ATTR_CONNS", count)
                .is(2, "IPVS_STATS_ATTR_INPKTS", count)
                .is(3, "IPVS_STATS_ATTR_OUTPKTS", count)
                .is(4, "IPVS_STATS_ATTR_INBYTES", U64)
                .is(5, "IPVS_STATS_ATTR_OUTBYTES", U64)
                .is(6, "IPVS_STATS_ATTR_CPS", count)
                .is(7, "IPVS_STATS_ATTR_INPPS", count)
                .is(8, "IPVS_STATS_ATTR_OUTPPS", count)
                .is(9, "IPVS_STATS_ATTR_INBPS", count)
                .is(10, "IPVS_STATS_ATTR_OUTBPS", count)
                .is(11, "IPVS_STATS_ATTR_PAD", FLAG)
                .build();
    }

    static MessageFormat message(int command) {
        String name = "IPVS_CMD_" + (command < COMMANDS.length ? COMMANDS[command] : Integer.toString(command));
        return new MessageFormat(name, ControllerNames.HEADER, command == SET_INFO ? INFO : ATTRIBUTES);
    }
}
