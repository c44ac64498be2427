// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What there is on this machine for IPVS to work with, found out from {@code /proc} alone: nothing is loaded, changed
 * or asked by netlink. Sysctls are those of the present network namespace.
 *
 * <pre>{@code
 * Preflight found = Preflight.check();
 * if (!found.ready()) {
 *     logger.error("IPVS will not work here:\n{}", found);
 * }
 * }</pre>
 *
 * @param findings each about one thing: kernel, module, schedulers, capability, and sysctls one by one
 */
public record Preflight(List<Finding> findings) {
    /** How good a thing is. */
    public enum Judgement {
        /** As it should be. */
        GOOD,

        /** Works, and may surprise. */
        NOTE,

        /** Commands to the kernel will fail. */
        PROBLEM
    }

    /**
     * What was found about one thing.
     *
     * @param judgement how good it is
     * @param subject what was looked at, for example {@code conn_reuse_mode}
     * @param found what is there, for example {@code 1}
     * @param advice what it means and what to do; empty if it is as it should be
     */
    public record Finding(Judgement judgement, String subject, String found, String advice) {
        /** Returns one line, for example {@code good: module: IP Virtual Server version 1.2.1 (size=4096)}. */
        @Override
        public String toString() {
            String line = judgement.name().toLowerCase(Locale.ROOT) + ": " + subject + ": " + found;
            return advice.isEmpty() ? line : line + "; " + advice;
        }
    }

    /** Copies the list. */
    public Preflight {
        findings = List.copyOf(findings);
    }

    /**
     * Looks at this machine.
     *
     * @return what was found; what cannot be read is said to be unknown
     */
    public static Preflight check() {
        return check(Path.of("/proc"));
    }

    /**
     * Looks at a machine whose {@code /proc} is elsewhere.
     *
     * @param proc for example {@code /host/proc} in a container
     * @return what was found; what cannot be read is said to be unknown
     */
    public static Preflight check(Path proc) {
        return new Preflight(new PreflightReader(proc).findings());
    }

    /**
     * Tells whether commands to the kernel can work.
     *
     * @return true if there is no problem; there may be notes
     */
    public boolean ready() {
        return findings.stream().noneMatch(finding -> finding.judgement() == Judgement.PROBLEM);
    }

    /** Returns a line for each finding. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        findings.forEach(finding -> text.append(finding).append('\n'));
        return text.toString();
    }
}
