// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.ConntrackEntry.Zone;
import io.github.ipvs4j.netlink.MessageWriter;
import org.jspecify.annotations.Nullable;

/**
 * The commands of ctnetlink.
 *
 * <p>Follows {@code net/netfilter/nf_conntrack_netlink.c} with what it does to the careless: a mask without its value,
 * or a family without a version, empties the table. Not simulated, and answered with {@code EOPNOTSUPP}: translation,
 * masters, helpers, labels and sequence numbers of an entry.
 */
final class ConntrackHandler {
    private static final AttributePolicy NOTHING = AttributePolicy.upTo(0);

    /** The longest timeout, in seconds, that 31 bits of ticks hold. */
    private static final long LONGEST = Integer.MAX_VALUE / 100;

    private static final long SECOND = 1000;

    private final SimulatedConntrack table;
    private final ConntrackParser parser;
    private final KernelRelease release;

    ConntrackHandler(SimulatedConntrack table, ConntrackParser parser, KernelRelease release) {
        this.table = table;
        this.parser = parser;
        this.release = release;
    }

    void execute(Call call, int command) {
        if (command > ConntrackNumbers.GET_UNCONFIRMED) {
            throw ConntrackParser.invalid();
        }
        boolean known = command <= ConntrackNumbers.GET_ZEROING;
        Attributes top =
                call.request().attributes(NetlinkNumbers.NETFILTER_HEADER, known ? ConntrackParser.TOP : NOTHING);
        call.warnOfLeftover(top);
        int family = call.request().u8(0);
        switch (command) {
            case ConntrackNumbers.NEW -> add(call, top, family);
            case ConntrackNumbers.GET, ConntrackNumbers.GET_ZEROING -> get(call, top, family);
            case ConntrackNumbers.DELETE -> delete(call, top, family);
            case ConntrackNumbers.GET_STATS -> statistics(call);
            case ConntrackNumbers.GET_STATS_CPU -> {
                if (wantsDump(call)) {
                    call.dump(page -> {});
                }
            }
            default -> listNothing(call);
        }
    }

    /** Here one of the two bits suffices. */
    private static boolean wantsDump(Call call) {
        return call.request().has(NetlinkNumbers.FLAG_DUMP);
    }

    /** Nothing waits for its end or its confirmation here. */
    private static void listNothing(Call call) {
        if (!wantsDump(call)) {
            throw new Refused(ErrorNumbers.EOPNOTSUPP);
        }
        call.dump(page -> {});
    }

    private void statistics(Call call) {
        call.reply(
                ConntrackAnswers.type(ConntrackNumbers.GET_STATS),
                NetlinkNumbers.FLAG_MULTI,
                out -> out.netfilterHeader(0, 0, 0)
                        .u32be(ConntrackNumbers.STATS_ENTRIES, table.all().size())
                        .u32be(ConntrackNumbers.STATS_MAX_ENTRIES, ConntrackNumbers.MAX_ENTRIES));
    }

    private void get(Call call, Attributes top, int family) {
        if (wantsDump(call)) {
            call.dump(new Listing(parser.selection(top, family)));
            return;
        }
        TrackedConnection found = existing(top, family);
        call.reply(
                ConntrackAnswers.type(ConntrackNumbers.NEW),
                NetlinkNumbers.FLAG_MULTI,
                out -> table.write(out, found, 2));
    }

    private TrackedConnection existing(Attributes top, int family) {
        ConntrackParser.Zoned key = key(top, family);
        TrackedConnection found = table.find(key.tuple(), key.zone());
        if (found == null) {
            throw new Refused(ErrorNumbers.ENOENT);
        }
        return found;
    }

    private ConntrackParser.Zoned key(Attributes top, int family) {
        Zone zone = parser.zone(top);
        if (!top.has(ConntrackNumbers.ORIGINAL) && !top.has(ConntrackNumbers.REPLY)) {
            throw ConntrackParser.invalid();
        }
        return parser.tuple(
                top,
                top.has(ConntrackNumbers.ORIGINAL) ? ConntrackNumbers.ORIGINAL : ConntrackNumbers.REPLY,
                family,
                zone);
    }

    private void delete(Call call, Attributes top, int family) {
        boolean keyed = top.has(ConntrackNumbers.ORIGINAL) || top.has(ConntrackNumbers.REPLY);
        boolean filtered = top.has(ConntrackNumbers.FILTER);
        if (keyed && !(filtered && release.filtersConntrackByZone())) {
            TrackedConnection found = existing(top, family);
            if (top.has(ConntrackNumbers.ID) && top.i32be(ConntrackNumbers.ID) != found.id()) {
                throw new Refused(ErrorNumbers.ENOENT);
            }
            table.remove(found, call.portId());
            return;
        }
        parser.zone(top);
        if (filtered && !release.filtersConntrackByZone()) {
            throw new Refused(ErrorNumbers.EOPNOTSUPP);
        }
        boolean familyCounts = call.request().u8(1) != 0 || filtered;
        ConntrackSelection selection = parser.selection(top, familyCounts ? family : 0);
        table.removeIf(selection, call.portId());
    }

