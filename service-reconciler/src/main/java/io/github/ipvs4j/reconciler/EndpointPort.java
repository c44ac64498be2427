// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.ipvs.TransportProtocol;

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
}
