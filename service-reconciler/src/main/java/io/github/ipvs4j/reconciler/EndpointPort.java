// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.ipvs.TransportProtocol;
import org.jspecify.annotations.Nullable;

/**
 * One port of an EndpointSlice; it holds for all endpoints of the slice.
 *
 * @param name the name of the Service's port that it belongs to, empty for the port without a name
 * @param protocol TCP, UDP or SCTP
 * @param port the port on which the endpoints listen, 1 to 65535
 */
public record EndpointPort(String name, TransportProtocol protocol, int port) {
    /** Checks the port number. */
    public EndpointPort {
        Ports.check("endpoint port", port, 1);
    }

    // Written out: the JVM makes a record's own when it is first called, which a first sync would wait for.
    @Override
    public boolean equals(@Nullable Object object) {
        return object instanceof EndpointPort other
                && port == other.port
                && protocol == other.protocol
                && name.equals(other.name);
    }

    @Override
    public int hashCode() {
        return (name.hashCode() * 31 + protocol.number()) * 31 + port;
    }
}
