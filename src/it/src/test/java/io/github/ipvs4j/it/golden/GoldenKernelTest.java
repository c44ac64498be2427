// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.it.Java;
import io.github.ipvs4j.it.lab.BackgroundCommand;
import io.github.ipvs4j.it.lab.CommandResult;
import io.github.ipvs4j.it.lab.LabTest;
import io.github.ipvs4j.it.lab.NeedsIptables;
import io.github.ipvs4j.it.lab.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The program, given what kube-proxy 1.36 was given, leaves the state that kube-proxy left: virtual servers, sets,
 * rules of both families, addresses, timeouts and settings, step by step, and when it is stopped and started
 * again. Differences are only those that are named here and in {@code docs/differences.md}.
 */
@LabTest
@NeedsIptables
class GoldenKernelTest {
    private static final String NODE = """
            link add eth0 type dummy
            link add eth1 type dummy
            link add cni0 type bridge
            address add 192.168.100.10/24 dev eth0
            address add fd00:100::10/64 dev eth0 nodad
            address add 172.30.0.10/24 dev eth1
            address add fd00:172::10/64 dev eth1 nodad
            address add 10.244.1.1/24 dev cni0
            address add fd00:10:244:1::1/64 dev cni0 nodad
            link set eth0 up
            link set eth1 up
            link set cni0 up
            """;

    /** What follows from {@code ip_forward}, what modules bring, and what counts and measures. */
    private static final Predicate<String> SIDE_EFFECT = Pattern.compile("net\\.bridge\\..*"
                    + "|net\\.ipv4\\.conf\\..*\\.(forwarding|accept_redirects|send_redirects)"
                    + "|net\\.(ipv4|ipv6)\\.(conf|neigh)\\.kube-ipvs0\\..*"
                    + "|net\\.netfilter\\.nf_conntrack_(count|buckets)|net\\.nf_conntrack_max")
            .asMatchPredicate();

    @TempDir
    private Path folder;

    static Stream<Scenario> scenarios() {
        return Scenario.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scenarios")
    void leavesTheStateThatKubeProxyLeft(Scenario scenario) throws IOException {
        Place.HERE.configure(NODE);
        if (scenario.has("pre.sh")) {
            Place.HERE.run("sh", "-e", scenario.file("pre.sh").toString());
        }
        Map<String, String> before = Recorded.sysctls();
        for (String step : scenario.steps()) {
            apply(scenario, "objects" + step + ".json");
            assertState(scenario, step, before);
        }
        if (scenario.has("expected-stopped")) {
            runUntilItIsStopped(scenario);
            assertState(scenario, "-stopped", before);
        }
        if (scenario.has("expected-restarted")) {
            run(arguments(scenario, "--once"));
            assertState(scenario, "-restarted", before);
        }
        if (scenario.has("expected-after-cleanup")) {
            run("--cleanup", "--hostname-override", "node-a");
            assertState(scenario, "-after-cleanup", before);
        }
    }

    private void apply(Scenario scenario, String objects) throws IOException {
        Files.copy(
                scenario.file(objects),
                Files.createDirectories(manifests()).resolve("objects.json"),
                StandardCopyOption.REPLACE_EXISTING);
        run(arguments(scenario, "--once"));
    }

    private void runUntilItIsStopped(Scenario scenario) {
        try (BackgroundCommand program = Place.HERE.start(Java.kubeProxy(arguments(scenario)))) {
            program.awaitLine(line -> line.contains("ready: "), Duration.ofMinutes(1));
            program.signal("TERM");
            CommandResult end = program.await();
            assertThat(end.status()).as(end.output()).isZero();
        }
    }

    private Path manifests() {
        return folder.resolve("manifests");
    }

    private String[] arguments(Scenario scenario, String... more) {
        return Stream.concat(
                        Stream.of(
                                "--config",
                                scenario.file("config.yaml").toString(),
                                "--manifests",
                                manifests().toString(),
                                "--hostname-override",
                                "node-a",
                                "--state-dir",
                                folder.resolve("state").toString()),
                        Stream.of(more))
                .toArray(String[]::new);
    }

    private static void run(String... arguments) {
        CommandResult program = Place.HERE.attempt(Java.kubeProxy(arguments));
        assertThat(program.status()).as(program.output() + program.errors()).isZero();
    }

    private static void assertState(Scenario scenario, String step, Map<String, String> before) {
        Map<String, List<String>> expected = scenario.expected(step);
        List<String> sysctls = expected.remove("sysctl.txt");
        Map<String, List<String>> actual = Recorded.now();
        actual.keySet().retainAll(expected.keySet());
        SoftAssertions all = new SoftAssertions();
        expected.forEach((file, lines) -> all.assertThat(actual.get(file))
                .as(scenario + step + " " + file)
                .isEqualTo(lines));
        if (sysctls != null) {
            all.assertThat(changed(before)).as(scenario + step + " sysctls").isEqualTo(asMap(sysctls, before));
        }
        all.assertAll();
    }

    /** Returns what was recorded as changed, but what the lab's kernel had that way from the start. */
    private static Map<String, String> asMap(List<String> recorded, Map<String, String> before) {
        Map<String, String> values = new TreeMap<>();
        for (String line : recorded) {
            String[] pair = line.split(" = ", 2);
            if (!SIDE_EFFECT.test(pair[0]) && !pair[1].equals(before.get(pair[0]))) {
                values.put(pair[0], pair[1]);
            }
        }
        return values;
    }

    private static Map<String, String> changed(Map<String, String> before) {
        Map<String, String> changed = Recorded.sysctls();
        changed.entrySet().removeAll(before.entrySet());
        changed.keySet().removeIf(SIDE_EFFECT);
        return changed;
    }
}
