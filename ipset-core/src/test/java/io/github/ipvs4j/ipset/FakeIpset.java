// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.MessageFlags;
import io.github.ipvs4j.netlink.MessageReader;
import io.github.ipvs4j.netlink.MessageWriter;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.netlink.Transport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;

/**
 * As much of the kernel's ipset as the client's tests need: sets in memory, the kernel's error numbers, listings in
 * several messages. It answers over the seam that the client's sockets sit on.
 */
final class FakeIpset implements Transport.Factory {
    private static final int ENOENT = Errno.ENOENT.number();
    private static final int EEXIST = Errno.EEXIST.number();
    private static final int ERROR = 2;
    private static final int DONE = 3;
    private static final int CAPPED = 0x100;
    private static final int ENTRIES_A_MESSAGE = 3;

    /** What is in the kernel. */
    final Map<String, IpSet> sets = new LinkedHashMap<>();

    /** Sets of types that the library does not know: name and type. */
    final Map<String, String> foreign = new LinkedHashMap<>();

    /** Names of sets that a rule refers to. */
    final Set<String> referenced = new LinkedHashSet<>();

    /** Commands received, in order. */
    final List<Integer> commands = new ArrayList<>();

    /** Decides before every change, by its number from 0, with which error to refuse it; 0 lets it through. */
    IntUnaryOperator fault = number -> 0;

    /** The answer to the change of this number, from 0, is dropped, as for want of room, and the socket told so. */
    int lostAnswer = -1;

    /** Refuses every entry whose text it takes. */
    Predicate<String> refusedEntry = text -> false;

    /** Every command is answered with this error, if it is not 0. */
    int refusal;

    /** How many answers fit into the receive buffer. */
    int maxPendingAnswers = 1000;

    /** The revision that the kernel has of every type. */
    int revision = 5;

    private int changes;

    /** Number of the entry at which the last message stopped, 0 if it has none. */
    private int refusedLine;

    FakeIpset with(Collection<IpSet> initial) {
        initial.forEach(set -> sets.put(set.name(), set));
        return this;
    }

    @Override
    public Transport open(NetlinkProtocol protocol) {
        return new Socket();
    }

    private final class Socket implements Transport {
        private final Deque<byte[]> answers = new ArrayDeque<>();
        private boolean overrun;

        @Override
        public int portId() {
            return 0;
        }

        @Override
        public int maxDatagram() {
            return 4096;
        }

        @Override
        public int maxPendingAnswers() {
            return maxPendingAnswers;
        }

        @Override
        public void send(ByteBuf datagram) {
            MessageReader message = new MessageReader().over(datagram);
            while (message.next()) {
                int change = changes;
                int error = refusal != 0 ? refusal : handle(message, FakeArguments.read(message), answers);
                boolean dump = (message.type() & 0xff) == IpsetCommands.LIST;
                if (error > 0 && refusedLine != 0) {
                    answers.add(marked(message, error, refusedLine));
                } else if (error > 0 || error == 0 && !dump && (message.flags() & MessageFlags.ACK) != 0) {
                    answers.add(error(message, error));
                }
                refusedLine = 0;
                if (change == lostAnswer && changes > change) {
                    answers.clear();
                    overrun = true;
                }
            }
        }

        @Override
        public Received receive(ByteBuf into) {
            if (overrun) {
                overrun = false;
                return Received.OVERRUN;
            }
            byte[] answer = answers.poll();
            into.clear();
            if (answer == null) {
                return Received.NOTHING;
            }
            into.writeBytes(answer);
            return Received.DATAGRAM;
        }

        @Override
        public void close() {
            answers.clear();
        }
    }

    private int handle(MessageReader message, FakeArguments arguments, Collection<byte[]> answers) {
        int command = message.type() & 0xff;
        commands.add(command);
        boolean exclusive = (message.flags() & MessageFlags.EXCLUSIVE) != 0;
        switch (command) {
            case IpsetCommands.PROTOCOL -> answers.add(answer(message, 0, out -> {}));
            case IpsetCommands.TYPE -> answers.add(answer(message, 0, out -> out.u8(IpsetMessage.REVISION, revision)));
            case IpsetCommands.GET_BY_NAME, IpsetCommands.GET_BY_INDEX -> {
                return index(message, arguments, answers);
            }
            case IpsetCommands.HEADER -> {
                return header(message, arguments, answers);
            }
            case IpsetCommands.LIST -> {
                return list(message, arguments, answers);
            }
            default -> {
                int error = fault.applyAsInt(changes++);
                return error != 0 ? error : change(command, arguments, exclusive);
            }
        }
        return 0;
    }

