// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

/**
 * Which revisions of a set type the kernel has; later ones can do more.
 *
 * @param lowest the first one that it still takes
 * @param highest the last one, in which this library creates sets
 */
public record TypeRevisions(int lowest, int highest) {}
