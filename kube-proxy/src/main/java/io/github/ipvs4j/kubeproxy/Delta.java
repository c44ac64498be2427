// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

    /** Returns for example {@code 2 Services, 1 EndpointSlice}. */
    @Override
    public String toString() {
        Map<ObjectId.Kind, Long> counts = Stream.concat(puts.stream().map(Manifest::id), removals.stream())
                .collect(Collectors.groupingBy(ObjectId::kind, TreeMap::new, Collectors.counting()));
        return counts.entrySet().stream()
                .map(entry -> Counted.of(entry.getValue(), entry.getKey().toString()))
                .collect(Collectors.joining(", "));
    }
}
