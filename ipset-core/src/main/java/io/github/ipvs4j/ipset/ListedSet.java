// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import io.github.ipvs4j.netlink.AttributeReader;
import io.github.ipvs4j.netlink.IpFamily;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One set while a listing of it is read, message by message. */
final class ListedSet {
    private final SetHeader header;
    private final @Nullable SetType type;
    private final @Nullable Consumer<? super SetMember> consumer;
    private List<SetEntry> entries = new ArrayList<>();
    private final Map<SetEntry, EntryOptions> options = new HashMap<>();
    private final Set<String> unread = new LinkedHashSet<>();
    private final DefinitionReader reader = new DefinitionReader(unread);
    private @Nullable SetDefinition definition;
    private boolean defined;
    private int unreadEntries;

    /**
     * Begins with a set.
     *
     * @param header what its first message says
     * @param consumer takes the entries, null to keep them here
     */
    ListedSet(SetHeader header, @Nullable Consumer<? super SetMember> consumer) {
        this.header = header;
        this.consumer = consumer;
        this.type = SetType.named(header.typeName()).orElse(null);
        if (type == null) {
            unread.add("type " + header.typeName());
        } else if (type.hasFamily() && IpFamily.find(header.family()).isEmpty()) {
            unread.add("family " + header.family());
        }
        if (!SetDefinition.isName(header.name())) {
            unread.add("name '" + header.name() + "'");
        }
    }

    String name() {
        return header.name();
    }

    /** Reads the options in the nest under the cursor. */
    void readOptions(AttributeReader in) {
        reader.read(in);
    }

    /** Reads the entries in the nest under the cursor; those of an unknown type are left alone. */
    void readEntries(AttributeReader in, EntryCodec codec) {
        SetDefinition known = definition();
        if (known == null) {
            return;
        }
        in.enter();
        while (in.next()) {
            SetEntry entry = in.type() == IpsetMessage.DATA ? codec.read(known.type(), in) : null;
            EntryOptions carried = codec.options();
            if (entry == null || !known.accepts(entry) || !known.accepts(carried)) {
                unreadEntries++;
            } else if (consumer != null) {
                consumer.accept(new SetMember(entry, carried));
            } else {
                entries.add(entry);
                if (!carried.isNone()) {
                    options.put(entry, carried);
                }
            }
        }
        in.leave();
    }

    /** Returns what the set is, or null if it is of a kind that this library does not know. */
    @Nullable
    SetDefinition definition() {
        if (!defined) {
            defined = true;
            Optional<IpFamily> family = IpFamily.find(header.family());
            if (type != null && SetDefinition.isName(header.name()) && (!type.hasFamily() || family.isPresent())) {
                definition = reader.definition(header.name(), type, family);
            }
        }
        return definition;
    }

    /** What is handed out is not added to any more. */
    private IpSet handOver(SetDefinition known) {
        // Members of a list that are moved meanwhile may be told twice; a hash or bitmap tells each place once.
        List<SetEntry> listed = type == SetType.LIST_SET ? List.copyOf(new LinkedHashSet<>(entries)) : entries;
        entries = new ArrayList<>();
        return new IpSet(known, new ListedEntries(listed, known, options), options);
    }

    /** Returns the set with all that was read of it; to be called once. */
    ObservedSet observed() {
        SetDefinition known = definition();
        List<String> problems = new ArrayList<>(unread);
        if (unreadEntries > 0) {
            problems.add(unreadEntries + (unreadEntries == 1 ? " entry" : " entries"));
        }
        return new ObservedSet(
                header,
                Optional.ofNullable(known),
                reader.initialValue(),
                reader.elements(),
                reader.references(),
                reader.memory(),
                known == null || consumer != null ? Optional.empty() : Optional.of(handOver(known)),
                problems);
    }
}
