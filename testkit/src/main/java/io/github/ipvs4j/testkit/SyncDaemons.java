// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.ipvs.SyncDaemon;
import io.github.ipvs4j.ipvs.SyncRole;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.MessageWriter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The synchronisation daemons of IPVS. They send and receive nothing.
 *
 * <p>Follows {@code ip_vs_genl_new_daemon} in {@code net/netfilter/ipvs/ip_vs_ctl.c}, and {@code start_sync_thread} and
 * {@code stop_sync_thread} in {@code net/netfilter/ipvs/ip_vs_sync.c}, whose order of checks decides which of two
 * errors a client sees.
 */
final class SyncDaemons {
    private static final IpAddress DEFAULT_GROUP = IpAddress.of("224.0.0.81");
    private static final int DEFAULT_PORT = 8848;
    private static final int MTU = 1500;
    private static final int LARGEST_MTU = 65535;
    private static final int SMALLEST_BACKUP = 1024;

    /** Headers of IPv4, or IPv6, and UDP. */
    private static final int HEADERS = 20 + 8;

    private static final int HEADERS_IPV6 = 40 + 8;

    private static final AttributePolicy POLICY = AttributePolicy.upTo(IpvsNumbers.DAEMON_MAX)
            .with(
                    AttributePolicy.Kind.U32,
                    IpvsNumbers.DAEMON_STATE,
                    IpvsNumbers.DAEMON_SYNC_ID,
                    IpvsNumbers.DAEMON_GROUP)
            .with(AttributePolicy.Kind.U16, IpvsNumbers.DAEMON_MAX_LENGTH, IpvsNumbers.DAEMON_PORT)
            .with(AttributePolicy.Kind.U8, IpvsNumbers.DAEMON_TTL)
            .withLimited(AttributePolicy.Kind.NUL_STRING, RouteNumbers.MAX_NAME, IpvsNumbers.DAEMON_INTERFACE)
            .withLimited(AttributePolicy.Kind.AT_LEAST, IpvsNumbers.ADDRESS_SIZE, IpvsNumbers.DAEMON_GROUP_IPV6);

    private final SimulatedLinks links;
    private final Map<SyncRole, SyncDaemon> running = new EnumMap<>(SyncRole.class);

    SyncDaemons(SimulatedLinks links) {
        this.links = links;
    }

    /** Returns those that run, the master first, with everything filled in. */
    List<SyncDaemon> running() {
        return new ArrayList<>(running.values());
    }

    boolean isRunning() {
        return !running.isEmpty();
    }

    /** Reads the nest; unlike with services and destinations a client learns what is wrong with it. */
    static Attributes parse(Attributes top) {
        if (!top.has(IpvsNumbers.DAEMON)) {
            throw new Refused(ErrorNumbers.EINVAL);
        }
        try {
            return top.nested(IpvsNumbers.DAEMON, POLICY);
        } catch (Refused why) {
            throw new Refused(ErrorNumbers.EINVAL, why.text(), why.offset());
        }
    }

    /**
     * Starts a daemon.
     *
     * @param mixed whether a service has a destination of the other family, which the daemons cannot tell each other
     */
    void start(Attributes wanted, boolean mixed) {
        if (!wanted.hasAll(IpvsNumbers.DAEMON_STATE, IpvsNumbers.DAEMON_INTERFACE, IpvsNumbers.DAEMON_SYNC_ID)) {
            throw new Refused(ErrorNumbers.EINVAL);
        }
        IpAddress group = group(wanted);
        if (mixed) {
            throw new Refused(ErrorNumbers.EINVAL);
        }
        LinkEntry link = links.named(wanted.string(IpvsNumbers.DAEMON_INTERFACE))
                .orElseThrow(() -> new Refused(ErrorNumbers.ENODEV));
        SyncRole role = role(wanted);
        if (running.containsKey(role)) {
            throw new Refused(ErrorNumbers.EEXIST);
        }
        if (role == SyncRole.MASTER && !reaches(link, group.family())) {
            throw new Refused(ErrorNumbers.ENETUNREACH);
        }
        int port = number(wanted, IpvsNumbers.DAEMON_PORT);
        int ttl = wanted.has(IpvsNumbers.DAEMON_TTL) ? wanted.u8(IpvsNumbers.DAEMON_TTL) : 0;
        running.put(
                role,
                new SyncDaemon(
                        role,
                        link.name(),
                        wanted.i32(IpvsNumbers.DAEMON_SYNC_ID),
                        OptionalInt.of(maxLength(wanted, role, link, group.family())),
                        Optional.of(group),
                        OptionalInt.of(port == 0 ? DEFAULT_PORT : port),
                        OptionalInt.of(Math.max(1, ttl))));
    }

