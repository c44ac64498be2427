// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import java.util.ArrayList;
import java.util.List;

/**
 * What has to be told to the reconciler.
 *
 * @param puts objects that are new or changed
 * @param removals objects that are gone
 */
record Delta(List<Manifest> puts, List<ObjectId> removals) {
    static Delta empty() {
        return new Delta(new ArrayList<>(), new ArrayList<>());
    }

    boolean isEmpty() {
        return puts.isEmpty() && removals.isEmpty();
    }
}
