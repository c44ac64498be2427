// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.IpAddress;
import java.util.Comparator;

/** What tells the destinations of a service apart; the family belongs to the address. */
record DestinationId(IpAddress address, int port) {
    static final Comparator<DestinationId> ORDER =
            Comparator.comparing(DestinationId::address).thenComparingInt(DestinationId::port);
}
