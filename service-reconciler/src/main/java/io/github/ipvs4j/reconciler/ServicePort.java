// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.ipvs.TransportProtocol;

/**
 * One port of a Service. Its endpoints are the ports of the Service's slices that have the same name and protocol.
 *
 * @param name empty where the Service has one port without a name
 * @param protocol TCP, UDP or SCTP
 * @param port the port on the cluster address, 1 to 65535
 * @param nodePort the port on the nodes' addresses, 0 if there is none
 */
public record ServicePort(String name, TransportProtocol protocol, int port, int nodePort) {
    /** Checks the port numbers. */
    public ServicePort {
        Ports.check("port", port, 1);
        Ports.check("node port", nodePort, 0);
    }

    /**
     * Makes a port that is reached on the cluster address only.
     *
     * @param name empty where the Service has one port without a name
     * @param protocol TCP, UDP or SCTP
     * @param port the port on the cluster address
     * @return the port
     */
    public static ServicePort of(String name, TransportProtocol protocol, int port) {
        return new ServicePort(name, protocol, port, 0);
    }
}
