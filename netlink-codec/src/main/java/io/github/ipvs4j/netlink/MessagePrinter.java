// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Shows netlink datagrams as readable lines with the kernel's own names, for logs, bug reports and the failures of
 * tests.
 *
 * <p>It knows the controller, IPVS, ipset, links, addresses, routes and connection tracking; what it does not know it
 * shows by number, and what is damaged up to the damage. It never throws over bytes. The numbers of generic-netlink
 * families it learns from the controller's answers that it prints, or by {@link #family}. Safe for use by many threads.
 *
 * <pre>
 * IPVS_CMD_NEW_SERVICE length=104 flags=REQUEST|ACK sequence=1 port=0
 *   cmd = 1
 *   version = 1
 *   IPVS_CMD_ATTR_SERVICE
 *     IPVS_SVC_ATTR_AF = 2
 *     IPVS_SVC_ATTR_PORT = 80
 * </pre>
 */
public final class MessagePrinter {
    private static final String INDENT = "  ";

    private final NetlinkProtocol protocol;
    private final Map<Integer, String> families = new ConcurrentHashMap<>();

    /**
     * Makes a printer.
     *
     * @param protocol of the socket that the datagrams belong to
     */
    public MessagePrinter(NetlinkProtocol protocol) {
        this.protocol = protocol;
    }

    /**
     * Tells the name of a generic-netlink family.
     *
     * @param number as the kernel assigned it
     * @param name for example {@code IPVS}
     * @return this
     */
    public MessagePrinter family(int number, String name) {
        families.put(number, name);
        return this;
    }

    /**
     * Shows the messages between the buffer's reader and writer index.
     *
     * @param datagram what was sent or received; not changed
     * @return lines, each with its end
     */
    public String print(ByteBuf datagram) {
        StringBuilder text = new StringBuilder();
        MessageReader messages = new MessageReader().over(datagram);
        try {
            while (messages.next()) {
                message(text, messages, "");
            }
        } catch (MalformedReply damage) {
            boolean midLine = text.length() > 0 && text.charAt(text.length() - 1) != '\n';
            text.append(midLine ? "\n(" : "(").append(damage.getMessage()).append(")\n");
        }
        return text.toString();
    }

    private void message(StringBuilder text, MessageReader message, String indent) {
        Optional<MessageFormat> format = format(message);
        text.append(indent)
                .append(format.map(MessageFormat::name).orElseGet(() -> controlName(message)))
                .append(" length=")
                .append(message.length())
                .append(" flags=")
                .append(flags(message))
                .append(" sequence=")
                .append(Integer.toUnsignedString(message.sequence()))
                .append(" port=")
                .append(Integer.toUnsignedString(message.portId()))
                .append('\n');
        String inner = indent + INDENT;
        // An error message may echo no more of a request than its first header.
        if (format.isPresent() && message.length() > NetlinkHeader.SIZE) {
            familyMessage(text, message, format.get(), inner);
            learn(message);
        } else if (message.type() == NetlinkHeader.TYPE_ERROR || message.type() == NetlinkHeader.TYPE_DONE) {
            outcome(text, message, inner);
        }
    }

    private Optional<MessageFormat> format(MessageReader message) {
        boolean hasCommand = message.length() > NetlinkHeader.SIZE;
        int command = hasCommand ? message.headerU8(0) : 0;
        String family = families.get(message.type());
        return protocol == NetlinkProtocol.GENERIC && family != null
                ? Optional.of(MessageFormat.generic(family, command))
                : MessageFormat.of(protocol, message.type(), command);
    }

    private static void familyMessage(StringBuilder text, MessageReader message, MessageFormat format, String indent) {
        for (MessageFormat.Field field : format.header().fields()) {
            text.append(indent).append(field.name()).append(" = ");
            ValuePrinter.field(text, message, field);
            text.append('\n');
        }
        new ValuePrinter(text).attributes(message.attributes(format.header().length()), format.attributes(), indent);
    }

    private void outcome(StringBuilder text, MessageReader message, String indent) {
        int error = Reply.error(message);
        text.append(indent)
                .append(error == 0 ? "success" : new Errno(error).toString())
                .append('\n');
        if (message.type() == NetlinkHeader.TYPE_ERROR) {
            message.echo().ifPresent(echo -> message(text.append(indent).append("in answer to\n"), echo, indent));
        }
        new ValuePrinter(text).attributes(Reply.extendedAck(message), ExtendedAckNames.ATTRIBUTES, indent);
    }

    /** Remembers the number of a family from the controller's answer. */
    private void learn(MessageReader message) {
        if (protocol != NetlinkProtocol.GENERIC || message.type() != ControllerLayout.FAMILY) {
            return;
        }
        int number = 0;
        String name = "";
        AttributeReader attributes = message.attributes(ControllerLayout.GENERIC_HEADER);
        while (attributes.next()) {
            switch (attributes.type()) {
                case ControllerLayout.FAMILY_ID -> number = attributes.u16();
                case ControllerLayout.FAMILY_NAME -> name = attributes.string();
                default -> {
                    // Of no use here.
                }
            }
        }
        if (number != 0 && !name.isEmpty()) {
            family(number, name);
        }
    }

    private static String controlName(MessageReader message) {
        return switch (message.type()) {
            case NetlinkHeader.TYPE_NO_OPERATION -> "NLMSG_NOOP";
            case NetlinkHeader.TYPE_ERROR -> "NLMSG_ERROR";
            case NetlinkHeader.TYPE_DONE -> "NLMSG_DONE";
            case NetlinkHeader.TYPE_OVERRUN -> "NLMSG_OVERRUN";
            default -> "message " + message.type();
        };
    }

    private static String flags(MessageReader message) {
        int left = message.flags();
        List<String> names = new ArrayList<>();
        boolean answer = (left & MessageFlags.REQUEST) == 0;
        for (Flag flag : answer ? Flag.ANSWER : Flag.REQUEST) {
            if ((left & flag.bits) == flag.bits) {
                names.add(flag.name);
                left &= ~flag.bits;
            }
        }
        if (left != 0 || names.isEmpty()) {
            names.add("0x" + Integer.toHexString(left));
        }
        return String.join("|", names);
    }

    /** A flag with its name; the same bits mean different things in requests and in answers. */
    private record Flag(int bits, String name) {
        private static final List<Flag> REQUEST = List.of(
                new Flag(MessageFlags.REQUEST, "REQUEST"),
                new Flag(MessageFlags.ACK, "ACK"),
                new Flag(MessageFlags.DUMP, "DUMP"),
                new Flag(MessageFlags.EXCLUSIVE, "EXCL"),
                new Flag(MessageFlags.CREATE, "CREATE"),
                new Flag(MessageFlags.CAPPED, "REPLACE"));
        private static final List<Flag> ANSWER = List.of(
                new Flag(MessageFlags.MULTI, "MULTI"),
                new Flag(MessageFlags.DUMP_INTERRUPTED, "DUMP_INTR"),
                new Flag(MessageFlags.DUMP_FILTERED, "DUMP_FILTERED"),
                new Flag(MessageFlags.CAPPED, "CAPPED"),
                new Flag(MessageFlags.ACK_ATTRIBUTES, "ACK_TLVS"));
    }
}
