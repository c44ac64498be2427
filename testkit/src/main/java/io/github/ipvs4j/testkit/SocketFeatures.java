// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

/**
 * Options of a client's socket. The library switches all of them on where the kernel has them.
 *
 * @param cappedAcks errors echo only the header of a request
 * @param extendedAcks errors and warnings carry texts
 * @param strictChecks listings of rtnetlink are checked strictly, and filtered
 */
record SocketFeatures(boolean cappedAcks, boolean extendedAcks, boolean strictChecks) {
    static final SocketFeatures ALL = new SocketFeatures(true, true, true);
}
