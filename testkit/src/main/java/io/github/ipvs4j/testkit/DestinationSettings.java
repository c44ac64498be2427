// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

/**
 * What a client says of a destination beside its address.
 *
 * @param method of forwarding
 * @param weight signed
 * @param upper connections at which it counts as overloaded, unsigned, 0 for none
 * @param lower connections below which it is available again, unsigned
 * @param tunnelType 0 to 255
 * @param tunnelPort 0 to 65535
 * @param tunnelFlags 0 to 65535
 */
record DestinationSettings(
        int method, int weight, int upper, int lower, int tunnelType, int tunnelPort, int tunnelFlags) {}
