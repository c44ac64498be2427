// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.contract;

import io.github.ipvs4j.netlink.MessageWriter;
import java.util.List;
import java.util.Set;

/** Makes requests of one family at random. */
interface RandomRequests {
    /** Returns {@code nlmsg_type} of the next request. */
    int type();

    /** Returns {@code nlmsg_flags} of the next request. */
    int flags();

    /** Appends the next request's headers and attributes. */
    void write(MessageWriter out);

    /**
     * Asks a kernel for everything that such requests can change.
     *
     * @return the same texts for the same state
     */
    List<String> state(Conversation kernel);

    /** Tells whether the kernel may have carried out the request written last without a word. */
    default boolean maySucceedSilently() {
        return false;
    }

    /** Returns the attributes of answers whose values a kernel chooses by chance. */
    default Set<Integer> chance() {
        return Set.of();
    }
}
