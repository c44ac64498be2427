// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

/**
 * An address of a network interface as it was seen.
 *
 * @param linkIndex the kernel's number of the interface
 * @param address the address
 * @param prefixLength length of the prefix that the interface reaches directly
 */
public record InterfaceAddress(int linkIndex, IpAddress address, int prefixLength) {}
