// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import io.github.ipvs4j.netlink.AttributeReader;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.MalformedReply;
import io.github.ipvs4j.netlink.MessageWriter;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Writes sync daemons as attributes, in ipvsadm's order, and reads them in any. */
final class DaemonCodec {
    private DaemonCodec() {}

    /** Writes the nest that starts a daemon. */
    static void full(MessageWriter out, SyncDaemon daemon) {
        int nest = out.beginNested(IpvsCommands.DAEMON);
        out.u32(DaemonAttributes.STATE, daemon.role().number())
                .string(DaemonAttributes.INTERFACE, daemon.interfaceName())
                .u32(DaemonAttributes.SYNC_ID, daemon.syncId());
        daemon.maxLength().ifPresent(bytes -> out.u16(DaemonAttributes.MAX_LENGTH, bytes));
        daemon.port().ifPresent(port -> out.u16(DaemonAttributes.PORT, port));
        daemon.ttl().ifPresent(hops -> out.u8(DaemonAttributes.TTL, hops));
        daemon.group()
                .ifPresent(group -> out.address(
                        group.family() == IpFamily.IPV6 ? DaemonAttributes.GROUP_6 : DaemonAttributes.GROUP, group));
        out.endNested(nest);
    }

    /** Writes the nest that names a daemon. */
    static void role(MessageWriter out, SyncRole role) {
        int nest = out.beginNested(IpvsCommands.DAEMON);
        out.u32(DaemonAttributes.STATE, role.number());
        out.endNested(nest);
    }

    /**
     * Reads the daemon in a message.
     *
     * @param attributes the message's, in front of the first one
     * @return the daemon; empty if it has a role that is unknown here
     * @throws MalformedReply if the message holds none
     */
    static Optional<SyncDaemon> read(AttributeReader attributes) {
        while (attributes.next()) {
            if (attributes.type() == IpvsCommands.DAEMON) {
                attributes.enter();
                Optional<SyncDaemon> daemon = readNest(attributes);
                attributes.leave();
                return daemon;
            }
        }
        throw attributes.malformed("the answer holds no sync daemon");
    }

    private static Optional<SyncDaemon> readNest(AttributeReader attributes) {
        int state = 0;
        int syncId = 0;
        int maxLength = 0;
        int port = 0;
        int ttl = 0;
        String interfaceName = "";
        @Nullable IpAddress group = null;
        while (attributes.next()) {
            switch (attributes.type()) {
                case DaemonAttributes.STATE -> state = attributes.u32();
                case DaemonAttributes.INTERFACE -> interfaceName = attributes.string();
                case DaemonAttributes.SYNC_ID -> syncId = attributes.u32();
                case DaemonAttributes.MAX_LENGTH -> maxLength = attributes.u16();
                case DaemonAttributes.GROUP -> group = attributes.address(IpFamily.IPV4);
                case DaemonAttributes.GROUP_6 -> group = attributes.address(IpFamily.IPV6);
                case DaemonAttributes.PORT -> port = attributes.u16();
                case DaemonAttributes.TTL -> ttl = attributes.u8();
                default -> {
                    // A newer kernel may say more.
                }
            }
        }
        Optional<SyncRole> role = SyncRole.ofNumber(state);
        if (role.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new SyncDaemon(
                    role.get(),
                    interfaceName,
                    syncId,
                    optional(maxLength),
                    Optional.ofNullable(group),
                    optional(port),
                    optional(ttl)));
        } catch (IllegalArgumentException e) {
            throw attributes.malformed(String.valueOf(e.getMessage()));
        }
    }

    private static OptionalInt optional(int value) {
        return value == 0 ? OptionalInt.empty() : OptionalInt.of(value);
    }
}
