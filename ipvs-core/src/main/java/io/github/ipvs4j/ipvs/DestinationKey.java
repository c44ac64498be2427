// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import io.github.ipvs4j.netlink.IpAddress;

/**
 * What makes a destination the one it is within its service: the same address with another port is another destination.
 *
 * @param address of the real server; its family may differ from the service's where packets are tunnelled
 * @param port 0 to 65535
 */
public record DestinationKey(IpAddress address, int port) {
    /** Checks the port. */
    public DestinationKey {
        Ports.check("destination", port);
    }

    /** Returns for example {@code 10.1.0.5:8080} or {@code [fd00::5]:8080}. */
    @Override
    public String toString() {
        return Ports.join(address, port);
    }
}
