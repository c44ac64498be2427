// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.lab;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What came back from asking an echo server several times.
 *
 * @param names the names of those who answered, in the order of the questions
 * @param failures why other questions had no answer
 */
public record Answers(List<String> names, List<String> failures) {

    /** Makes the lists unmodifiable. */
    public Answers {
        names = List.copyOf(names);
        failures = List.copyOf(failures);
    }

    static Answers parse(String output) {
        List<String> lines =
                output.lines().filter(line -> !line.equals(Requests.READY)).toList();
        return new Answers(
                lines.stream().filter(line -> !line.startsWith("!")).toList(),
                lines.stream().filter(line -> line.startsWith("!")).toList());
    }

    /**
     * Counts the answers of each.
     *
     * @return the number of answers by name, ordered by name
     */
    public Map<String, Long> byName() {
        return names.stream().collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
    }
}
