// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.MessageFlags;
import io.github.ipvs4j.netlink.MessageWriter;
import io.github.ipvs4j.netlink.Request;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is asked about sets. The flag {@code NLM_F_EXCL} makes the kernel say so where the state is the wanted one
 * already; without it the kernel keeps silent about that.
 */
interface SetRequest extends Request {
    /** Returns the number of the command. */
    int command();

    /** Appends what follows the protocol version. */
    void writeAttributes(MessageWriter out);

    @Override
    default int type() {
        return IpsetMessage.type(command());
    }

    @Override
    default void write(MessageWriter out) {
        out.netfilterHeader(IpsetMessage.HEADER_FAMILY, 0, 0);
        out.u8(IpsetMessage.PROTOCOL, IpsetMessage.PROTOCOL_VERSION);
        writeAttributes(out);
    }

    @Override
    default String explain(Errno errno) {
        return SetErrors.explain(errno);
    }

    private static int familyNumber(Optional<IpFamily> family) {
        return family.map(IpFamily::number).orElse(0);
    }

    /** Asks which version of the protocol the kernel speaks. */
    record Protocol() implements SetRequest {
        @Override
        public int command() {
            return IpsetCommands.PROTOCOL;
        }

        @Override
        public void writeAttributes(MessageWriter out) {
            // The version that every message bears is the question.
        }

        @Override
        public String describe() {
            return "ask for the version of ipset";
        }
    }

    /**
     * Asks which revisions of a type the kernel has.
     *
     * @param setType the type
     * @param family empty for types without one
     */
    record Type(SetType setType, Optional<IpFamily> family) implements SetRequest {
        @Override
        public int command() {
            return IpsetCommands.TYPE;
        }

        @Override
        public void writeAttributes(MessageWriter out) {
            out.string(IpsetMessage.TYPE_NAME, setType.kernelName());
            out.u8(IpsetMessage.FAMILY, familyNumber(family));
        }

        // Written out: the JVM makes a record's own when it is first called, which a first sync would wait for.
        @Override
        public boolean equals(@Nullable Object object) {
            return object instanceof Type other && setType == other.setType && family.equals(other.family);
        }

        @Override
        public int hashCode() {
            return setType.hashCode() * 31 + family.hashCode();
        }

        @Override
        public String describe() {
            return "ask for set type " + setType
                    + family.map(f -> " family " + SetDefinition.familyText(f)).orElse("");
        }

        @Override
        public String explain(Errno errno) {
            return SetErrors.explainType(errno, setType, family);
        }
    }

    /**
     * Creates a set.
     *
     * @param definition what to create
     * @param revision of the type, as the kernel told
     * @param exclusive false if a set of the same definition may be there already
     */
    record Create(SetDefinition definition, int revision, boolean exclusive) implements SetRequest {
        @Override
        public int command() {
            return IpsetCommands.CREATE;
        }

        @Override
        public int flags() {
            return MessageFlags.CREATE | (exclusive ? MessageFlags.EXCLUSIVE : 0);
        }

        @Override
        public void writeAttributes(MessageWriter out) {
            out.string(IpsetMessage.SET_NAME, definition.name());
            out.string(IpsetMessage.TYPE_NAME, definition.type().kernelName());
            out.u8(IpsetMessage.REVISION, revision);
            out.u8(IpsetMessage.FAMILY, familyNumber(definition.family()));
            int data = out.beginNested(IpsetMessage.DATA);
            DefinitionWriter.write(out, definition);
            out.endNested(data);
        }

        @Override
        public String describe() {
            return "create set " + definition;
        }

        @Override
        public String explain(Errno errno) {
            return SetErrors.explainCreate(errno, definition);
        }
    }

    /** Destroys a set. */
    record Destroy(String name) implements SetRequest {
        @Override
        public int command() {
            return IpsetCommands.DESTROY;
        }

        @Override
        public int flags() {
            return MessageFlags.EXCLUSIVE;
        }

