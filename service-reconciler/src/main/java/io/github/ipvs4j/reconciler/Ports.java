// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

/** Checks port numbers. */
final class Ports {
    private static final int HIGHEST = 65_535;

    private Ports() {}

    static void check(String what, int port, int lowest) {
        if (port < lowest || port > HIGHEST) {
            throw new IllegalArgumentException(what + " " + port + ": expected " + lowest + " to " + HIGHEST);
        }
    }
}
