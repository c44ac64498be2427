// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.golden;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/** One folder of recordings: what kube-proxy 1.36 was given, and the state of the kernel that it left. */
record Scenario(Path folder) {
    private static final Path ALL = Path.of(URI.create(
            Objects.requireNonNull(Scenario.class.getResource("/golden")).toString()));

    /** Returns all of them. */
    static Stream<Scenario> all() {
        try (Stream<Path> folders = Files.list(ALL)) {
            return folders.filter(Files::isDirectory).sorted().map(Scenario::new).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the suffixes of the files of its steps: the empty one, then {@code -step2} and so on. */
    List<String> steps() {
        return Stream.of("", "-step2", "-step3", "-step4")
                .filter(step -> Files.exists(folder.resolve("objects" + step + ".json")))
                .toList();
    }

    boolean has(String file) {
        return Files.exists(folder.resolve(file));
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    /** Returns what was left after a step, file by file, but answers of servers. */
    Map<String, List<String>> expected(String step) {
        Map<String, List<String>> state = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder.resolve("expected" + step))) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (!name.startsWith("healthcheck-")) {
                    List<String> lines = withoutLeftovers(step, Files.readAllLines(file));
                    state.put(name, name.contains("tables") ? Recorded.rules(lines) : lines);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return state;
    }

    /**
     * kube-proxy's clean-up leaves the sets of IPv6, and an empty table that its iptables mode has used: the first is
     * in {@code docs/differences.md}, the second comes of that other mode.
     */
    private static List<String> withoutLeftovers(String step, List<String> lines) {
        if (!step.equals("-after-cleanup")) {
            return lines;
        }
        List<String> kept = new ArrayList<>();
        boolean mangle = false;
        for (String line : lines) {
            mangle = line.startsWith("*") ? line.equals("*mangle") : mangle;
            if (!mangle && !line.startsWith("create KUBE-6-")) {
                kept.add(line);
            }
        }
        return kept;
    }

    @Override
    public String toString() {
        return folder.getFileName().toString();
    }
}
