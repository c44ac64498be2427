// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import io.github.ipvs4j.netlink.AttributeReader;
import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.MessageFlags;
import io.github.ipvs4j.netlink.MessageReader;
import io.github.ipvs4j.netlink.MessageWriter;
import java.util.List;
import java.util.OptionalInt;

/**
 * Adds or deletes many entries of one set in one message. The kernel takes them in order, stops at the first one that
 * it refuses, tells its number, and leaves those before it.
 *
 * @param adds false to delete
 * @param exclusive whether the kernel is to refuse the addition of what is there, and the deletion of what is not
 * @param set name of the set
 * @param members the entries
 * @param firstLine number of the first entry, counted up for the others; with 0 they have none, and an error does not
 *     tell which one it is about
 */
record EntriesRequest(boolean adds, boolean exclusive, String set, List<SetMember> members, int firstLine)
        implements SetRequest {
    /** How many entries a message holds at most. An entry takes at most 608 bytes and a nest at most 65535. */
    static final int MAX_ENTRIES = 100;

    /** The kernel insists on a number, and puts that of the entry that it refuses in its place. */
    private static final int ANY_LINE = 1;

    /** The number of the first entry of all: the kernel does not tell 0, and another than what stands there before. */
    static final int FIRST_LINE = ANY_LINE + 1;

    /** Returns where in all entries the first of this message stands. */
    int first() {
        return firstLine - FIRST_LINE;
    }

    /** Returns where in all entries those behind this message begin. */
    int end() {
        return first() + members.size();
    }

    /** Returns where in all entries one stands that the kernel named, -1 if it named none of this message. */
    int indexOf(OptionalInt line) {
        int index = line.orElse(0) - FIRST_LINE;
        return index >= first() && index < end() ? index : -1;
    }

    @Override
    public int command() {
        return adds ? IpsetCommands.ADD : IpsetCommands.DELETE;
    }

    @Override
    public int flags() {
        return exclusive ? MessageFlags.EXCLUSIVE : 0;
    }

    @Override
    public void writeAttributes(MessageWriter out) {
        out.string(IpsetMessage.SET_NAME, set);
        out.u32be(IpsetMessage.LINE | MessageWriter.NETWORK_ORDER, ANY_LINE);
        EntryCodec codec = new EntryCodec();
        int line = firstLine;
        int all = out.beginNested(IpsetMessage.ENTRIES);
        for (SetMember member : members) {
            int one = out.beginNested(IpsetMessage.DATA);
            codec.write(out, member);
            if (firstLine != 0) {
                out.u32be(IpsetMessage.LINE | MessageWriter.NETWORK_ORDER, line++);
            }
            out.endNested(one);
        }
        out.endNested(all);
    }

    /** Each refusal names the line of one entry; see {@code call_ad} in {@code net/netfilter/ipset/ip_set_core.c}. */
    @Override
    public int refusedPart(MessageReader echo) {
        AttributeReader attributes = echo.attributes(IpsetMessage.HEADER_SIZE);
        while (attributes.next()) {
            if (attributes.type() == IpsetMessage.LINE) {
                return attributes.u32be();
            }
        }
        return -1;
    }

    @Override
    public String describe() {
        return (adds ? "add " : "delete ") + members.size() + " entries, the first of them " + members.get(0)
                + (adds ? ", to set " : ", from set ") + set;
    }

    @Override
    public String explain(Errno errno) {
        return SetErrors.explain(errno);
    }
}
