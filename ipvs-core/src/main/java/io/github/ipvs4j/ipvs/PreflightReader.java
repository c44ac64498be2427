// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import io.github.ipvs4j.ipvs.Preflight.Finding;
import io.github.ipvs4j.ipvs.Preflight.Judgement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads files under {@code /proc} and judges what they say. */
final class PreflightReader {
    private static final Pattern RELEASE = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})");
    private static final Pattern EFFECTIVE = Pattern.compile("(?m)^CapEff:\\s*([0-9a-fA-F]{1,16})\\s*$");
    private static final Pattern SCHEDULER_MODULE = Pattern.compile("(?m)^ip_vs_(\\S+) ");
    private static final Pattern MODULE = Pattern.compile("(?m)^ip_vs ");
    private static final int CAP_NET_ADMIN = 12;
    private static final int VERSION_OF_REUSE = version(5, 9);
    private static final List<String> SCHEDULERS =
            List.of("rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq", "fo", "ovf", "mh", "twos");
    private static final String WHOLE_USER_NAMESPACE = "0 0 4294967295";
    private static final String UNKNOWN = "unknown";

    private final Path proc;
    private final List<Finding> findings = new ArrayList<>();

    PreflightReader(Path proc) {
        this.proc = proc;
    }

    List<Finding> findings() {
        String release = read("sys/kernel/osrelease").orElse("");
        Matcher matcher = RELEASE.matcher(release);
        boolean known = matcher.lookingAt();
        add(
                known ? Judgement.GOOD : Judgement.NOTE,
                "kernel",
                known ? release : UNKNOWN,
                known ? "" : "the advice on conn_reuse_mode is that for kernel 5.9 and later");
        int version = known
                ? version(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)))
                : Integer.MAX_VALUE;
        Optional<String> modules = read("modules");
        boolean there = module(modules.orElse(""));
        schedulers(modules);
        capability();
        userNamespace();
        if (there) {
            sysctls(version);
        }
        return findings;
    }

    private static int version(int major, int minor) {
        return major * 10_000 + minor;
    }

    private boolean module(String modules) {
        Optional<String> table = read("net/ip_vs");
        if (table.isPresent()) {
            add(Judgement.GOOD, "module", table.get().lines().findFirst().orElse(UNKNOWN), "");
            return true;
        }
        if (MODULE.matcher(modules).find()) {
            add(
                    Judgement.NOTE,
                    "module",
                    "ip_vs is loaded",
                    "this network namespace does not show its table in /proc/net/ip_vs");
            return true;
        }
        add(
                Judgement.PROBLEM,
                "module",
                "the kernel has no IPVS",
                "load the module with 'modprobe ip_vs', or use a kernel built with CONFIG_IP_VS");
        return false;
    }

    private void schedulers(Optional<String> modules) {
        List<String> loaded = modules.stream()
                .flatMap(text -> SCHEDULER_MODULE.matcher(text).results())
                .map(module -> module.group(1))
                .filter(SCHEDULERS::contains)
                .sorted()
                .toList();
        add(
                Judgement.GOOD,
                "schedulers",
                loaded.isEmpty()
                        ? "none is loaded as a module"
                        : loaded.stream().collect(Collectors.joining(", ", "loaded as modules: ", "")),
                "others may be built in, or are loaded when a service asks for them, if the kernel has them");
    }

    private void capability() {
        Optional<String> status = read("self/status");
        Matcher matcher = EFFECTIVE.matcher(status.orElse(""));
        if (!matcher.find()) {
            add(Judgement.NOTE, "capability", UNKNOWN, "every command to IPVS needs CAP_NET_ADMIN");
            return;
        }
        boolean has = (Long.parseUnsignedLong(matcher.group(1), 16) >>> CAP_NET_ADMIN & 1) != 0;
        add(
                has ? Judgement.GOOD : Judgement.PROBLEM,
                "capability",
                has ? "CAP_NET_ADMIN" : "no CAP_NET_ADMIN",
                has ? "" : "every command to IPVS will be refused; run as root or grant that capability");
    }

    private void userNamespace() {
        Optional<String> map = read("self/uid_map").map(text -> text.replaceAll("\\s+", " "));
        boolean whole = map.isPresent() && map.get().equals(WHOLE_USER_NAMESPACE);
        Judgement otherwise = map.isPresent() ? Judgement.PROBLEM : Judgement.NOTE;
        add(
                whole ? Judgement.GOOD : otherwise,
                "user namespace",
                whole ? "the initial one" : map.isPresent() ? "not the initial one" : UNKNOWN,
                whole ? "" : "IPVS wants the capability in the initial user namespace; run outside of any other");
    }

    private void sysctls(int version) {
        sysctl(
                "conn_reuse_mode",
                value -> version < VERSION_OF_REUSE
                        ? value == 0
                                ? ""
                                : "before kernel 5.9 a client that reuses a port may wait a second; set it to 0"
                        : value == 0
                                ? "a client that reuses a port goes to its old destination, also if that takes no new"
                                        + " connections; set it to 1"
                                : "",
                "this kernel cannot choose");
        sysctl(
                "expire_nodest_conn",
                value -> value == 0
                        ? "packets of connections to a deleted destination are dropped until the connections time"
                                + " out; set it to 1 to end these at once"
                        : "",
                "this kernel cannot end connections to a deleted destination");
        sysctl(
                "expire_quiescent_template",
                value -> value == 0
                        ? "a persistent client goes on to be sent to a destination of weight 0; set it to 1 to give it"
                                + " another"
                        : "",
                "this kernel cannot give a persistent client another destination when its own gets weight 0");
        sysctl(
                "conntrack",
                value -> value == 0
                        ? "rules of iptables and nftables that masquerade or look at the state do not see balanced"
                                + " connections; set it to 1 if there are such rules"
                        : "",
                "the kernel is built without CONFIG_IP_VS_NFCT, so that rules that masquerade or look at the state do"
                        + " not see balanced connections");
        sysctl("run_estimation", value -> value == 0 ? "statistics stand still; set it to 1 to have them run" : "", "");
    }

    /** Judges a value in words, none of them for a good one. */
    private interface Rule {
        String judge(long value);
    }

    private void sysctl(String name, Rule rule, String absent) {
        Optional<String> text = read("sys/net/ipv4/vs/" + name);
        if (text.isEmpty()) {
            add(
                    absent.isEmpty() ? Judgement.GOOD : Judgement.NOTE,
                    name,
                    "not there",
                    absent.isEmpty() ? "" : absent + ", or hides its sysctls from this namespace");
            return;
        }
        try {
            String advice = rule.judge(Long.parseLong(text.get()));
            add(advice.isEmpty() ? Judgement.GOOD : Judgement.NOTE, name, text.get(), advice);
        } catch (NumberFormatException e) {
            add(Judgement.NOTE, name, text.get(), "expected a number");
        }
    }

    private void add(Judgement judgement, String subject, String found, String advice) {
        findings.add(new Finding(judgement, subject, found, advice));
    }

    /** Returns what a file says without the space around it, or empty if it cannot be read. */
    private Optional<String> read(String file) {
        try {
            return Optional.of(Files.readString(proc.resolve(file), StandardCharsets.ISO_8859_1)
                    .strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
