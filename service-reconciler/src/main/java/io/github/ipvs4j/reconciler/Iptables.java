// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.netlink.IpFamily;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The rules of one family in the kernel, by way of {@code iptables-save} and {@code iptables-restore}. */
final class Iptables {
    /** Seconds to wait for others that hold the lock of iptables. */
    private static final String LOCK_WAIT = "5";

    private final IpFamily family;
    private final CommandRunner commands;
    private Map<String, Map<String, List<String>>> installed = Map.of();
    private List<Rules.Jump> missing = Rules.JUMPS;
    private boolean known;
    private Rules.@Nullable Inputs standing;
    private Set<String> foreign = Set.of();
    private Map<String, Integer> references = Map.of();

    Iptables(IpFamily family, CommandRunner commands) {
        this.family = family;
        this.commands = commands;
    }

    /**
     * Reads all rules of the family.
     *
     * @throws IOException if the program is missing or fails
     */
    void read() throws IOException {
        String saved = run(List.of(program() + "-save"), "");
        Map<String, Map<String, List<String>>> tables = parse(saved);
        installed = tables;
        missing = Rules.JUMPS.stream()
                .filter(jump -> !tables.getOrDefault(jump.table(), Map.of())
                        .getOrDefault(jump.from(), List.of())
                        .contains(jump.rule()))
                .toList();
        known = true;
    }

    /** Has the rules read anew before they are changed the next time. */
    void forget() {
        known = false;
    }

    /**
     * Brings the rules to what is wanted, as {@link #bring(Rules)} does; does not even write them down if they were
     * brought to the same the last time.
     *
     * @throws IOException if the program is missing or fails
     */
    boolean bring(Rules.Inputs inputs) throws IOException {
        if (known && inputs.equals(standing)) {
            return false;
        }
        boolean changed = bring(Rules.of(family, inputs));
        standing = inputs;
        return changed;
    }

    /**
     * Brings the rules to what is wanted; runs nothing if they are that already.
     *
     * @return whether anything was changed
     * @throws IOException if the program is missing or fails; as it commits table by table, some tables may then be as
     *     wanted and others as before, and the next call reads them all anew
     */
    boolean bring(Rules wanted) throws IOException {
        standing = null;
        String input = plan(wanted);
        if (!input.isEmpty()) {
            known = false;
            run(restore(), input);
            installed = wanted.chains();
            missing = List.of();
            known = true;
        }
        references = wanted.references();
        return !input.isEmpty();
    }

    /** Returns how many of our rules match each set, as far as they are known to stand. */
    Map<String, Integer> references() {
        return known ? references : Map.of();
    }

    /**
     * Returns what iptables-restore would be given.
     *
     * @return empty if the rules are as wanted
     * @throws IOException if the program is missing or fails
     */
    String plan(Rules wanted) throws IOException {
        if (!known) {
            read();
        }
        return missing.isEmpty() && stand(wanted) ? "" : wanted.restoreInput(missing);
    }

    /**
     * Removes the jumps and our chains, whatever is in them; but a chain to which rules of others lead stays as it is,
     * and is to be had from {@link #foreign()}.
     *
     * @param ours the chains
     * @return whether anything was changed
     * @throws IOException if the program is missing or fails
     */
    boolean remove(Rules ours) throws IOException {
        read();
        StringBuilder input = new StringBuilder();
        Set<String> inUse = new TreeSet<>();
        ours.chains().forEach((table, chains) -> {
            Map<String, List<String>> present = installed.getOrDefault(table, Map.of());
            String removal = Rules.removal(table, chains.keySet(), present, inUse);
            if (!removal.isEmpty()) {
                input.append('*').append(table).append('\n').append(removal).append("COMMIT\n");
            }
        });
        foreign = inUse;
        known = false;
        if (!input.isEmpty()) {
            run(restore(), input.toString());
        }
        return !input.isEmpty();
    }

    /** Returns those chains, as TABLE CHAIN, that the last removal left. */
    Set<String> foreign() {
        return foreign;
    }

    private List<String> restore() {
        return List.of(program() + "-restore", "-w", LOCK_WAIT, "--noflush", "--counters");
    }

    private boolean stand(Rules wanted) {
        return wanted.chains().entrySet().stream().allMatch(table -> {
            Map<String, List<String>> present = installed.getOrDefault(table.getKey(), Map.of());
            return table.getValue().entrySet().stream()
                    .allMatch(chain -> chain.getValue().equals(present.get(chain.getKey())));
        });
    }

    private String run(List<String> command, String input) throws IOException {
        CommandRunner.Result result = commands.run(command, input);
        if (result.status() != 0) {
            throw new IOException(String.join(" ", command) + " ended with status " + result.status() + ": "
                    + result.errors().strip());
        }
        return result.output();
    }

    private String program() {
        return family == IpFamily.IPV4 ? "iptables" : "ip6tables";
    }

    /** Reads for each table its chains with their rules. */
    private static Map<String, Map<String, List<String>>> parse(String saved) {
        Map<String, Map<String, List<String>>> tables = new HashMap<>();
        Map<String, List<String>> table = new HashMap<>();
        for (String line : saved.lines().toList()) {
            if (line.startsWith("*")) {
                table = new HashMap<>();
                tables.put(line.substring(1).strip(), table);
            } else if (line.startsWith(":")) {
                table.put(word(line.substring(1)), new ArrayList<>());
            } else if (line.startsWith("-A ")) {
                String rule = line.substring("-A ".length());
                String chain = word(rule);
                Objects.requireNonNull(table.computeIfAbsent(chain, added -> new ArrayList<>()))
                        .add(rule.substring(chain.length()).strip());
            }
        }
        return tables;
    }

    private static String word(String text) {
        int end = text.indexOf(' ');
        return end < 0 ? text : text.substring(0, end);
    }
}
