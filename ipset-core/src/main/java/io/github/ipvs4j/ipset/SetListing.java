// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import io.github.ipvs4j.netlink.AttributeReader;
import io.github.ipvs4j.netlink.DumpConsumer;
import io.github.ipvs4j.netlink.MessageReader;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a listing: the first message of a set names its type and options, further ones bring more entries of the set of
 * that name. Follows {@code ip_set_dump_do} in {@code net/netfilter/ipset/ip_set_core.c}.
 */
final class SetListing implements DumpConsumer {
    private final List<ListedSet> sets = new ArrayList<>();
    private final EntryCodec codec = new EntryCodec();
    private final @Nullable Consumer<? super SetMember> consumer;

    /** Makes a reader that keeps all entries. */
    SetListing() {
        this(null);
    }

    /**
     * Makes a reader.
     *
     * @param consumer takes the entries as they come, null to keep them
     */
    SetListing(@Nullable Consumer<? super SetMember> consumer) {
        this.consumer = consumer;
    }

    @Override
    public void accept(MessageReader message) {
        if (message.type() != IpsetMessage.type(IpsetCommands.LIST)) {
            return;
        }
        ListedSet set = set(header(message));
        AttributeReader attributes = message.attributes(IpsetMessage.HEADER_SIZE);
        while (attributes.next()) {
            switch (attributes.type()) {
                case IpsetMessage.DATA -> set.readOptions(attributes);
                case IpsetMessage.ENTRIES -> set.readEntries(attributes, codec);
                default -> {
                    // Read as header already, or said by a newer kernel.
                }
            }
        }
    }

    @Override
    public void restart() {
        sets.clear();
    }

    private ListedSet set(SetHeader header) {
        ListedSet last = sets.isEmpty() ? null : sets.get(sets.size() - 1);
        boolean continuation = header.typeName().isEmpty();
        if (last != null && continuation && last.name().equals(header.name())) {
            return last;
        }
        ListedSet next = new ListedSet(header, consumer);
        sets.add(next);
        return next;
    }

    /** Reads what stands at the outermost level of an answer to HEADER, or of a message of a listing. */
    static SetHeader header(MessageReader message) {
        String name = "";
        String typeName = "";
        int family = 0;
        int revision = 0;
        AttributeReader attributes = message.attributes(IpsetMessage.HEADER_SIZE);
        while (attributes.next()) {
            switch (attributes.type()) {
                case IpsetMessage.SET_NAME -> name = attributes.string();
                case IpsetMessage.TYPE_NAME -> typeName = attributes.string();
                case IpsetMessage.FAMILY -> family = attributes.u8();
                case IpsetMessage.REVISION -> revision = attributes.u8();
                default -> {
                    // Index, options, entries.
                }
            }
        }
        return new SetHeader(name, typeName, family, revision);
    }

    /** Returns what was read so far, in the kernel's order. */
    List<ListedSet> sets() {
        return sets;
    }
}
