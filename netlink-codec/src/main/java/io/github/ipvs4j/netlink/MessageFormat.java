// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import java.util.List;
import java.util.Optional;

/**
 * How a message is laid out behind {@code nlmsghdr}: the fields of its family's fixed header, then attributes.
 *
 * @param name the kernel's name of the message, for example {@code RTM_NEWADDR}
 * @param header the fixed header
 * @param attributes the attributes that follow it
 */
record MessageFormat(String name, Header header, AttributeTable attributes) {
    /**
     * A fixed header.
     *
     * @param length in bytes, which is where the attributes begin
     * @param fields in their order
     */
    record Header(int length, List<Field> fields) {}

    /**
     * A field of a fixed header.
     *
     * @param offset in bytes from the end of {@code nlmsghdr}
     * @param name the kernel's name
     * @param kind what it holds
     */
    record Field(int offset, String name, AttributeKind kind) {}

    /**
     * Returns the format of a message.
     *
     * @param protocol of the socket
     * @param type {@code nlmsg_type}
     * @param command the first byte behind {@code nlmsghdr}; only generic netlink looks at it
     * @return empty for control messages and where not even the length of the fixed header is known
     */
    static Optional<MessageFormat> of(NetlinkProtocol protocol, int type, int command) {
        if (type < NetlinkHeader.FIRST_FAMILY_TYPE) {
            return Optional.empty();
        }
        return switch (protocol) {
            case ROUTE -> RouteNames.message(type);
            case NETFILTER -> Optional.of(netfilter(type));
            case GENERIC ->
                Optional.of(type == ControllerLayout.FAMILY ? ControllerNames.message(command) : generic("", command));
        };
    }

    /**
     * Returns the format of a message of a generic-netlink family.
     *
     * @param family its name
     * @param command the number of the command
     * @return for a family that is not known here, one without names of attributes
     */
    static MessageFormat generic(String family, int command) {
        return family.equals(IpvsNames.FAMILY)
                ? IpvsNames.message(command)
                : new MessageFormat("command " + command, ControllerNames.HEADER, AttributeTable.UNKNOWN);
    }

    private static MessageFormat netfilter(int type) {
        int command = type & 0xff;
        return switch (type >> Byte.SIZE) {
            case ConntrackLayout.SUBSYSTEM -> ConntrackNames.message(command);
            case IpsetNames.SUBSYSTEM -> IpsetNames.message(command);
            default -> new MessageFormat("message " + type, ConntrackNames.HEADER, AttributeTable.UNKNOWN);
        };
    }
}
