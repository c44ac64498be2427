// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one reading of a file gave.
 *
 * @param objects the objects that are complete and right, by name; never two of one name
 * @param problems what is wrong with the file; while there is any, the file counts as broken
 * @param leftOut what is wrong with parts of the objects, which were left out so that the rest can be used
 * @param notes what was ignored on purpose, for the log
 */
record FileContent(Map<ObjectId, Manifest> objects, List<Problem> problems, List<Problem> leftOut, List<String> notes) {
    FileContent {
        problems = List.copyOf(problems);
        leftOut = List.copyOf(leftOut);
        notes = List.copyOf(notes);
    }

    /** Returns what a file gives of which nothing can be used. */
    static FileContent unreadable(Problem problem) {
        return new FileContent(Map.of(), List.of(problem), List.of(), List.of());
    }

    static Map<ObjectId, Manifest> byId(Collection<Manifest> manifests) {
        Map<ObjectId, Manifest> byId = new LinkedHashMap<>();
        manifests.forEach(manifest -> byId.put(manifest.id(), manifest));
        return byId;
    }

    boolean broken() {
        return !problems.isEmpty();
    }
}
