// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.MessageWriter;
import io.github.ipvs4j.testkit.SetKind.Part;
import java.nio.charset.StandardCharsets;

/**
 * Writes sets and their elements, attributes in the kernel's order.
 *
 * <p>Follows {@code mtype_head}, {@code mtype_data_list} and {@code ip_set_put_extensions} in
 * {@code net/netfilter/ipset/}.
 */
final class SetAnswers {
    private static final int PAD = 30;

    /** More than any element takes without its comment. */
    private static final int LARGEST = 220;

    private static final int EXTENSIONS = IpsetNumbers.FLAG_COUNTERS
            | IpsetNumbers.FLAG_COMMENT
            | IpsetNumbers.FLAG_FORCE_ADD
            | IpsetNumbers.FLAG_SKBINFO;

    private final SimulatedIpsets sets;
    private final KernelContext kernel;
    private final boolean padded;

    SetAnswers(SimulatedIpsets sets, KernelContext kernel, boolean padded) {
        this.sets = sets;
        this.kernel = kernel;
        this.padded = padded;
    }

    /** Returns how much room an element surely finds enough. */
    static int largest(ElementState state) {
        return LARGEST + state.comment().getBytes(StandardCharsets.UTF_8).length;
    }

    static void type(MessageWriter out, SetSettings settings) {
        out.string(IpsetNumbers.ATTR_TYPE_NAME, settings.kind().typeName())
                .u8(IpsetNumbers.ATTR_FAMILY, settings.family())
                .u8(IpsetNumbers.ATTR_REVISION, settings.revision());
    }

    static void header(MessageWriter out, SimulatedSet set) {
        SetSettings settings = set.settings();
        int data = out.beginNested(IpsetNumbers.ATTR_DATA);
        SetSettings.Range range = settings.range();
        if (settings.kind().isHash()) {
            hash(out, settings);
        } else if (range == null) {
            u32(out, IpsetNumbers.SIZE, settings.size());
        } else if (settings.kind() == SetKind.BITMAP_PORT) {
            u16(out, IpsetNumbers.PORT, (int) range.first());
            u16(out, IpsetNumbers.PORT_TO, (int) range.last());
        } else {
            address(out, IpsetNumbers.IP, Ipv4Range.address(range.first()));
            address(out, IpsetNumbers.IP_TO, Ipv4Range.address(range.last()));
            netmask(out, settings);
        }
        u32(out, IpsetNumbers.REFERENCES, set.references());
        u32(out, IpsetNumbers.MEMORY, memory(set));
        u32(out, IpsetNumbers.ELEMENTS, set.elements().size());
        if (settings.hasTimeout()) {
            u32(out, IpsetNumbers.TIMEOUT, settings.timeout());
        }
        int flags = settings.flags() & EXTENSIONS;
        if (flags != 0) {
            u32(out, IpsetNumbers.CADT_FLAGS, flags);
        }
        out.endNested(data);
    }

    private static void hash(MessageWriter out, SetSettings settings) {
        u32(out, IpsetNumbers.HASH_SIZE, settings.hashSize());
        u32(out, IpsetNumbers.MAX_ELEMENTS, settings.maxElements());
        IpAddress bitmask = settings.bitmask();
        if (bitmask != null) {
            address(out, IpsetNumbers.BITMASK, bitmask);
        }
        netmask(out, settings);
        if (settings.kind() == SetKind.HASH_IP_MARK) {
            // In host order, without the flag: the one such number.
            out.u32(IpsetNumbers.MARK_MASK, settings.markMask());
        }
        if (settings.highestRevision()) {
            out.u8(IpsetNumbers.BUCKET_SIZE, settings.bucketSize());
            u32(out, IpsetNumbers.INITVAL, settings.initialValue());
        }
    }

    private static void netmask(MessageWriter out, SetSettings settings) {
        if (settings.netmask() != 0
                && settings.netmask() != settings.addressFamily().maxPrefixLength()) {
            out.u8(IpsetNumbers.NETMASK, settings.netmask());
        }
    }

    /** Returns a size that could be true: it grows with the set. */
    private static int memory(SimulatedSet set) {
        return 200 + 48 * set.elements().size();
    }

