// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import io.github.ipvs4j.netlink.AttributeReader;
import io.github.ipvs4j.netlink.MessageWriter;
import java.nio.charset.StandardCharsets;

/**
 * What entries carry as attributes, both ways. A codec remembers what it reads until it is asked for it; it serves one
 * thread.
 *
 * <p>Follows {@code ip_set_get_extensions} in {@code net/netfilter/ipset/ip_set_core.c}.
 */
final class OptionCodec {
    private EntryOptions read = EntryOptions.NONE;
    private long packets;
    private long bytes;
    private boolean hasCounters;
    private boolean before;

    void clear() {
        read = EntryOptions.NONE;
        packets = 0;
        bytes = 0;
        hasCounters = false;
        before = false;
    }

    static void writeTimeout(MessageWriter out, EntryOptions carried) {
        if (carried.timeout().isPresent()) {
            out.u32be(IpsetEntryAttributes.TIMEOUT | MessageWriter.NETWORK_ORDER, (int)
                    carried.timeout().getAsLong());
        }
    }

    /** Appends all but timeout, flags and the place in a list, which stand further in front. */
    static void write(MessageWriter out, EntryOptions carried) {
        carried.counters().ifPresent(counters -> {
            out.u64be(IpsetEntryAttributes.BYTES | MessageWriter.NETWORK_ORDER, counters.bytes());
            out.u64be(IpsetEntryAttributes.PACKETS | MessageWriter.NETWORK_ORDER, counters.packets());
        });
        if (!carried.comment().isEmpty()) {
            out.string(IpsetEntryAttributes.COMMENT, carried.comment());
        }
        carried.mark()
                .ifPresent(mark -> out.u64be(
                        IpsetEntryAttributes.SKB_MARK | MessageWriter.NETWORK_ORDER,
                        (long) mark.mark() << Integer.SIZE | Integer.toUnsignedLong(mark.mask())));
        carried.priority()
                .ifPresent(priority -> out.u32be(
                        IpsetEntryAttributes.SKB_PRIORITY | MessageWriter.NETWORK_ORDER,
                        priority.major() << Short.SIZE | priority.minor()));
        if (carried.queue().isPresent()) {
            out.u16be(
                    IpsetEntryAttributes.SKB_QUEUE | MessageWriter.NETWORK_ORDER,
                    carried.queue().getAsInt());
        }
    }

    void readFlags(int flags) {
        before = (flags & IpsetEntryAttributes.FLAG_BEFORE) != 0;
        if ((flags & IpsetEntryAttributes.FLAG_NOMATCH) != 0) {
            read = read.withNomatch(true);
        }
    }

    /** Reads the attribute under the cursor, if it is one of these. */
    void read(AttributeReader in) {
        switch (in.type()) {
            case IpsetEntryAttributes.TIMEOUT -> read = read.withTimeout(timeout(in));
            case IpsetEntryAttributes.BYTES -> {
                bytes = in.u64be();
                hasCounters = true;
            }
            case IpsetEntryAttributes.PACKETS -> {
                packets = in.u64be();
                hasCounters = true;
            }
            case IpsetEntryAttributes.COMMENT -> read = read.withComment(comment(in));
            case IpsetEntryAttributes.SKB_MARK -> {
                long both = in.u64be();
                read = read.withMark((int) (both >>> Integer.SIZE), (int) both);
            }
            case IpsetEntryAttributes.SKB_PRIORITY -> {
                int both = in.u32be();
                read = read.withPriority(both >>> Short.SIZE, both & 0xffff);
            }
            case IpsetEntryAttributes.SKB_QUEUE -> read = read.withQueue(in.u16be());
            case IpsetEntryAttributes.NAME_REFERENCE -> {
                String name = in.string();
                if (SetDefinition.isName(name)) {
                    read = read.withPlacement(new EntryOptions.Placement(before, name));
                }
            }
            default -> {
                // Padding, the line, or what a newer kernel says.
            }
        }
    }

    static long timeout(AttributeReader in) {
        return Math.min(Integer.toUnsignedLong(in.u32be()), EntryOptions.MAX_TIMEOUT);
    }

    /** Bytes that are no UTF-8 may take more room as text than the kernel has for it. */
    private static String comment(AttributeReader in) {
        String text = in.string();
        int end = text.length();
        while (text.substring(0, end).getBytes(StandardCharsets.UTF_8).length > 255) {
            end--;
        }
        return text.substring(0, end);
    }

    EntryOptions get() {
        return hasCounters ? read.withCounters(packets, bytes) : read;
    }
}
