// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import io.github.ipvs4j.netlink.IpAddress;

/**
 * A destination (real server) of a virtual service as it is wanted.
 *
 * <p>Immutable. An update in the kernel replaces all attributes at once, therefore one begins with the destination as
 * it was read and changes that by the {@code with} methods.
 *
 * <pre>{@code
 * Destination pod = Destination.masquerade(IpAddress.of("10.1.2.3"), 8080).withWeight(10);
 * }</pre>
 *
 * @param address of the real server; its family may differ from the service's where packets are tunnelled
 * @param port 0 to 65535; where packets are routed or tunnelled they keep the service's port, which should stand here
 * @param forwarding how packets reach it
 * @param weight its share of new connections, 0 to 2,147,483,647; with 0 it keeps the connections it has and gets none
 * @param upperThreshold number of connections from which on it gets no new ones, 0 for none; unsigned 32 bits, of which
 *     newer kernels take 31
 * @param lowerThreshold number of connections below which it gets new ones again, 0 for three quarters of the upper
 *     threshold; at most the upper threshold, as unsigned 32 bits
 */
public record Destination(
        IpAddress address, int port, Forwarding forwarding, int weight, int upperThreshold, int lowerThreshold) {

    /** Checks the port, the weight and the order of the thresholds. */
    public Destination {
        Ports.check("destination", port);
        if (weight < 0) {
            throw new IllegalArgumentException("weight " + weight + ": expected 0 to " + Integer.MAX_VALUE);
        }
        if (Integer.compareUnsigned(lowerThreshold, upperThreshold) > 0) {
            throw new IllegalArgumentException("lower threshold " + Integer.toUnsignedString(lowerThreshold)
                    + ": expected at most the upper threshold, " + Integer.toUnsignedString(upperThreshold));
        }
    }

    /**
     * Makes a destination of weight 1 whose address replaces the virtual one (NAT).
     *
     * @param address of the real server
     * @param port 0 to 65535
     * @return the destination
     */
    public static Destination masquerade(IpAddress address, int port) {
        return of(address, port, Forwarding.MASQUERADE);
    }

    /**
     * Makes a destination of weight 1 that gets packets unchanged on its link address.
     *
     * @param address of the real server
     * @param port the service's port
     * @return the destination
     */
    public static Destination directRoute(IpAddress address, int port) {
        return of(address, port, Forwarding.DIRECT_ROUTE);
    }

    /**
     * Makes a destination of weight 1 without thresholds.
     *
     * @param address of the real server
     * @param port 0 to 65535
     * @param forwarding how packets reach it
     * @return the destination
     */
    public static Destination of(IpAddress address, int port, Forwarding forwarding) {
        return new Destination(address, port, forwarding, 1, 0, 0);
    }

    /**
     * Returns what makes it the destination it is within its service.
     *
     * @return address and port
     */
    public DestinationKey key() {
        return new DestinationKey(address, port);
    }

    /** Tells whether the other has the same key, without making one. */
    boolean hasKeyOf(Destination other) {
        return port == other.port && address.equals(other.address);
    }

    /**
     * Changes the weight.
     *
     * @param weight 0 to 2,147,483,647
     * @return a destination that differs in this alone
     */
    public Destination withWeight(int weight) {
        return new Destination(address, port, forwarding, weight, upperThreshold, lowerThreshold);
    }

    /**
     * Changes the way of the packets.
     *
     * @param forwarding how packets reach it
     * @return a destination that differs in this alone
     */
    public Destination withForwarding(Forwarding forwarding) {
        return new Destination(address, port, forwarding, weight, upperThreshold, lowerThreshold);
    }

    /**
     * Changes the limits of its connections.
     *
     * @param upper number of connections from which on it gets no new ones, 0 for none
     * @param lower number below which it gets new ones again, 0 for three quarters of the upper
     * @return a destination that differs in this alone
     */
    public Destination withThresholds(int upper, int lower) {
        if (upper < 0) {
            throw new IllegalArgumentException("upper threshold " + upper + ": expected 0 to " + Integer.MAX_VALUE);
        }
        return new Destination(address, port, forwarding, weight, upper, lower);
    }
}
