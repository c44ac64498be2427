// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

/** How deep manifests may nest; Kubernetes' own kinds stay far below. */
final class Nesting {
    static final int DEEPEST = 100;

    private Nesting() {}
}