    private IpAddress group(Attributes wanted) {
        IpAddress group = DEFAULT_GROUP;
        if (wanted.has(IpvsNumbers.DAEMON_GROUP)) {
            group = wanted.address(IpvsNumbers.DAEMON_GROUP, IpFamily.IPV4);
        } else if (wanted.has(IpvsNumbers.DAEMON_GROUP_IPV6)) {
            if (!links.hasIpv6()) {
                throw new Refused(ErrorNumbers.EAFNOSUPPORT);
            }
            group = wanted.address(IpvsNumbers.DAEMON_GROUP_IPV6, IpFamily.IPV6);
        }
        if (!group.isMulticast()) {
            throw new Refused(ErrorNumbers.EINVAL);
        }
        return group;
    }

    private static SyncRole role(Attributes wanted) {
        return switch (wanted.i32(IpvsNumbers.DAEMON_STATE)) {
            case IpvsNumbers.MASTER -> SyncRole.MASTER;
            case IpvsNumbers.BACKUP -> SyncRole.BACKUP;
            default -> throw new Refused(ErrorNumbers.EINVAL);
        };
    }

    /** Tells whether a link has a route for multicast; the loopback has none for IPv6. */
    private static boolean reaches(LinkEntry link, IpFamily family) {
        return link.isUp() && (family == IpFamily.IPV4 || !link.isLoopback());
    }

    private static int number(Attributes wanted, int type) {
        return wanted.has(type) ? wanted.u16(type) : 0;
    }

    private static int maxLength(Attributes wanted, SyncRole role, LinkEntry link, IpFamily family) {
        boolean backup = role == SyncRole.BACKUP;
        int headers = family == IpFamily.IPV6 ? HEADERS_IPV6 : HEADERS;
        int given = number(wanted, IpvsNumbers.DAEMON_MAX_LENGTH);
        if (given != 0) {
            return Math.max(backup ? SMALLEST_BACKUP : 1, Math.min(given, LARGEST_MTU - headers));
        }
        int mtu = backup ? Math.max(MTU, Math.min(link.mtu(), LARGEST_MTU)) : MTU;
        return mtu - headers;
    }

    void stop(Attributes unwanted) {
        if (!unwanted.has(IpvsNumbers.DAEMON_STATE)) {
            throw new Refused(ErrorNumbers.EINVAL);
        }
        if (running.remove(role(unwanted)) == null) {
            throw new Refused(ErrorNumbers.ESRCH);
        }
    }

    static void write(MessageWriter out, SyncDaemon daemon) {
        IpAddress group = daemon.group().orElse(DEFAULT_GROUP);
        out.genericHeader(IpvsNumbers.NEW_DAEMON, IpvsNumbers.VERSION);
        int nest = Nests.begin(out, IpvsNumbers.DAEMON);
        out.u32(IpvsNumbers.DAEMON_STATE, daemon.role() == SyncRole.MASTER ? IpvsNumbers.MASTER : IpvsNumbers.BACKUP)
                .string(IpvsNumbers.DAEMON_INTERFACE, daemon.interfaceName())
                .u32(IpvsNumbers.DAEMON_SYNC_ID, daemon.syncId())
                .u16(IpvsNumbers.DAEMON_MAX_LENGTH, daemon.maxLength().orElse(0))
                .u16(IpvsNumbers.DAEMON_PORT, daemon.port().orElse(0))
                .u8(IpvsNumbers.DAEMON_TTL, daemon.ttl().orElse(0))
                .address(
                        group.family() == IpFamily.IPV4 ? IpvsNumbers.DAEMON_GROUP : IpvsNumbers.DAEMON_GROUP_IPV6,
                        group);
        out.endNested(nest);
    }
}
