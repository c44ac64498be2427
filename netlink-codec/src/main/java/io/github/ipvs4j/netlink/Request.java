// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

/**
 * One request to the kernel as a value: it knows how to write itself and how to name itself in an error.
 *
 * <p>The client adds sequence number, {@code REQUEST}, {@code ACK} and {@code DUMP}. A request may be written more than
 * once.
 */
public interface Request {
    /**
     * Returns {@code nlmsg_type}.
     *
     * @return the number of the message, for generic netlink that of the family
     */
    int type();

    /**
     * Returns the flags beyond those that the client adds.
     *
     * @return for example {@link MessageFlags#CREATE}
     */
    default int flags() {
        return 0;
    }

    /**
     * Appends the family's fixed header and the attributes.
     *
     * @param out a writer with an open message
     */
    void write(MessageWriter out);

    /**
     * Says in words what is asked, as the beginning of an error message.
     *
     * @return for example {@code add service tcp 10.96.0.1:80 (rr)}
     */
    String describe();

    /**
     * Says what an error of the kernel means for this request, and what to do.
     *
     * @param errno what the kernel answered
     * @return the rest of the error message, or an empty string where nothing is known beyond the errno's meaning
     */
    default String explain(Errno errno) {
        return "";
    }

    /**
     * Tells whether an error of the kernel means that the state is the wanted one already. In a batch such a refusal is
     * {@link Outcome.AlreadySo} and costs no exception; a request sent alone is refused all the same.
     *
     * @param errno what the kernel answered
     * @return for example true for {@code EEXIST} where an addition asks for no more than that the thing be there
     */
    default boolean isSatisfiedBy(Errno errno) {
        return false;
    }

    /**
     * Tells which part of a request of many parts the kernel refused, where the kernel marks it in the request that it
     * sends back: ipset writes the number of the bad line there.
     *
     * @param echo this request as the kernel sent it back; of most refusals only the header, without attributes
     * @return the number of the part as the request counts them, for {@link KernelRejected#part}; -1 if the echo does
     *     not tell
     */
    default int refusedPart(MessageReader echo) {
        return -1;
    }
}
