// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

/**
 * What a service or a destination has carried. The kernel brings the numbers up to date every two seconds, so that a
 * read right after traffic does not show it yet; with the sysctl {@code run_estimation=0} they stand still.
 *
 * @param connections number of connections scheduled
 * @param inPackets packets from clients
 * @param outPackets packets to clients, as far as they come back through this machine
 * @param inBytes bytes from clients
 * @param outBytes bytes to clients
 * @param connectionsPerSecond connections a second, averaged over some seconds, as all that follow
 * @param inPacketsPerSecond packets a second
 * @param outPacketsPerSecond packets a second
 * @param inBytesPerSecond bytes a second
 * @param outBytesPerSecond bytes a second
 */
public record Statistics(
        long connections,
        long inPackets,
        long outPackets,
        long inBytes,
        long outBytes,
        long connectionsPerSecond,
        long inPacketsPerSecond,
        long outPacketsPerSecond,
        long inBytesPerSecond,
        long outBytesPerSecond) {
    /** Nothing was carried. */
    public static final Statistics NONE = new Statistics(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}
