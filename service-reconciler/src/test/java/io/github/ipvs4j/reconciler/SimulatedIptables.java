// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The programs iptables-save and iptables-restore of one node, both families, with what they work on. */
final class SimulatedIptables implements CommandRunner {
    private static final Pattern MATCHED_SET = Pattern.compile("--match-set (\\S+)");
    private static final Map<String, List<String>> BUILT_IN = Map.of(
            "nat", List.of("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"),
            "filter", List.of("INPUT", "FORWARD", "OUTPUT"));

    /** What was run, in order. */
    final List<String> runs = new ArrayList<>();

    private final Map<String, Map<String, Map<String, List<String>>>> programs = new LinkedHashMap<>();
    private int tablesUntilFailure = Integer.MAX_VALUE;

    SimulatedIptables() {
        install("iptables");
        install("ip6tables");
    }

    /** Gives the node a program, with the built-in chains empty. */
    void install(String program) {
        Map<String, Map<String, List<String>>> tables = new LinkedHashMap<>();
        for (String table : List.of("filter", "nat")) {
            Map<String, List<String>> chains = new LinkedHashMap<>();
            Objects.requireNonNull(BUILT_IN.get(table)).forEach(chain -> chains.put(chain, new ArrayList<>()));
            tables.put(table, chains);
        }
        programs.put(program, tables);
    }

    /** Returns how many rules of all programs match each set. */
    Map<String, Integer> matches() {
        Map<String, Integer> matches = new HashMap<>();
        programs.values().stream()
                .flatMap(tables -> tables.values().stream())
                .flatMap(chains -> chains.values().stream())
                .flatMap(List::stream)
                .map(MATCHED_SET::matcher)
                .filter(Matcher::find)
                .forEach(match -> matches.merge(match.group(1), 1, Integer::sum));
        return matches;
    }

    /** Lets every restore fail, or work again. */
    void breakRestore(boolean broken) {
        breakRestoreAfter(broken ? 0 : Integer.MAX_VALUE);
    }

    /** Lets every restore fail when it has committed so many tables, which stay changed as with the real program. */
    void breakRestoreAfter(int tables) {
        tablesUntilFailure = tables;
    }

    /** Returns the rules of a chain. */
    List<String> chain(String program, String table, String chain) {
        return Objects.requireNonNull(
                        Objects.requireNonNull(programs.get(program)).get(table))
                .computeIfAbsent(chain, missing -> new ArrayList<>());
    }

    @Override
    public Result run(List<String> command, String input) throws IOException {
        runs.add(String.join(" ", command));
        String program = command.get(0);
        String name = program.substring(0, program.indexOf('-'));
        if (!programs.containsKey(name)) {
            throw new IOException("Cannot run program \"" + program + "\"");
        }
        if (program.endsWith("-save")) {
            return new Result(0, save(name), "");
        }
        return restore(name, input)
                ? new Result(0, "", "")
                : new Result(4, "", program + ": Resource temporarily unavailable.\n");
    }

    /** Removes a program of the node. */
    void uninstall(String program) {
        programs.remove(program);
    }

    String save(String program) {
        StringBuilder text = new StringBuilder("# Generated\n");
        Objects.requireNonNull(programs.get(program)).forEach((table, chains) -> {
            text.append('*').append(table).append('\n');
            chains.keySet().forEach(chain -> text.append(':').append(chain).append(" - [1:60]\n"));
            chains.forEach((chain, rules) -> rules.forEach(rule ->
                    text.append("-A ").append(chain).append(' ').append(rule).append('\n')));
            text.append("COMMIT\n");
        });
        return text.append("# Completed\n").toString();
    }

    private boolean restore(String program, String input) {
        int committed = 0;
        String table = "";
        List<String> lines = new ArrayList<>();
        for (String line : input.lines().toList()) {
            if (line.startsWith("*")) {
                table = line.substring(1);
            } else if (!line.equals("COMMIT")) {
                lines.add(line);
            } else if (committed == tablesUntilFailure) {
                return false;
            } else {
                commit(program, table, lines);
                committed++;
                lines.clear();
            }
        }
        return true;
    }

    private void commit(String program, String table, List<String> lines) {
        for (String line : lines) {
            if (line.startsWith(":")) {
                chain(program, table, line.substring(1, line.indexOf(' '))).clear();
            } else if (line.startsWith("-A ") || line.startsWith("-I ")) {
                String[] parts = line.split(" ", 3);
                List<String> rules = chain(program, table, parts[1]);
                if (line.startsWith("-A ")) {
                    rules.add(parts[2]);
                } else {
                    rules.add(0, parts[2].substring("1 ".length()));
                }
            } else if (line.startsWith("-D ")) {
                String[] parts = line.split(" ", 3);
                if (!chain(program, table, parts[1]).remove(parts[2])) {
                    throw new IllegalArgumentException("no such rule: " + line);
                }
            } else if (line.startsWith("-X ")) {
                delete(program, table, line.substring("-X ".length()));
            } else {
                throw new IllegalArgumentException("not understood: " + line);
            }
        }
    }

    private void delete(String program, String table, String chain) {
        Map<String, List<String>> chains = Objects.requireNonNull(
                Objects.requireNonNull(programs.get(program)).get(table));
        boolean used = chains.values().stream()
                .flatMap(List::stream)
                .anyMatch(rule -> (rule + " ").contains("-j " + chain + " "));
        if (used || !chains.getOrDefault(chain, List.of()).isEmpty() || chains.remove(chain) == null) {
            throw new IllegalArgumentException(table + " " + chain + " is in use, not empty, or not there");
        }
    }
}
