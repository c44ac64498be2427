// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

/**
 * How a service balances.
 *
 * @param scheduler its name, {@code none} for none
 * @param engine name of the persistence engine, empty for none
 * @param flags as told by the client
 * @param timeoutSeconds as told by the client
 * @param netmask four bytes as they stand on the wire, read in host order
 */
record ServiceSettings(String scheduler, String engine, int flags, int timeoutSeconds, int netmask) {}
