// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

/**
 * What was sent for a change of a plan: the change itself, or what took its place.
 *
 * @param index of the plan's change
 * @param change what was sent
 */
record Step(int index, Change change) {}
