// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

/** A file that is not YAML or JSON at all, so that nothing of it can be used. */
final class UnreadableManifest extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    UnreadableManifest(Place place, String text) {
        super(place + ": " + text);
        this.problem = new Problem(place, text);
    }

    Problem problem() {
        return problem;
    }
}
