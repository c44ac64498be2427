// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import io.github.ipvs4j.netlink.AttributeReader;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the options of one set, as they stand at the head of its listing. Follows {@code mtype_head} in
 * {@code net/netfilter/ipset/ip_set_hash_gen.h} and {@code ip_set_bitmap_gen.h}.
 */
final class DefinitionReader {
    private static final int ALL_FLAGS = IpsetCreateAttributes.FLAG_COUNTERS
            | IpsetCreateAttributes.FLAG_COMMENT
            | IpsetCreateAttributes.FLAG_FORCEADD
            | IpsetCreateAttributes.FLAG_SKBINFO;

    private final Set<String> unread;
    private long hashSize = SetOptions.Hash.DEFAULT_HASH_SIZE;
    private long maxElements = SetOptions.Hash.DEFAULT_MAX_ELEMENTS;
    private long size = SetOptions.ListSize.DEFAULT_SIZE;
    private int firstPort;
    private int lastPort = 0xffff;
    private int netmask = -1;
    private int markmask = -1;
    private int flags;
    private int bucketSize = SetOptions.Hash.DEFAULT_BUCKET_SIZE;
    private OptionalLong initialValue = OptionalLong.empty();
    private OptionalLong timeout = OptionalLong.empty();
    private @Nullable IpAddress first;
    private @Nullable IpAddress last;
    private @Nullable IpAddress bitmask;
    private long elements;
    private long references;
    private long memory;

    /**
     * Makes a reader.
     *
     * @param unread takes what is not understood, in words
     */
    DefinitionReader(Set<String> unread) {
        this.unread = unread;
    }

    /** Reads the options in the nest under the cursor. */
    void read(AttributeReader in) {
        in.enter();
        while (in.next()) {
            switch (in.type()) {
                case IpsetCreateAttributes.HASH_SIZE -> hashSize = unsigned(in);
                case IpsetCreateAttributes.MAX_ELEMENTS -> maxElements = unsigned(in);
                case IpsetCreateAttributes.SIZE -> size = unsigned(in);
                case IpsetCreateAttributes.ELEMENTS -> elements = unsigned(in);
                case IpsetCreateAttributes.REFERENCES -> references = unsigned(in);
                case IpsetCreateAttributes.MEMORY_SIZE -> memory = unsigned(in);
                case IpsetCreateAttributes.PORT_FROM -> firstPort = in.u16be();
                case IpsetCreateAttributes.PORT_TO -> lastPort = in.u16be();
                case IpsetCreateAttributes.TIMEOUT -> timeout = OptionalLong.of(OptionCodec.timeout(in));
                case IpsetCreateAttributes.FLAGS -> readFlags(in.u32be());
                case IpsetCreateAttributes.INITIAL_VALUE -> initialValue = OptionalLong.of(unsigned(in));
                case IpsetCreateAttributes.BUCKET_SIZE -> bucketSize = in.u8();
                default -> readRarer(in);
            }
        }
        in.leave();
    }

    private void readRarer(AttributeReader in) {
        switch (in.type()) {
            case IpsetCreateAttributes.IP_FROM -> first = EntryCodec.address(in);
            case IpsetCreateAttributes.IP_TO -> last = EntryCodec.address(in);
            case IpsetCreateAttributes.NETMASK -> netmask = in.u8();
            case IpsetCreateAttributes.BITMASK -> bitmask = EntryCodec.address(in);
            // The one number that the kernel answers in its own order.
            case IpsetCreateAttributes.MARKMASK -> markmask = in.u32();
            default -> unread.add("option with number " + in.type());
        }
    }

    private void readFlags(int bits) {
        flags = bits;
        if ((bits & ~ALL_FLAGS) != 0) {
            unread.add(String.format("option with flag 0x%x", bits & ~ALL_FLAGS));
        }
    }

    private static long unsigned(AttributeReader in) {
        return Integer.toUnsignedLong(in.u32be());
    }

    /** Returns what the set is, or null if these are no options of its type. */
    @Nullable
    SetDefinition definition(String name, SetType type, Optional<IpFamily> family) {
        try {
            SetOptions options = options(type, family);
            return options == null ? null : new SetDefinition(name, type, options, extensions());
        } catch (IllegalArgumentException e) {
            unread.add("options (" + e.getMessage() + ")");
            return null;
        }
    }

    private SetExtensions extensions() {
        return new SetExtensions(
                timeout,
                (flags & IpsetCreateAttributes.FLAG_COUNTERS) != 0,
                (flags & IpsetCreateAttributes.FLAG_COMMENT) != 0,
                (flags & IpsetCreateAttributes.FLAG_SKBINFO) != 0);
    }

    private @Nullable SetOptions options(SetType type, Optional<IpFamily> family) {
        if (type == SetType.BITMAP_PORT) {
            return new SetOptions.PortRange(firstPort, lastPort);
        }
        if (type == SetType.LIST_SET) {
            return new SetOptions.ListSize(size);
        }
        if (type.hasAddressRange()) {
            return first == null || last == null
                    ? null
                    : new SetOptions.AddressRange(first, last, netmask < 0 ? Integer.SIZE : netmask);
        }
        return new SetOptions.Hash(
                type.hasFamily() ? family : Optional.empty(),
                Math.min(Math.max(1, hashSize), SetOptions.Hash.LARGEST_HASH_SIZE),
                maxElements,
                mask(),
                bucketSize < 2 || bucketSize >= SetOptions.Hash.DEFAULT_BUCKET_SIZE
                        ? OptionalInt.empty()
                        : OptionalInt.of(bucketSize),
                OptionalLong.empty(),
                (flags & IpsetCreateAttributes.FLAG_FORCEADD) != 0);
    }

    private Optional<SetMask> mask() {
        if (bitmask != null) {
            return Optional.of(new SetMask.Bitmask(bitmask));
        }
        if (netmask >= 0) {
            return Optional.of(new SetMask.Netmask(netmask));
        }
        return markmask == -1 ? Optional.empty() : Optional.of(new SetMask.Markmask(markmask));
    }

    OptionalLong initialValue() {
        return initialValue;
    }

    long elements() {
        return elements;
    }

    long references() {
        return references;
    }

    long memory() {
        return memory;
    }
}
