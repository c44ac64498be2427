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

/**
 * Names of ipset's messages and attributes, for error messages and print-outs.
 *
 * <p>Numbers from 17 up mean one thing where a set is created or described, another where entries are: so each message
 * has tables of its own.
 *
 * <p>Source: {@code include/uapi/linux/netfilter/ipset/ip_set.h}.
 */
final class IpsetNames {
    /** {@code NFNL_SUBSYS_IPSET}. */
    static final int SUBSYSTEM = 6;

    private static final int CREATE = 2;
    private static final int RENAME = 5;
    private static final int SWAP = 6;
    private static final int LIST = 7;
    private static final int SAVE = 8;

    private static final String[] COMMANDS = {
        "NONE",
        "PROTOCOL",
        "CREATE",
        "DESTROY",
        "FLUSH",
        "RENAME",
        "SWAP",
        "LIST",
        "SAVE",
        "ADD",
        "DEL",
        "TEST",
        "HEADER",
        "TYPE",
        "GET_BYNAME",
        "GET_BYINDEX"
    };

    private static final AttributeTable IP = AttributeTable.builder()
            .is(1, "IPSET_ATTR_IPADDR_IPV4", ADDRESS)
            .is(2, "IPSET_ATTR_IPADDR_IPV6", ADDRESS)
            .build();

    private static final AttributeTable SET = common().is(17, "IPSET_ATTR_INITVAL", BITS32BE)
            .is(18, "IPSET_ATTR_HASHSIZE", U32BE)
            .is(19, "IPSET_ATTR_MAXELEM", U32BE)
            .is(20, "IPSET_ATTR_NETMASK", U8)
            .is(21, "IPSET_ATTR_BUCKETSIZE", U8)
            .is(22, "IPSET_ATTR_RESIZE", U8)
            .is(23, "IPSET_ATTR_SIZE", U32BE)
            .is(24, "IPSET_ATTR_ELEMENTS", U32BE)
            .is(25, "IPSET_ATTR_REFERENCES", U32BE)
            .is(26, "IPSET_ATTR_MEMSIZE", U32BE)
            .build();

    private static final AttributeTable ENTRY = common().is(17, "IPSET_ATTR_ETHER", BYTES)
            .is(18, "IPSET_ATTR_NAME", STRING)
            .is(19, "IPSET_ATTR_NAMEREF", STRING)
            .nest(20, "IPSET_ATTR_IP2", IP)
            .is(21, "IPSET_ATTR_CIDR2", U8)
            .nest(22, "IPSET_ATTR_IP2_TO", IP)
            .is(23, "IPSET_ATTR_IFACE", STRING)
            .is(24, "IPSET_ATTR_BYTES", U64BE)
            .is(25, "IPSET_ATTR_PACKETS", U64BE)
            .is(26, "IPSET_ATTR_COMMENT", STRING)
            .is(27, "IPSET_ATTR_SKBMARK", U64BE)
            .is(28, "IPSET_ATTR_SKBPRIO", BITS32BE)
            .is(29, "IPSET_ATTR_SKBQUEUE", U16BE)
            .is(30, "IPSET_ATTR_PAD", FLAG)
            .build();

    /** The kernel repeats the number of DATA for every entry. */
    private static final AttributeTable ENTRIES =
            AttributeTable.builder().nest(7, "IPSET_ATTR_DATA", ENTRY).build();

    private static final AttributeTable OF_SETS = command("IPSET_ATTR_TYPENAME", SET);
    private static final AttributeTable OF_TWO_NAMES = command("IPSET_ATTR_SETNAME2", SET);
    private static final AttributeTable OF_ENTRIES = command("IPSET_ATTR_TYPENAME", ENTRY);

    private IpsetNames() {}

    private static AttributeTable.Builder common() {
        return AttributeTable.builder()
                .nest(1, "IPSET_ATTR_IP", IP)
                .nest(2, "IPSET_ATTR_IP_TO", IP)
                .is(3, "IPSET_ATTR_CIDR", U8)
                .is(4, "IPSET_ATTR_PORT", U16BE)
                .is(5, "IPSET_ATTR_PORT_TO", U16BE)
                .is(6, "IPSET_ATTR_TIMEOUT", U32BE)
                .is(7, "IPSET_ATTR_PROTO", U8)
                .is(8, "IPSET_ATTR_CADT_FLAGS", BITS32BE)
                .is(9, "IPSET_ATTR_LINENO", U32BE)
                .is(10, "IPSET_ATTR_MARK", BITS32BE)
                // Requests carry the flag for network order; answers do not, and are in host order.
                .is(11, "IPSET_ATTR_MARKMASK", BITS32)
                .nest(12, "IPSET_ATTR_BITMASK", IP);
    }

    private static AttributeTable command(String nameOfNumber3, AttributeTable data) {
        return AttributeTable.builder()
                .is(1, "IPSET_ATTR_PROTOCOL", U8)
                .is(2, "IPSET_ATTR_SETNAME", STRING)
                .is(3, nameOfNumber3, STRING)
                .is(4, "IPSET_ATTR_REVISION", U8)
                .is(5, "IPSET_ATTR_FAMILY", U8)
                .is(6, "IPSET_ATTR_FLAGS", BITS32BE)
                .nest(7, "IPSET_ATTR_DATA", data)
                .nest(8, "IPSET_ATTR_ADT", ENTRIES)
                .is(9, "IPSET_ATTR_LINENO", U32BE)
                .is(10, "IPSET_ATTR_PROTOCOL_MIN", U8)
                .is(11, "IPSET_ATTR_INDEX", U16BE)
                .build();
    }

    static MessageFormat message(int command) {
        String name = "IPSET_CMD_" + (command < COMMANDS.length ? COMMANDS[command] : Integer.toString(command));
        AttributeTable attributes = switch (command) {
            case CREATE, LIST, SAVE -> OF_SETS;
            case RENAME, SWAP -> OF_TWO_NAMES;
            default -> OF_ENTRIES;
        };
        return new MessageFormat(name, ConntrackNames.HEADER, attributes);
    }
}
