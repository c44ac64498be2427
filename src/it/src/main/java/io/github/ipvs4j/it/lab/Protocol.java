// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.lab;

import java.util.Locale;

/** What the echo servers speak. */
public enum Protocol {
    /** HTTP/1.1, one request to a connection. */
    HTTP,
    /** Lines over TCP. */
    TCP,
    /** Datagrams. */
    UDP,
    /** Lines over SCTP. */
    SCTP;

    /**
     * Where an echo server listens.
     *
     * @param port the port number
     * @return this protocol on that port
     */
    public Listener on(int port) {
        return new Listener(this, port);
    }

    /**
     * The word for it in a command.
     *
     * @return the name in small letters
     */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * One of the ports of an echo server.
     *
     * @param protocol what is spoken there
     * @param port the port number
     */
    public record Listener(Protocol protocol, int port) {}
}
