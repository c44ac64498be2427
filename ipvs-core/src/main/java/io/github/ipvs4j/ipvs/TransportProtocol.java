// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import java.util.Optional;

/** The transport protocols that IPVS balances. */
public enum TransportProtocol {
    /** TCP, {@code IPPROTO_TCP}. */
    TCP(6, "tcp"),

    /** UDP, {@code IPPROTO_UDP}. */
    UDP(17, "udp"),

    /** SCTP, {@code IPPROTO_SCTP}. */
    SCTP(132, "sctp");

    private final int number;
    private final String text;

    TransportProtocol(int number, String text) {
        this.number = number;
        this.text = text;
    }

    /**
     * Returns the number of the protocol in an IP header.
     *
     * @return 6, 17 or 132
     */
    public int number() {
        return number;
    }

    /**
     * Returns the usual name in lower case.
     *
     * @return {@code tcp}, {@code udp} or {@code sctp}
     */
    public String text() {
        return text;
    }

    /**
     * Finds a protocol by its number.
     *
     * @param number of the protocol in an IP header
     * @return empty for any protocol but these three
     */
    public static Optional<TransportProtocol> ofNumber(int number) {
        return switch (number) {
            case 6 -> Optional.of(TCP);
            case 17 -> Optional.of(UDP);
            case 132 -> Optional.of(SCTP);
            default -> Optional.empty();
        };
    }
}