        @Override
        public void writeAttributes(MessageWriter out) {
            out.string(IpsetMessage.SET_NAME, name);
        }

        @Override
        public boolean isSatisfiedBy(Errno errno) {
            return errno.equals(Errno.ENOENT);
        }

        @Override
        public String describe() {
            return "destroy set " + name;
        }

        @Override
        public String explain(Errno errno) {
            return SetErrors.explainDestroy(errno);
        }
    }

    /** Removes all entries of a set. */
    record Flush(String name) implements SetRequest {
        @Override
        public int command() {
            return IpsetCommands.FLUSH;
        }

        @Override
        public void writeAttributes(MessageWriter out) {
            out.string(IpsetMessage.SET_NAME, name);
        }

        @Override
        public String describe() {
            return "flush set " + name;
        }
    }

    /** Asks for type, family and revision of a set. */
    record Header(String name) implements SetRequest {
        @Override
        public int command() {
            return IpsetCommands.HEADER;
        }

        @Override
        public void writeAttributes(MessageWriter out) {
            out.string(IpsetMessage.SET_NAME, name);
        }

        @Override
        public String describe() {
            return "look up set " + name;
        }
    }

    /**
     * Lists sets. An acknowledgement must not be asked for: an unknown name would be answered twice.
     *
     * @param name the set to list, null for all
     * @param listFlags 0 for everything, or one of the flags in {@link IpsetMessage}
     */
    record Listing(@Nullable String name, int listFlags) implements SetRequest {
        @Override
        public int command() {
            return IpsetCommands.LIST;
        }

        @Override
        public void writeAttributes(MessageWriter out) {
            if (name != null) {
                out.string(IpsetMessage.SET_NAME, name);
            }
            if (listFlags != 0) {
                out.u32be(IpsetMessage.FLAGS | MessageWriter.NETWORK_ORDER, listFlags);
            }
        }

        @Override
        public String describe() {
            return name == null ? "list sets" : "list set " + name;
        }
    }

    /**
     * Adds, deletes or tests one entry or range.
     *
     * @param command ADD, DELETE or TEST
     * @param exclusive whether the kernel is to tell of an addition of what is there, and of a deletion of what is not
     * @param set name of the set
     * @param setType its type, which tells what an error means
     * @param options its options, null if they are not known
     * @param member the entry
     */
    record Entry(
            int command,
            boolean exclusive,
            String set,
            SetType setType,
            @Nullable SetOptions options,
            SetMember member) implements SetRequest {
        Entry(boolean adds, String set, SetType setType, @Nullable SetOptions options, SetMember member) {
            this(adds ? IpsetCommands.ADD : IpsetCommands.DELETE, true, set, setType, options, member);
        }

        Entry(boolean adds, String set, SetType setType, @Nullable SetOptions options, SetEntry entry) {
            this(adds, set, setType, options, new SetMember(entry));
        }

        Entry withOptions(@Nullable SetOptions known) {
            return new Entry(command, exclusive, set, setType, known, member);
        }

        @Override
        public int flags() {
            return exclusive ? MessageFlags.EXCLUSIVE : 0;
        }

        @Override
        public void writeAttributes(MessageWriter out) {
            out.string(IpsetMessage.SET_NAME, set);
            int data = out.beginNested(IpsetMessage.DATA);
            new EntryCodec().write(out, member);
            out.endNested(data);
        }

        @Override
        public boolean isSatisfiedBy(Errno errno) {
            return errno.number() == IpsetErrors.EXIST;
        }

        @Override
        public String describe() {
            return switch (command) {
                case IpsetCommands.ADD -> "add " + member + " to set " + set;
                case IpsetCommands.DELETE -> "delete " + member + " from set " + set;
                default -> "test for " + member + " in set " + set;
            };
        }

        @Override
        public String explain(Errno errno) {
            return EntryErrors.explain(errno, this);
        }
    }
}
