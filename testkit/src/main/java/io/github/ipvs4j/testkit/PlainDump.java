// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.MessageWriter;
import java.util.Collection;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * A listing by position that never tells of a change: every part counts from the start again, so that what is removed
 * between two parts makes it skip an entry, and what is added may make it repeat one. IPVS and routes are listed so.
 *
 * @param <T> type of the entries
 */
final class PlainDump<T> implements Dump {
    private final int type;
    private final int flags;
    private final Supplier<Collection<T>> entries;
    private final BiConsumer<MessageWriter, T> body;
    private int position;

    /**
     * Makes a listing.
     *
     * @param type of its messages
     * @param flags of its messages and its end, beyond {@code MULTI}
     * @param entries all of them, asked for anew for every part
     * @param body writes one
     */
    PlainDump(int type, int flags, Supplier<Collection<T>> entries, BiConsumer<MessageWriter, T> body) {
        this.type = type;
        this.flags = flags;
        this.entries = entries;
        this.body = body;
    }

    @Override
    public void fill(Datagram page) {
        int index = 0;
        for (T entry : entries.get()) {
            if (index++ < position) {
                continue;
            }
            body.accept(page.begin(type, NetlinkNumbers.FLAG_MULTI | flags), entry);
            if (!page.end()) {
                return;
            }
            position++;
        }
    }

    @Override
    public int endFlags() {
        return flags;
    }
}
