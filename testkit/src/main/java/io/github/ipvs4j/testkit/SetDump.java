// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.MessageWriter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A listing of sets, one message to a datagram; a large set goes on over several. Lists of sets come last.
 *
 * <p>Follows {@code ip_set_dump_do} in {@code net/netfilter/ipset/ip_set_core.c}.
 */
final class SetDump implements Dump {
    private final SimulatedIpsets sets;
    private final @Nullable SimulatedSet only;
    private final int flags;
    private final int protocol;
    private final SetAnswers answers;
    private int index;
    private boolean lists;
    private int position;
    private @Nullable SimulatedSet held;

    SetDump(SimulatedIpsets sets, @Nullable SimulatedSet only, int flags, int protocol, SetAnswers answers) {
        this.sets = sets;
        this.only = only;
        this.flags = flags;
        this.protocol = protocol;
        this.answers = answers;
    }

    @Override
    public void fill(Datagram page) {
        SimulatedSet set = held != null ? held : next();
        if (set == null) {
            return;
        }
        MessageWriter out = page.begin(
                        IpsetNumbers.SUBSYSTEM << Byte.SIZE | IpsetNumbers.LIST, NetlinkNumbers.FLAG_MULTI)
                .netfilterHeader(IpsetNumbers.FAMILY_IPV4, 0, 0)
                .u8(IpsetNumbers.ATTR_PROTOCOL, protocol)
                .string(IpsetNumbers.ATTR_NAME, set.name());
        boolean complete = (flags & IpsetNumbers.FLAG_LIST_NAMES) != 0 || writeContents(out, page, set);
        page.end();
        hold(complete ? null : set);
    }

    /** Returns the next set to begin with. */
    private @Nullable SimulatedSet next() {
        position = 0;
        if (only != null) {
            return index++ == 0 ? only : null;
        }
        SimulatedSet found = nextOfPass();
        if (found == null && !lists) {
            lists = true;
            index = 0;
            found = nextOfPass();
        }
        return found;
    }

    private @Nullable SimulatedSet nextOfPass() {
        while (index < sets.indexes()) {
            SimulatedSet set = sets.at(index++);
            if (set != null && (set.settings().kind() == SetKind.LIST_SET) == lists) {
                return set;
            }
        }
        return null;
    }

    private boolean writeContents(MessageWriter out, Datagram page, SimulatedSet set) {
        if (position == 0) {
            SetAnswers.type(out, set.settings());
            out.u16be(IpsetNumbers.ATTR_INDEX | NetlinkNumbers.ATTRIBUTE_NETWORK_ORDER, sets.indexOf(set));
            SetAnswers.header(out, set);
        }
        return (flags & IpsetNumbers.FLAG_LIST_HEADERS) != 0 || writeElements(out, page, set);
    }

    /** Writes elements from the present position; false if some are left for another message. */
    private boolean writeElements(MessageWriter out, Datagram page, SimulatedSet set) {
        int list = out.beginNested(IpsetNumbers.ATTR_ENTRIES);
        int seen = 0;
        boolean complete = true;
        for (Map.Entry<SetElement, ElementState> element : set.elements().entrySet()) {
            if (seen++ < position) {
                continue;
            }
            if (page.room() < SetAnswers.largest(element.getValue())) {
                complete = false;
                break;
            }
            answers.element(out, set, element.getKey(), element.getValue());
            position++;
        }
        out.endNested(list);
        return complete;
    }

    private void hold(@Nullable SimulatedSet set) {
        if (held != null && held != set) {
            held.endListing();
        }
        if (set != null && held != set) {
            set.beginListing();
        }
        held = set;
    }

    @Override
    public void close() {
        hold(null);
    }
}
