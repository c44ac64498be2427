// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

/**
 * A network interface as it was seen.
 *
 * @param index the kernel's number of it
 * @param name at most 15 characters
 * @param kind what created it, for example {@code dummy}; empty for hardware
 * @param up whether it is switched on
 */
public record Link(int index, String name, String kind, boolean up) {}