    private int change(int command, FakeArguments arguments, boolean exclusive) {
        IpSet set = sets.get(arguments.name);
        if (command == IpsetCommands.CREATE) {
            return create(set, arguments, exclusive);
        }
        if (set == null) {
            return command == IpsetCommands.DESTROY && !exclusive ? 0 : ENOENT;
        }
        switch (command) {
            case IpsetCommands.DESTROY -> {
                if (referenced.contains(set.name())) {
                    return IpsetErrors.BUSY;
                }
                sets.remove(set.name());
                return 0;
            }
            case IpsetCommands.FLUSH -> {
                sets.put(set.name(), IpSet.empty(set.definition()));
                return 0;
            }
            case IpsetCommands.RENAME, IpsetCommands.SWAP -> {
                return exchangeNames(command == IpsetCommands.SWAP, set, arguments.typeName);
            }
            case IpsetCommands.TEST -> {
                SetMember member = arguments.members(set.definition().type()).get(0);
                return set.entries().contains(member.entry()) ? 0 : IpsetErrors.EXIST;
            }
            default -> {
                return changeEntries(command == IpsetCommands.ADD, set, arguments, exclusive);
            }
        }
    }

    private int exchangeNames(boolean swap, IpSet set, String otherName) {
        IpSet other = sets.get(otherName);
        if ((other != null) != swap) {
            return IpsetErrors.EXIST_SECOND_NAME;
        }
        if (!swap && referenced.contains(set.name())) {
            return IpsetErrors.REFERENCED;
        }
        if (swap && other.definition().type() != set.definition().type()) {
            return IpsetErrors.TYPE_MISMATCH;
        }
        sets.remove(set.name());
        sets.put(otherName, new IpSet(set.definition().withName(otherName), set.entries(), set.options()));
        if (swap) {
            sets.put(set.name(), new IpSet(other.definition().withName(set.name()), other.entries(), other.options()));
        }
        return 0;
    }

    /** Goes through the entries of a message and stops at the first one that is refused. */
    private int changeEntries(boolean adds, IpSet set, FakeArguments arguments, boolean exclusive) {
        int place = 0;
        for (SetMember member : arguments.members(set.definition().type())) {
            int error = refusedEntry.test(member.spec().toString())
                    ? IpsetErrors.HASH_ELEMENT
                    : changeEntry(adds, sets.get(set.name()), member, exclusive);
            if (error != 0) {
                refusedLine = arguments.line(place);
                return error;
            }
            place++;
        }
        return arguments.members(set.definition().type()).isEmpty() ? IpsetErrors.PROTOCOL : 0;
    }

    private int create(IpSet present, FakeArguments arguments, boolean exclusive) {
        SetDefinition wanted = arguments.definition;
        if (present == null && !foreign.containsKey(arguments.name)) {
            sets.put(wanted.name(), IpSet.empty(wanted));
            return 0;
        }
        return exclusive || present == null || !wanted.matches(present.definition()) ? EEXIST : 0;
    }

    private int changeEntry(boolean adds, IpSet set, SetMember member, boolean exclusive) {
        SetEntry entry = member.entry();
        if (set.definition().options() instanceof SetOptions.PortRange
                && !set.definition().accepts(entry)) {
            return IpsetErrors.BITMAP_RANGE;
        }
        boolean present = set.entries().contains(entry);
        if (present == adds && (exclusive || !adds)) {
            return exclusive ? IpsetErrors.EXIST : 0;
        }
        if (adds
                && !present
                && set.definition().options() instanceof SetOptions.Hash hash
                && set.entries().size() >= hash.maxElements()) {
            return IpsetErrors.HASH_FULL;
        }
        Set<SetEntry> entries = new LinkedHashSet<>(set.entries());
        Map<SetEntry, EntryOptions> options = new LinkedHashMap<>(set.options());
        options.remove(entry);
        if (adds) {
            entries.add(entry);
            options.put(entry, member.options());
        } else {
            entries.remove(entry);
        }
        sets.put(set.name(), new IpSet(set.definition(), entries, options));
        return 0;
    }

    private int index(MessageReader message, FakeArguments arguments, Collection<byte[]> answers) {
        List<String> names = List.copyOf(sets.keySet());
        int index = arguments.name == null ? arguments.index : names.indexOf(arguments.name);
        if (index < 0 || index >= names.size()) {
            return ENOENT;
        }
        answers.add(answer(message, 0, out -> {
            if (arguments.name == null) {
                out.string(IpsetMessage.SET_NAME, names.get(index));
            } else {
                out.u16be(IpsetMessage.INDEX | MessageWriter.NETWORK_ORDER, index);
            }
        }));
        return 0;
    }

    private int header(MessageReader message, FakeArguments arguments, Collection<byte[]> answers) {
        IpSet set = sets.get(arguments.name);
        String type = set == null
                ? foreign.get(arguments.name)
                : set.definition().type().kernelName();
        if (type == null) {
            return ENOENT;
        }
        answers.add(answer(message, 0, out -> writeHeader(out, arguments.name, type, set)));
        return 0;
    }