    void element(MessageWriter out, SimulatedSet set, SetElement element, ElementState state) {
        SetSettings settings = set.settings();
        SetKind kind = settings.kind();
        int data = out.beginNested(IpsetNumbers.ATTR_DATA);
        IpAddress address = element.address();
        IpAddress second = element.second();
        if (address != null) {
            address(out, IpsetNumbers.IP, address);
        }
        if (second != null) {
            address(out, IpsetNumbers.IP2, second);
        }
        if (kind.has(Part.PORT)) {
            u16(out, IpsetNumbers.PORT, element.port());
        }
        if (kind.has(Part.NET)) {
            out.u8(IpsetNumbers.CIDR, element.length());
        }
        if (kind.has(Part.SECOND_NET)) {
            out.u8(IpsetNumbers.CIDR2, element.secondLength());
        }
        if (kind.has(Part.DEVICE)) {
            out.string(IpsetNumbers.DEVICE, element.device());
        }
        if (kind.hasProtocol()) {
            out.u8(IpsetNumbers.PROTO, element.protocol());
        }
        if (kind.has(Part.MARK)) {
            u32(out, IpsetNumbers.MARK, element.mark());
        }
        hardware(out, kind, element, state);
        if (kind == SetKind.LIST_SET) {
            SimulatedSet member = sets.at(element.set());
            out.string(IpsetNumbers.NAME, member == null ? "" : member.name());
        }
        int flags = (element.physical() ? IpsetNumbers.FLAG_PHYSICAL : 0)
                | (element.wildcard() ? IpsetNumbers.FLAG_WILDCARD : 0)
                | (state.nomatch() ? IpsetNumbers.FLAG_NOMATCH : 0);
        if (flags != 0) {
            u32(out, IpsetNumbers.CADT_FLAGS, flags);
        }
        extensions(out, settings, state);
        out.endNested(data);
    }

    private static void hardware(MessageWriter out, SetKind kind, SetElement element, ElementState state) {
        long mac = kind == SetKind.BITMAP_IP_MAC ? state.mac() : element.mac();
        if (kind.has(Part.MAC) && mac != -1) {
            byte[] bytes = new byte[IpsetNumbers.ETHER_LENGTH];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (mac >>> (Byte.SIZE * (bytes.length - 1 - i)));
            }
            out.bytes(IpsetNumbers.ETHER, bytes);
        }
    }

    private void extensions(MessageWriter out, SetSettings settings, ElementState state) {
        if (settings.hasTimeout()) {
            u32(out, IpsetNumbers.TIMEOUT, (int) state.secondsLeft(kernel.now()).orElse(0));
        }
        if (settings.has(IpsetNumbers.FLAG_COUNTERS)) {
            u64(out, IpsetNumbers.BYTES, state.bytes());
            u64(out, IpsetNumbers.PACKETS, state.packets());
        }
        if (!state.comment().isEmpty()) {
            out.string(IpsetNumbers.COMMENT, state.comment());
        }
        ElementState.SkbInfo skb = state.skb();
        if (skb.mark() != 0 || skb.mask() != 0) {
            long both = Integer.toUnsignedLong(skb.mark()) << Integer.SIZE | Integer.toUnsignedLong(skb.mask());
            u64(out, IpsetNumbers.SKB_MARK, both);
        }
        if (skb.priority() != 0) {
            u32(out, IpsetNumbers.SKB_PRIORITY, skb.priority());
        }
        if (skb.queue() != 0) {
            u16(out, IpsetNumbers.SKB_QUEUE, skb.queue());
        }
    }

    private static void address(MessageWriter out, int type, IpAddress address) {
        int nest = out.beginNested(type);
        boolean ipv4 = address.family() == IpFamily.IPV4;
        out.address(ipv4 ? IpsetNumbers.ADDRESS_IPV4 : IpsetNumbers.ADDRESS_IPV6, address);
        out.endNested(nest);
    }

    private static void u16(MessageWriter out, int type, int value) {
        out.u16be(type | NetlinkNumbers.ATTRIBUTE_NETWORK_ORDER, value);
    }

    private static void u32(MessageWriter out, int type, int value) {
        out.u32be(type | NetlinkNumbers.ATTRIBUTE_NETWORK_ORDER, value);
    }

    private void u64(MessageWriter out, int type, long value) {
        if (padded && out.size() % Long.BYTES == 0) {
            out.flag(PAD);
        }
        out.u64be(type | NetlinkNumbers.ATTRIBUTE_NETWORK_ORDER, value);
    }
}
