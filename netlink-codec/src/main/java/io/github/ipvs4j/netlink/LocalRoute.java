// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import java.util.Arrays;

/**
 * A route of the local table, which says what this host takes for its own.
 *
 * @param destination the addresses it is about, one or a block such as {@code 127.0.0.0/8}
 * @param linkIndex the kernel's number of the interface, 0 if the route names none
 * @param type what happens to packets for it
 */
public record LocalRoute(IpPrefix destination, int linkIndex, Type type) {
    /** What happens to packets for a destination. */
    public enum Type {
        /** They go on to somebody else. */
        UNICAST(1),

        /** They are for this host: the destination is its own. */
        LOCAL(2),

        /** They are for everybody on the link. */
        BROADCAST(3),

        /** They are for this host or another of the same address. */
        ANYCAST(4),

        /** They are for those who have joined. */
        MULTICAST(5),

        /** Anything else, for example that they are dropped. */
        OTHER(0);

        private final int number;

        Type(int number) {
            this.number = number;
        }

        /** Returns the kernel's number ({@code RTN_UNICAST} and so on), 0 for any other. */
        int number() {
            return number;
        }

        static Type ofNumber(int number) {
            return Arrays.stream(values())
                    .filter(type -> type.number == number)
                    .findFirst()
                    .orElse(OTHER);
        }
    }
}
