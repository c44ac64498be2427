// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

/**
 * How a listing went.
 *
 * @param consistent false if the kernel said in every attempt that the objects changed while it listed them; families
 *     that never say so, IPVS and ipset among them, always count as consistent here
 * @param messages number of messages of the last attempt
 */
public record DumpResult(boolean consistent, int messages) {}