    private void add(Call call, Attributes top, int family) {
        Zone zone = parser.zone(top);
        ConntrackParser.Zoned original = null;
        ConntrackParser.Zoned reply = null;
        if (top.has(ConntrackNumbers.ORIGINAL)) {
            original = parser.tuple(top, ConntrackNumbers.ORIGINAL, family, zone);
            zone = original.zone();
        }
        if (top.has(ConntrackNumbers.REPLY)) {
            reply = parser.tuple(top, ConntrackNumbers.REPLY, family, zone);
            zone = reply.zone();
        }
        ConntrackParser.Zoned key = original != null ? original : reply;
        TrackedConnection present = key == null ? null : table.find(key.tuple(), zone);
        if (present == null) {
            if (!call.request().has(NetlinkNumbers.FLAG_CREATE)) {
                throw new Refused(ErrorNumbers.ENOENT);
            }
            if (original == null
                    || reply == null
                    || original.tuple().protocol() != reply.tuple().protocol()) {
                throw ConntrackParser.invalid();
            }
            create(call, top, original.tuple(), reply.tuple(), zone);
        } else if (call.request().has(NetlinkNumbers.FLAG_EXCLUSIVE)) {
            throw new Refused(ErrorNumbers.EEXIST);
        } else {
            change(present, top);
            table.changed(present, call.portId());
        }
    }

    private void create(Call call, Attributes top, TrackedTuple original, TrackedTuple reply, Zone zone) {
        if (!top.has(ConntrackNumbers.TIMEOUT)) {
            throw ConntrackParser.invalid();
        }
        refuseUnsimulated(top);
        TrackedConnection connection = table.make(original, reply, zone);
        setTimeout(connection, top);
        if (top.has(ConntrackNumbers.STATUS)) {
            connection.changeStatus(top.i32be(ConntrackNumbers.STATUS));
        }
        ConntrackDetails.read(connection, top);
        if (table.find(original, zone) != null || table.find(reply, zone) != null) {
            throw new Refused(ErrorNumbers.EEXIST);
        }
        table.insert(connection, call.portId());
    }

    private static void refuseUnsimulated(Attributes top) {
        if (top.has(ConntrackNumbers.NAT_SOURCE)
                || top.has(ConntrackNumbers.NAT_DESTINATION)
                || top.has(ConntrackNumbers.MASTER)
                || top.has(ConntrackNumbers.SEQUENCE_ORIGINAL)
                || top.has(ConntrackNumbers.SEQUENCE_REPLY)
                || top.has(ConntrackNumbers.LABELS)) {
            throw new Refused(ErrorNumbers.EOPNOTSUPP);
        }
        if (top.has(ConntrackNumbers.HELP)) {
            ConntrackDetails.helper(top);
            throw new Refused(ErrorNumbers.EOPNOTSUPP);
        }
    }

    private void change(TrackedConnection connection, Attributes top) {
        boolean takesHelperAway = top.has(ConntrackNumbers.HELP)
                && ConntrackDetails.helper(top).isEmpty()
                && !release.wantsHelperToTakeAway();
        if (!takesHelperAway) {
            refuseUnsimulated(top);
        }
        if (top.has(ConntrackNumbers.TIMEOUT)) {
            if ((connection.status() & ConntrackNumbers.FIXED_TIMEOUT) != 0) {
                throw new Refused(ErrorNumbers.EPERM);
            }
            setTimeout(connection, top);
        }
        if (top.has(ConntrackNumbers.STATUS)) {
            connection.changeStatus(top.i32be(ConntrackNumbers.STATUS));
        }
        ConntrackDetails.read(connection, top);
    }

    private void setTimeout(TrackedConnection connection, Attributes top) {
        long seconds = Math.min(LONGEST, Integer.toUnsignedLong(top.i32be(ConntrackNumbers.TIMEOUT)));
        table.end(connection, table.now() + seconds * SECOND);
    }

    /** Lists in the order in which the entries were made; what is made meanwhile comes last. */
    private final class Listing implements Dump {
        private final @Nullable ConntrackSelection selection;
        private int next;

        Listing(@Nullable ConntrackSelection selection) {
            this.selection = selection;
        }

        @Override
        public void fill(Datagram page) {
            int flags = NetlinkNumbers.FLAG_MULTI | (selection == null ? 0 : NetlinkNumbers.FLAG_DUMP_FILTERED);
            for (TrackedConnection connection : table.from(next)) {
                if (selection == null || selection.lets(connection)) {
                    MessageWriter out = page.begin(ConntrackAnswers.type(ConntrackNumbers.NEW), flags);
                    table.write(out, connection, 1);
                    if (!page.end()) {
                        return;
                    }
                }
                next = table.numberOf(connection) + 1;
            }
        }

        @Override
        public int endFlags() {
            return selection != null && release.marksConntrackEnd() ? NetlinkNumbers.FLAG_DUMP_FILTERED : 0;
        }
    }
}
