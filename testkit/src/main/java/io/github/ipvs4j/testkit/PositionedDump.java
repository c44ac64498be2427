// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.MessageWriter;
import java.util.Collection;

/**
 * A listing by position that tells, on the first message of a part, that something changed since the part before.
 *
 * <p>Follows {@code nl_dump_check_consistent} in {@code include/net/netlink.h}.
 *
 * @param <T> type of the entries
 */
abstract class PositionedDump<T> implements Dump {
    private final SimulatedLinks links;
    private final int type;
    private int position;
    private int generation = -1;
    private boolean disturbed;

    PositionedDump(SimulatedLinks links, int type) {
        this.links = links;
        this.type = type;
    }

    /** Returns all entries in the kernel's order; checks the request in the first part. */
    abstract Collection<T> entries(boolean first);

    abstract void write(MessageWriter out, T entry);

    /** Returns the flags of a message beyond {@code MULTI}. */
    abstract int flags();

    @Override
    public void fill(Datagram page) {
        disturbed = generation >= 0 && generation != links.generation();
        Collection<T> entries = entries(generation < 0);
        generation = links.generation();
        int index = 0;
        for (T entry : entries) {
            if (index++ < position) {
                continue;
            }
            write(page.begin(type, NetlinkNumbers.FLAG_MULTI | flags() | disturbance(page)), entry);
            if (!page.end()) {
                return;
            }
            position++;
        }
    }

    private int disturbance(Datagram page) {
        return disturbed && page.isEmpty() ? NetlinkNumbers.FLAG_DUMP_INTERRUPTED : 0;
    }

    @Override
    public int endFlags() {
        return disturbed ? NetlinkNumbers.FLAG_DUMP_INTERRUPTED : 0;
    }
}
