// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import io.github.ipvs4j.netlink.AttributeReader;
import io.github.ipvs4j.netlink.IpFamily;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One set while a listing of it is read, message by message. */
final class ListedSet {
    private final SetHeader header;
    private final @Nullable SetType type;
    private final @Nullable IpFamily family;
    private final Set<SetEntry> entries = new LinkedHashSet<>();
    private final Set<String> unread = new LinkedHashSet<>();
    private long hashSize = SetOptions.Hash.DEFAULT_HASH_SIZE;
    private long maxElements = SetOptions.Hash.DEFAULT_MAX_ELEMENTS;
    private int firstPort;
    private int lastPort = 0xffff;
    private long elements;
    private long references;
    private long memory;
    private int unreadEntries;

    ListedSet(SetHeader header) {
        this.header = header;
        this.type = SetType.named(header.typeName()).orElse(null);
        this.family = family(header.family());
        if (type == null) {
            unread.add("type " + header.typeName());
        } else if (type.isHash() && family == null) {
            unread.add("family " + header.family());
        }
        if (!SetDefinition.isName(header.name())) {
            unread.add("name '" + header.name() + "'");
        }
    }

    private static @Nullable IpFamily family(int number) {
        return number == IpFamily.IPV4.number() || number == IpFamily.IPV6.number() ? IpFamily.ofNumber(number) : null;
    }

    String name() {
        return header.name();
    }

    /** Reads the options in the nest under the cursor. */
    void readOptions(AttributeReader in) {
        in.enter();
        while (in.next()) {
            switch (in.type()) {
                case IpsetCreateAttributes.HASH_SIZE -> hashSize = unsigned(in);
                case IpsetCreateAttributes.MAX_ELEMENTS -> maxElements = unsigned(in);
                case IpsetCreateAttributes.ELEMENTS -> elements = unsigned(in);
                case IpsetCreateAttributes.REFERENCES -> references = unsigned(in);
                case IpsetCreateAttributes.MEMORY_SIZE -> memory = unsigned(in);
                default -> readOptionOfType(in);
            }
        }
        in.leave();
    }

    private void readOptionOfType(AttributeReader in) {
        if (type == null) {
            return;
        }
        switch (in.type()) {
            case IpsetCreateAttributes.PORT_FROM -> firstPort = in.u16be();
            case IpsetCreateAttributes.PORT_TO -> lastPort = in.u16be();
            case IpsetCreateAttributes.TIMEOUT -> unread.add("option timeout");
            case IpsetCreateAttributes.NETMASK -> unread.add("option netmask");
            case IpsetCreateAttributes.FLAGS -> readFlags(in.u32be());
            case IpsetCreateAttributes.INITIAL_VALUE, IpsetCreateAttributes.BUCKET_SIZE -> {
                // How the kernel hashes is no part of what a set is.
            }
            default -> unread.add("option with number " + in.type());
        }
    }

    private void readFlags(int flags) {
        readFlag(flags, IpsetCreateAttributes.FLAG_COUNTERS, "counters");
        readFlag(flags, IpsetCreateAttributes.FLAG_COMMENT, "comment");
        readFlag(flags, IpsetCreateAttributes.FLAG_FORCEADD, "forceadd");
        readFlag(flags, IpsetCreateAttributes.FLAG_SKBINFO, "skbinfo");
    }

    private void readFlag(int flags, int flag, String option) {
        if ((flags & flag) != 0) {
            unread.add("option " + option);
        }
    }

    /** Reads the entries in the nest under the cursor; those of an unknown type are left alone. */
    void readEntries(AttributeReader in, EntryCodec codec) {
        if (type == null) {
            return;
        }
        in.enter();
        while (in.next()) {
            SetEntry entry = in.type() == IpsetMessage.DATA ? codec.read(type, in) : null;
            if (entry == null) {
                unreadEntries++;
            } else {
                entries.add(entry);
            }
        }
        in.leave();
    }

    private static long unsigned(AttributeReader in) {
        return Integer.toUnsignedLong(in.u32be());
    }

    /** Returns what the set is, or null if it is of a kind that this library does not know. */
    @Nullable
    SetDefinition definition() {
        if (type == null || !SetDefinition.isName(header.name())) {
            return null;
        }
        if (!type.isHash()) {
            return SetOptions.PortRange.isRange(firstPort, lastPort)
                    ? SetDefinition.bitmapPort(header.name(), firstPort, lastPort)
                    : null;
        }
        if (family == null) {
            return null;
        }
        long size = Math.min(Math.max(1, hashSize), SetOptions.Hash.LARGEST_HASH_SIZE);
        return new SetDefinition(header.name(), type, new SetOptions.Hash(family, size, maxElements));
    }

    /** Returns the set with all that was read of it. */
    ObservedSet observed() {
        SetDefinition definition = definition();
        Optional<IpSet> contents = Optional.empty();
        if (definition != null) {
            int before = entries.size();
            entries.removeIf(entry -> !definition.accepts(entry));
            unreadEntries += before - entries.size();
            contents = Optional.of(new IpSet(definition, entries));
        }
        List<String> problems = new ArrayList<>(unread);
        if (unreadEntries > 0) {
            problems.add(unreadEntries + (unreadEntries == 1 ? " entry" : " entries"));
        }
        return new ObservedSet(header, elements, references, memory, contents, problems);
    }
}
