// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

/** A listing that is under way: the kernel makes its next part when the client has taken the last one. */
interface Dump {
    /**
     * Appends messages until there is no more room or nothing more to say. An empty part ends the listing.
     *
     * @throws Refused if the listing breaks off; the errno stands in its last message
     */
    void fill(Datagram page);

    /** Returns the flags of the message that ends the listing, beyond {@code MULTI}. */
    default int endFlags() {
        return 0;
    }

    /** Lets go of what the listing held; called once, at its end or when the client gives up. */
    default void close() {}
}