    private void writeHeader(MessageWriter out, String name, String type, IpSet set) {
        int family = set == null
                ? 0
                : set.definition().family().map(IpFamily::number).orElse(0);
        out.string(IpsetMessage.SET_NAME, name)
                .string(IpsetMessage.TYPE_NAME, type)
                .u8(IpsetMessage.FAMILY, family)
                .u8(IpsetMessage.REVISION, revision);
    }

    private int list(MessageReader message, FakeArguments arguments, Collection<byte[]> answers) {
        if (arguments.name != null && !sets.containsKey(arguments.name) && !foreign.containsKey(arguments.name)) {
            return ENOENT;
        }
        sets.values().stream()
                .filter(set -> arguments.name == null || arguments.name.equals(set.name()))
                .forEach(set -> list(message, arguments.flags, set, answers));
        foreign.forEach((name, type) -> {
            if (arguments.name == null || arguments.name.equals(name)) {
                answers.add(answer(message, MessageFlags.MULTI, out -> writeHeader(out, name, type, null)));
            }
        });
        answers.add(message(DONE, MessageFlags.MULTI, message.sequence(), out -> out.headerU32(0)));
        return 0;
    }

    private void list(MessageReader message, int flags, IpSet set, Collection<byte[]> answers) {
        if ((flags & IpsetMessage.FLAG_LIST_NAMES) != 0) {
            answers.add(answer(message, MessageFlags.MULTI, out -> out.string(IpsetMessage.SET_NAME, set.name())));
            return;
        }
        List<SetEntry> entries = (flags & IpsetMessage.FLAG_LIST_HEADERS) != 0 ? List.of() : List.copyOf(set.entries());
        for (int from = 0; from == 0 || from < entries.size(); from += ENTRIES_A_MESSAGE) {
            boolean first = from == 0;
            List<SetEntry> part = entries.subList(from, Math.min(entries.size(), from + ENTRIES_A_MESSAGE));
            answers.add(answer(message, MessageFlags.MULTI, out -> {
                if (first) {
                    writeHeader(out, set.name(), set.definition().type().kernelName(), set);
                    int data = out.beginNested(IpsetMessage.DATA);
                    DefinitionWriter.write(out, set.definition());
                    out.u32be(
                            IpsetCreateAttributes.REFERENCES | MessageWriter.NETWORK_ORDER,
                            referenced.contains(set.name()) ? 1 : 0);
                    out.endNested(data);
                } else {
                    out.string(IpsetMessage.SET_NAME, set.name());
                }
                writeEntries(out, set, part);
            }));
        }
    }

    private static void writeEntries(MessageWriter out, IpSet set, List<SetEntry> entries) {
        int all = out.beginNested(IpsetMessage.ENTRIES);
        for (SetEntry entry : entries) {
            int one = out.beginNested(IpsetMessage.DATA);
            new EntryCodec().write(out, new SetMember(entry, set.optionsOf(entry)));
            out.endNested(one);
        }
        out.endNested(all);
    }

    private static byte[] answer(MessageReader request, int flags, Consumer<MessageWriter> content) {
        return message(request.type(), flags, request.sequence(), out -> {
            out.netfilterHeader(IpsetMessage.HEADER_FAMILY, 0, 0)
                    .u8(IpsetMessage.PROTOCOL, IpsetMessage.PROTOCOL_VERSION);
            content.accept(out);
        });
    }

    private static byte[] error(MessageReader request, int error) {
        return message(
                ERROR,
                CAPPED,
                request.sequence(),
                out -> out.headerU32(-error)
                        .headerU32(request.length())
                        .headerU16(request.type())
                        .headerU16(request.flags())
                        .headerU32(request.sequence())
                        .headerU32(0));
    }

    /** The answer to many entries: the request is sent back with the number of the bad one; its entries matter not. */
    private static byte[] marked(MessageReader request, int error, int line) {
        return message(
                ERROR,
                0,
                request.sequence(),
                out -> out.headerU32(-error)
                        .headerU32(28)
                        .headerU16(request.type())
                        .headerU16(request.flags())
                        .headerU32(request.sequence())
                        .headerU32(0)
                        .netfilterHeader(IpsetMessage.HEADER_FAMILY, 0, 0)
                        .u32be(IpsetMessage.LINE | MessageWriter.NETWORK_ORDER, line));
    }

    private static byte[] message(int type, int flags, int sequence, Consumer<MessageWriter> content) {
        ByteBuf bytes = Unpooled.buffer();
        try {
            MessageWriter out = new MessageWriter(bytes).begin(type, flags, sequence);
            content.accept(out);
            out.end();
            return ByteBufUtil.getBytes(bytes);
        } finally {
            bytes.release();
        }
    }
}
