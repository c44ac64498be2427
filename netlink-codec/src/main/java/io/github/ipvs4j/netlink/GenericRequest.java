// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

/** One request to a generic-netlink family, as a value; see {@link Request} for what its methods are for. */
public interface GenericRequest {
    /**
     * Returns the number of the command.
     *
     * @return as in the family's header file
     */
    int command();

    /**
     * Appends the attributes; the family's header stands already.
     *
     * @param out a writer with an open message
     */
    void write(MessageWriter out);

    /**
     * Says in words what is asked.
     *
     * @return for example {@code add service tcp 10.96.0.1:80 (rr)}
     */
    String describe();

    /**
     * Says what an error of the kernel means for this request, and what to do.
     *
     * @param errno what the kernel answered
     * @return empty where nothing is known beyond the errno's meaning
     */
    default String explain(Errno errno) {
        return "";
    }

    /**
     * Tells whether an error of the kernel means that the state is the wanted one already; see
     * {@link Request#isSatisfiedBy}.
     *
     * @param errno what the kernel answered
     * @return whether a batch is to take it as a success
     */
    default boolean isSatisfiedBy(Errno errno) {
        return false;
    }
}
