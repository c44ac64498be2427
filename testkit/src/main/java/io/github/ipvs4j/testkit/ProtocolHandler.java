// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

/** The kernel's side of one netlink protocol. */
interface ProtocolHandler {
    /**
     * Looks at a datagram before its messages are gone through.
     *
     * @param first its first message
     * @throws Refused if only the first message is to be answered, with this error, and nothing carried out
     */
    default void admit(Call first) {}

    /**
     * Carries out one request.
     *
     * @param call the request and the way to answer it; without an answer it is acknowledged
     * @throws Refused if it is answered with an error
     */
    void execute(Call call);
}
