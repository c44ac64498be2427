// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

/**
 * What distinguishes one kernel of a release from another.
 *
 * @param modules which modules it has
 * @param padded whether empty attributes align values of 64 bits
 * @param conntrackZones whether it was built with zones of tracked connections
 */
record KernelFeatures(KernelModules modules, boolean padded, boolean conntrackZones) {}
