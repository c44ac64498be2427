// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import static io.github.ipvs4j.netlink.AttributeKind.BITS32;
import static io.github.ipvs4j.netlink.AttributeKind.STRING;
import static io.github.ipvs4j.netlink.AttributeKind.U16;
import static io.github.ipvs4j.netlink.AttributeKind.U32;
import static io.github.ipvs4j.netlink.AttributeKind.U8;

import java.util.List;

/**
 * Names of the generic-netlink controller's messages and attributes.
 *
 * <p>Source: {@code include/uapi/linux/genetlink.h}.
 */
final class ControllerNames {
    /** {@code struct genlmsghdr}, which every generic-netlink family has. */
    static final MessageFormat.Header HEADER = new MessageFormat.Header(
            ControllerLayout.GENERIC_HEADER,
            List.of(new MessageFormat.Field(0, "cmd", U8), new MessageFormat.Field(1, "version", U8)));

    private static final AttributeTable OPERATION = AttributeTable.builder()
            .is(1, "CTRL_ATTR_OP_ID", U32)
            .is(2, "CTRL_ATTR_OP_FLAGS", BITS32)
            .build();

    private static final AttributeTable GROUP = AttributeTable.builder()
            .is(1, "CTRL_ATTR_MCAST_GRP_NAME", STRING)
            .is(2, "CTRL_ATTR_MCAST_GRP_ID", U32)
            .build();

    private static final AttributeTable OPERATION_POLICY = AttributeTable.builder()
            .is(1, "CTRL_ATTR_POLICY_DO", U32)
            .is(2, "CTRL_ATTR_POLICY_DUMP", U32)
            .build();

    private static final AttributeTable ATTRIBUTES = AttributeTable.builder()
            .is(1, "CTRL_ATTR_FAMILY_ID", U16)
            .is(2, "CTRL_ATTR_FAMILY_NAME", STRING)
            .is(3, "CTRL_ATTR_VERSION", U32)
            .is(4, "CTRL_ATTR_HDRSIZE", U32)
            .is(5, "CTRL_ATTR_MAXATTR", U32)
            .nest(6, "CTRL_ATTR_OPS", AttributeTable.elements(OPERATION))
            .nest(7, "CTRL_ATTR_MCAST_GROUPS", AttributeTable.elements(GROUP))
            // Numbered by policy, then by attribute.
            .nest(8, "CTRL_ATTR_POLICY", AttributeTable.elements(AttributeTable.elements(ExtendedAckNames.POLICY)))
            .nest(9, "CTRL_ATTR_OP_POLICY", AttributeTable.elements(OPERATION_POLICY))
            .is(10, "CTRL_ATTR_OP", U32)
            .build();

    private ControllerNames() {}

    static MessageFormat message(int command) {
        return new MessageFormat(name(command), HEADER, ATTRIBUTES);
    }

    private static String name(int command) {
        return switch (command) {
            case 1 -> "CTRL_CMD_NEWFAMILY";
            case 2 -> "CTRL_CMD_DELFAMILY";
            case 3 -> "CTRL_CMD_GETFAMILY";
            case 7 -> "CTRL_CMD_NEWMCAST_GRP";
            case 8 -> "CTRL_CMD_DELMCAST_GRP";
            case 10 -> "CTRL_CMD_GETPOLICY";
            default -> "CTRL_CMD_" + command;
        };
    }
}
