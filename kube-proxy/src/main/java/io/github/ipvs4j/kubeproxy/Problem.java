// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

/**
 * Something in a manifest that keeps it from being applied as it stands.
 *
 * @param place where it is
 * @param text what is wrong and what to do, one sentence
 */
record Problem(Place place, String text) {
    /** Returns the place and the text. */
    @Override
    public String toString() {
        return place + ": " + text;
    }
}
