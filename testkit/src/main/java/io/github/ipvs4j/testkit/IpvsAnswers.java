// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.MessageWriter;
import org.jspecify.annotations.Nullable;

/**
 * Writes the answers of the family {@code IPVS}, attributes in the kernel's order, nests without their flag.
 *
 * <p>Follows {@code ip_vs_genl_fill_service}, {@code ip_vs_genl_fill_dest} and {@code ip_vs_genl_fill_stats64} in
 * {@code net/netfilter/ipvs/ip_vs_ctl.c}.
 */
final class IpvsAnswers {
    /** Version 1.2.1. */
    private static final int VERSION = 0x010201;

    private static final int ALL_BITS = -1;

    private final boolean padded;

    /**
     * Makes a writer.
     *
     * @param padded whether 64-bit values are aligned with empty attributes, as kernels do for machines that cannot
     *     read them anywhere
     */
    IpvsAnswers(boolean padded) {
        this.padded = padded;
    }

    static void info(MessageWriter out, int tableSize) {
        out.genericHeader(IpvsNumbers.SET_INFO, IpvsNumbers.VERSION)
                .u32(IpvsNumbers.INFO_VERSION, VERSION)
                .u32(IpvsNumbers.INFO_TABLE_SIZE, tableSize);
    }

    static void config(MessageWriter out, int[] timeouts) {
        out.genericHeader(IpvsNumbers.SET_CONFIG, IpvsNumbers.VERSION)
                .u32(IpvsNumbers.TIMEOUT_TCP, timeouts[0])
                .u32(IpvsNumbers.TIMEOUT_TCP_FIN, timeouts[1])
                .u32(IpvsNumbers.TIMEOUT_UDP, timeouts[2]);
    }

    void service(MessageWriter out, ServiceEntry service) {
        ServiceId id = service.id();
        ServiceSettings settings = service.settings();
        out.genericHeader(IpvsNumbers.NEW_SERVICE, IpvsNumbers.VERSION);
        int nest = Nests.begin(out, IpvsNumbers.SERVICE);
        out.u16(IpvsNumbers.SVC_FAMILY, id.family().number());
        if (id.mark() != 0) {
            out.u32(IpvsNumbers.SVC_MARK, id.mark());
        } else {
            out.u16(IpvsNumbers.SVC_PROTOCOL, id.protocol());
            wideAddress(out, IpvsNumbers.SVC_ADDRESS, id.address());
            out.u16be(IpvsNumbers.SVC_PORT, id.port());
        }
        out.string(IpvsNumbers.SVC_SCHEDULER, settings.scheduler());
        if (!settings.engine().isEmpty()) {
            out.string(IpvsNumbers.SVC_ENGINE, settings.engine());
        }
        out.u32pair(IpvsNumbers.SVC_FLAGS, settings.flags(), ALL_BITS)
                .u32(IpvsNumbers.SVC_TIMEOUT, settings.timeoutSeconds())
                .u32(IpvsNumbers.SVC_NETMASK, settings.netmask());
        statistics(out, service.counters(), IpvsNumbers.SVC_STATS, IpvsNumbers.SVC_STATS64);
        out.endNested(nest);
    }

    void destination(MessageWriter out, DestinationEntry destination) {
        DestinationSettings settings = destination.settings();
        IpAddress address = destination.id().address();
        out.genericHeader(IpvsNumbers.NEW_DEST, IpvsNumbers.VERSION);
        int nest = Nests.begin(out, IpvsNumbers.DEST);
        wideAddress(out, IpvsNumbers.DEST_ADDRESS, address);
        out.u16be(IpvsNumbers.DEST_PORT, destination.id().port())
                .u32(IpvsNumbers.DEST_METHOD, settings.method())
                .u32(IpvsNumbers.DEST_WEIGHT, settings.weight())
                .u8(IpvsNumbers.DEST_TUNNEL_TYPE, settings.tunnelType())
                .u16be(IpvsNumbers.DEST_TUNNEL_PORT, settings.tunnelPort())
                .u16(IpvsNumbers.DEST_TUNNEL_FLAGS, settings.tunnelFlags())
                .u32(IpvsNumbers.DEST_UPPER, settings.upper())
                .u32(IpvsNumbers.DEST_LOWER, settings.lower())
                .u32(IpvsNumbers.DEST_ACTIVE, destination.active())
                .u32(IpvsNumbers.DEST_INACTIVE, destination.inactive())
                .u32(IpvsNumbers.DEST_PERSISTENT, destination.persistent())
                .u16(IpvsNumbers.DEST_FAMILY, address.family().number());
        statistics(out, destination.counters(), IpvsNumbers.DEST_STATS, IpvsNumbers.DEST_STATS64);
        out.endNested(nest);
    }

    private static void wideAddress(MessageWriter out, int type, IpAddress address) {
        byte[] wide = new byte[IpvsNumbers.ADDRESS_SIZE];
        byte[] bytes = address.bytes();
        System.arraycopy(bytes, 0, wide, 0, bytes.length);
        out.bytes(type, wide);
    }

    private void statistics(MessageWriter out, @Nullable TrafficCounters counters, int narrowType, int wideType) {
        int narrow = Nests.begin(out, narrowType);
        for (int type = 1; type <= IpvsNumbers.STATS_COUNT; type++) {
            long value = counters == null ? 0 : counters.value(type);
            if (type == IpvsNumbers.STATS_IN_BYTES || type == IpvsNumbers.STATS_OUT_BYTES) {
                wide(out, type, value);
            } else {
                out.u32(type, (int) value);
            }
        }
        out.endNested(narrow);
        int wide = Nests.begin(out, wideType);
        for (int type = 1; type <= IpvsNumbers.STATS_COUNT; type++) {
            wide(out, type, counters == null ? 0 : counters.value(type));
        }
        out.endNested(wide);
    }

    private void wide(MessageWriter out, int type, long value) {
        if (padded && out.size() % Long.BYTES == 0) {
            out.flag(IpvsNumbers.STATS_PAD);
        }
        out.u64(type, value);
    }
}
