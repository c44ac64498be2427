// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

/**
 * What the kernel tells about a set without looking at its entries; of any type, known here or not.
 *
 * @param name name of the set
 * @param typeName the kernel's name of its type, for example {@code hash:net}
 * @param family number of the address family: 2, 10, or 0 where the type has none
 * @param revision revision of the type that the set was created with
 */
public record SetHeader(String name, String typeName, int family, int revision) {}
