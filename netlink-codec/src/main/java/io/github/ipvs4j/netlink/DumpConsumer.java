// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import java.util.OptionalInt;
import java.util.function.Supplier;

/** Takes the messages of a listing one by one, while the kernel waits with the next ones. */
@FunctionalInterface
public interface DumpConsumer {
    /**
     * Takes one message.
     *
     * @param message valid until this method returns
     */
    void accept(MessageReader message);

    /**
     * Called when the kernel has made the first piece of the listing, before it is received. The memory that it took
     * tells for how much the piece has room. Asking is a system call; the default does not ask.
     *
     * @param memory tells how much memory holds the piece, in bytes; empty where that cannot be told
     */
    default void prepared(Supplier<OptionalInt> memory) {}

    /**
     * Called when the listing begins anew because the kernel said that it was disturbed: what has been accepted so far
     * is to be forgotten. The default, which forgets nothing, fits consumers for which repetition does no harm.
     */
    default void restart() {}
}
