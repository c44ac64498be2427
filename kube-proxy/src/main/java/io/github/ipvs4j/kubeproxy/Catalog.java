// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The objects that all files together ask for.
 *
 * <p>A broken file never takes anything away: what was taken from it before stays as it was until the file is right
 * again; what it has besides, and is right by itself, is taken. An object that stands in several files is that of the
 * file which had it first; of files that come at the same time, of the first by name. The cost of an update is that of
 * the files that changed. Used by one thread.
 */
final class Catalog {
    /** What stands of each file: its last good objects. */
    private final Map<String, Map<ObjectId, Manifest>> standing = new HashMap<>();

    /** Which files have an object, by its name. */
    private final Map<ObjectId, NavigableMap<String, Manifest>> claims = new HashMap<>();

    private final Map<ObjectId, Manifest> taken = new HashMap<>();
    private final Map<String, List<Problem>> fileProblems = new TreeMap<>();
    private final Map<String, List<Problem>> leftOut = new TreeMap<>();
    private final Map<ObjectId, List<Problem>> conflicts = new LinkedHashMap<>();

    /**
     * Takes what was read.
     *
     * @param changes by file name; empty for a file that is gone
     * @return what has to be put and removed in consequence
     */
    Delta update(Map<String, Optional<FileContent>> changes) {
        Set<ObjectId> touched = new LinkedHashSet<>();
        changes.forEach((file, content) -> touched.addAll(claim(file, content)));
        Delta delta = Delta.empty();
        touched.forEach(id -> decide(id, delta));
        return delta;
    }

    /** Returns everything that keeps objects from being applied as the files have them. */
    List<Problem> problems() {
        return Stream.of(fileProblems, leftOut, conflicts)
                .flatMap(some -> some.values().stream())
                .flatMap(Collection::stream)
                .toList();
    }

    /** Returns how many objects of a kind are taken. */
    long count(ObjectId.Kind kind) {
        return taken.keySet().stream().filter(id -> id.kind() == kind).count();
    }

    private Set<ObjectId> claim(String file, Optional<FileContent> content) {
        Map<ObjectId, Manifest> before = standing.getOrDefault(file, Map.of());
        Map<ObjectId, Manifest> after =
                new LinkedHashMap<>(content.map(FileContent::objects).orElse(Map.of()));
        List<Problem> problems = content.map(FileContent::problems).orElse(List.of());
        remember(fileProblems, file, problems);
        remember(leftOut, file, content.map(FileContent::leftOut).orElse(List.of()));
        if (!problems.isEmpty()) {
            after.putAll(before);
        }
        if (content.isPresent()) {
            standing.put(file, after);
        } else {
            standing.remove(file);
        }
        Set<ObjectId> touched = new LinkedHashSet<>(before.keySet());
        before.keySet().forEach(id -> claims.getOrDefault(id, new TreeMap<>()).remove(file));
        touched.addAll(after.keySet());
        after.forEach((id, manifest) ->
                claims.computeIfAbsent(id, any -> new TreeMap<>()).put(file, manifest));
        return touched;
    }

    private static void remember(Map<String, List<Problem>> byFile, String file, List<Problem> problems) {
        if (problems.isEmpty()) {
            byFile.remove(file);
        } else {
            byFile.put(file, problems);
        }
    }

    private void decide(ObjectId id, Delta delta) {
        NavigableMap<String, Manifest> candidates = claims.getOrDefault(id, new TreeMap<>());
        conflicts.remove(id);
        if (candidates.isEmpty()) {
            claims.remove(id);
            if (taken.remove(id) != null) {
                delta.removals().add(id);
            }
            return;
        }
        Manifest before = taken.get(id);
        Manifest holder = before == null ? null : candidates.get(before.place().file());
        Manifest chosen = holder == null ? candidates.firstEntry().getValue() : holder;
        taken.put(id, chosen);
        if (before == null || !before.body().equals(chosen.body())) {
            delta.puts().add(chosen);
        }
        if (candidates.size() > 1) {
            conflicts.put(id, conflicts(id, chosen, candidates.values()));
        }
    }

    private static List<Problem> conflicts(ObjectId id, Manifest chosen, Collection<Manifest> candidates) {
        return candidates.stream()
                .filter(other -> !other.place().file().equals(chosen.place().file()))
                .map(other -> new Problem(
                        other.place(),
                        id + ": also stands in " + chosen.place() + ", which is used; remove one of them"))
                .toList();
    }
}
