// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import io.github.ipvs4j.netlink.IpAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A daemon of the kernel that shares connections with other directors by multicast, so that one can take over from
 * another. What is left empty the kernel chooses; a daemon that was read has everything filled in.
 *
 * <pre>{@code
 * ipvs.startDaemon(SyncDaemon.of(SyncRole.MASTER, "eth0", 7).withGroup(IpAddress.of("224.0.0.82")).withTtl(4));
 * }</pre>
 *
 * <p>The four optional values have an effect since kernel 4.3.
 *
 * @param role whether it sends or takes
 * @param interfaceName where it does, 1 to 15 bytes
 * @param syncId tells groups of directors on one network apart; the wire between them has 8 bits for it, a kernel keeps
 *     32
 * @param maxLength bytes of payload of a packet, 1 to 65535; chosen after the interface's MTU where it is empty
 * @param group multicast address of either family; 224.0.0.81 where it is empty
 * @param port UDP port, 1 to 65535; 8848 where it is empty
 * @param ttl time to live of the packets, 1 to 255; 1 where it is empty
 */
public record SyncDaemon(
        SyncRole role,
        String interfaceName,
        int syncId,
        OptionalInt maxLength,
        Optional<IpAddress> group,
        OptionalInt port,
        OptionalInt ttl) {
    private static final int MAX_INTERFACE_NAME = 15;
    private static final int MAX_U16 = 0xffff;
    private static final int MAX_TTL = 0xff;
    private static final int MAX_SYNC_ID = 0xff;

    /** Checks the interface's name, the ranges, and that the group is a multicast address. */
    public SyncDaemon {
        int length = interfaceName.getBytes(StandardCharsets.UTF_8).length;
        boolean plain = interfaceName.chars().allMatch(c -> c > ' ' && c != '/');
        if (length == 0 || length > MAX_INTERFACE_NAME || !plain) {
            throw new IllegalArgumentException("interface '" + interfaceName + "': expected 1 to " + MAX_INTERFACE_NAME
                    + " bytes without spaces and slashes");
        }
        check("maximal length", maxLength, MAX_U16);
        check("port", port, MAX_U16);
        check("time to live", ttl, MAX_TTL);
        if (group.isPresent() && !group.get().isMulticast()) {
            throw new IllegalArgumentException(
                    "group " + group.get() + ": expected a multicast address, such as 224.0.0.81 or ff02::81");
        }
    }

    private static void check(String what, OptionalInt value, int max) {
        if (value.isPresent() && (value.getAsInt() < 1 || value.getAsInt() > max)) {
            throw new IllegalArgumentException(
                    "sync daemon's " + what + " " + value.getAsInt() + ": expected 1 to " + max);
        }
    }

    /**
     * Makes a daemon for which the kernel chooses all that is optional.
     *
     * @param role whether it sends or takes
     * @param interfaceName where it does, 1 to 15 bytes
     * @param syncId tells groups of directors on one network apart, 0 to 255
     * @return the daemon
     */
    public static SyncDaemon of(SyncRole role, String interfaceName, int syncId) {
        if (syncId < 0 || syncId > MAX_SYNC_ID) {
            throw new IllegalArgumentException("sync id " + syncId + ": expected 0 to " + MAX_SYNC_ID);
        }
        return new SyncDaemon(
                role,
                interfaceName,
                syncId,
                OptionalInt.empty(),
                Optional.empty(),
                OptionalInt.empty(),
                OptionalInt.empty());
    }

    /**
     * Limits the packets.
     *
     * @param bytes of payload, 1 to 65535
     * @return a daemon that differs in this alone
     */
    public SyncDaemon withMaxLength(int bytes) {
        return new SyncDaemon(role, interfaceName, syncId, OptionalInt.of(bytes), group, port, ttl);
    }

    /**
     * Sets the multicast group.
     *
     * @param address of either family
     * @return a daemon that differs in this alone
     */
    public SyncDaemon withGroup(IpAddress address) {
        return new SyncDaemon(role, interfaceName, syncId, maxLength, Optional.of(address), port, ttl);
    }

    /**
     * Sets the UDP port.
     *
     * @param number 1 to 65535
     * @return a daemon that differs in this alone
     */
    public SyncDaemon withPort(int number) {
        return new SyncDaemon(role, interfaceName, syncId, maxLength, group, OptionalInt.of(number), ttl);
    }

    /**
     * Sets how far the packets go.
     *
     * @param hops 1 to 255
     * @return a daemon that differs in this alone
     */
    public SyncDaemon withTtl(int hops) {
        return new SyncDaemon(role, interfaceName, syncId, maxLength, group, port, OptionalInt.of(hops));
    }
}
