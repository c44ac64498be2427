// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import io.github.ipvs4j.netlink.MessageWriter;

/** Writes the options of a set for CREATE, in the order of the program ipset. */
final class DefinitionWriter {
    private DefinitionWriter() {}

    /** Appends the attributes of the options to the nest that is open. */
    static void write(MessageWriter out, SetDefinition definition) {
        SetOptions options = definition.options();
        if (options instanceof SetOptions.AddressRange range) {
            EntryCodec.address(out, IpsetCreateAttributes.IP_FROM, range.first());
            EntryCodec.address(out, IpsetCreateAttributes.IP_TO, range.last());
        } else if (options instanceof SetOptions.PortRange range) {
            out.u16be(IpsetCreateAttributes.PORT_FROM | MessageWriter.NETWORK_ORDER, range.first());
            out.u16be(IpsetCreateAttributes.PORT_TO | MessageWriter.NETWORK_ORDER, range.last());
        }
        if (definition.extensions().timeout().isPresent()) {
            u32(
                    out,
                    IpsetCreateAttributes.TIMEOUT,
                    definition.extensions().timeout().getAsLong());
        }
        int flags = flags(definition);
        if (flags != 0) {
            u32(out, IpsetCreateAttributes.FLAGS, flags);
        }
        if (options instanceof SetOptions.Hash hash) {
            write(out, hash);
        } else if (options instanceof SetOptions.AddressRange range && range.netmask() != Integer.SIZE) {
            out.u8(IpsetCreateAttributes.NETMASK, range.netmask());
        } else if (options instanceof SetOptions.ListSize list) {
            u32(out, IpsetCreateAttributes.SIZE, list.size());
        }
    }

    private static void write(MessageWriter out, SetOptions.Hash hash) {
        SetMask mask = hash.mask().orElse(null);
        if (mask instanceof SetMask.Markmask mark) {
            u32(out, IpsetCreateAttributes.MARKMASK, mark.mask());
        } else if (mask instanceof SetMask.Bitmask bits) {
            EntryCodec.address(out, IpsetCreateAttributes.BITMASK, bits.mask());
        }
        hash.initialValue().ifPresent(value -> u32(out, IpsetCreateAttributes.INITIAL_VALUE, value));
        u32(out, IpsetCreateAttributes.HASH_SIZE, hash.hashSize());
        u32(out, IpsetCreateAttributes.MAX_ELEMENTS, hash.maxElements());
        if (mask instanceof SetMask.Netmask net) {
            out.u8(IpsetCreateAttributes.NETMASK, net.length());
        }
        hash.bucketSize().ifPresent(size -> out.u8(IpsetCreateAttributes.BUCKET_SIZE, size));
    }

    private static void u32(MessageWriter out, int type, long value) {
        out.u32be(type | MessageWriter.NETWORK_ORDER, (int) value);
    }

    private static int flags(SetDefinition definition) {
        SetExtensions extensions = definition.extensions();
        boolean force = definition.options() instanceof SetOptions.Hash hash && hash.forceAdd();
        return (extensions.counters() ? IpsetCreateAttributes.FLAG_COUNTERS : 0)
                | (extensions.comment() ? IpsetCreateAttributes.FLAG_COMMENT : 0)
                | (force ? IpsetCreateAttributes.FLAG_FORCEADD : 0)
                | (extensions.packetInfo() ? IpsetCreateAttributes.FLAG_SKBINFO : 0);
    }
}
