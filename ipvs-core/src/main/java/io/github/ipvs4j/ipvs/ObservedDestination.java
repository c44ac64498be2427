// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

/**
 * A destination as the kernel has it.
 *
 * @param destination its key and attributes
 * @param activeConnections TCP connections that are open or opening
 * @param inactiveConnections TCP connections that are closing, and all others; unsigned 32 bits, as all three
 * @param persistentConnections clients that would be sent here again
 * @param statistics what it has carried
 */
public record ObservedDestination(
        Destination destination,
        int activeConnections,
        int inactiveConnections,
        int persistentConnections,
        Statistics statistics) {
    /**
     * Returns what makes it the destination it is within its service.
     *
     * @return address and port
     */
    public DestinationKey key() {
        return destination.key();
    }
}
