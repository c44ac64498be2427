// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import io.github.ipvs4j.netlink.AttributeReader;
import io.github.ipvs4j.netlink.MessageReader;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The attributes of a request, as the simulated kernel reads them. */
final class FakeArguments {
    private final Map<SetType, List<SetMember>> members = new EnumMap<>(SetType.class);
    String name;
    String typeName = "";
    int family;
    int flags;
    int index;
    SetDefinition definition;
    private final List<Integer> lines = new ArrayList<>();

    static FakeArguments read(MessageReader message) {
        FakeArguments arguments = new FakeArguments();
        // Many rounds, since what DATA means is told by the command and the type.
        arguments.readOutermost(message);
        int command = message.type() & 0xff;
        if (command == IpsetCommands.CREATE) {
            arguments.readDefinition(message);
        } else if (command == IpsetCommands.ADD || command == IpsetCommands.DELETE || command == IpsetCommands.TEST) {
            arguments.readLines(message);
            for (SetType type : SetType.values()) {
                arguments.members.put(type, readMembers(message, type));
            }
        }
        return arguments;
    }

    /** Returns the entries, if the set is of that type; empty if one of them does not fit. */
    List<SetMember> members(SetType type) {
        return members.get(type);
    }

    /** Returns the number of the entry at a place, 0 if it has none. */
    int line(int place) {
        return place < lines.size() ? lines.get(place) : 0;
    }

    private void readLines(MessageReader message) {
        AttributeReader in = message.attributes(IpsetMessage.HEADER_SIZE);
        while (in.next()) {
            if (in.type() == IpsetMessage.ENTRIES) {
                in.enter();
                while (in.next()) {
                    lines.add(line(in));
                }
                in.leave();
            }
        }
    }

    private static int line(AttributeReader in) {
        int line = 0;
        in.enter();
        while (in.next()) {
            line = in.type() == IpsetMessage.LINE ? in.u32be() : line;
        }
        in.leave();
        return line;
    }

    private void readOutermost(MessageReader message) {
        AttributeReader in = message.attributes(IpsetMessage.HEADER_SIZE);
        while (in.next()) {
            switch (in.type()) {
                case IpsetMessage.SET_NAME -> name = in.string();
                case IpsetMessage.TYPE_NAME -> typeName = in.string();
                case IpsetMessage.FAMILY -> family = in.u8();
                case IpsetMessage.FLAGS -> flags = in.u32be();
                case IpsetMessage.INDEX -> index = in.u16be();
                default -> {
                    // Protocol, revision, data.
                }
            }
        }
    }

    private void readDefinition(MessageReader message) {
        ListedSet listed = new ListedSet(new SetHeader(name, typeName, family, 0), null);
        AttributeReader in = message.attributes(IpsetMessage.HEADER_SIZE);
        while (in.next()) {
            if (in.type() == IpsetMessage.DATA) {
                listed.readOptions(in);
            }
        }
        definition = listed.definition();
    }

    private static List<SetMember> readMembers(MessageReader message, SetType type) {
        List<SetMember> read = new ArrayList<>();
        EntryCodec codec = new EntryCodec();
        AttributeReader in = message.attributes(IpsetMessage.HEADER_SIZE);
        while (in.next()) {
            if (in.type() == IpsetMessage.DATA) {
                read.add(member(codec, type, in));
            } else if (in.type() == IpsetMessage.ENTRIES) {
                in.enter();
                while (in.next()) {
                    read.add(member(codec, type, in));
                }
                in.leave();
            }
        }
        return read.contains(null) ? List.of() : read;
    }

    private static SetMember member(EntryCodec codec, SetType type, AttributeReader in) {
        SetEntry entry = codec.read(type, in);
        return entry == null ? null : new SetMember(entry, codec.options());
    }
}
