// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.ipvs.Scheduler;
import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.KernelRejected;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

@Timeout(60)
class KubeProxyTest {
    private final RecordingTarget target = new RecordingTarget();
    private final StringWriter output = new StringWriter();

    @TempDir
    private Path root;

    @Test
    void appliesOnceComparesAndSucceeds() throws IOException {
        write("a.yaml", Manifests.service("web", "10.96.0.20"));

        assertThat(run("--once")).isZero();
        assertThat(target.asked()).containsExactly("put Service default/web", "sync", "resync", "close");
    }

    @Test
    void failsWhenWhatWasAppliedOnceCannotBeComparedAfterwards() {
        target.answering(RecordingTarget.WELL, RecordingTarget.failing("refused"));

        assertThat(run("--once")).isEqualTo(1);
    }

    @Test
    void appliesTheRestOnceAndTellsThatSomethingIsMissing() throws IOException {
        write("a.yaml", Manifests.service("web", "10.96.0.20"));
        write("b.yaml", "a: [");

        assertThat(run("--once")).isEqualTo(1);
        assertThat(target.asked()).containsExactly("put Service default/web", "sync", "close");
    }

    @Test
    void tellsOnceThatTheKernelRefusedSomething() {
        target.answering(RecordingTarget.failing("refused"));

        assertThat(run("--once")).isEqualTo(1);
    }

    @Test
    void removesWhatItHasMadeAndNeedsNoManifestsForThat() {
        assertThat(execute((name, configuration) -> target, "--cleanup", "--hostname-override=a"))
                .isZero();
        assertThat(target.asked()).containsExactly("cleanup", "close");

        target.answering(RecordingTarget.failing("set KUBE-X stays"));
        assertThat(execute((name, configuration) -> target, "--cleanup=true", "--hostname-override=a"))
                .isEqualTo(1);
        assertThat(output).hasToString("kube-proxy: Service default/web: set KUBE-X stays" + System.lineSeparator());
    }

    @Test
    void makesTheSettingsOnly() {
        assertThat(execute((name, configuration) -> target, "--init-only", "--hostname-override=a"))
                .isZero();
        assertThat(target.asked()).containsExactly("prepare", "close");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--cleanup", "--init-only", "--once"})
    void refusesToDoAnythingBesideADryRun(String mode) {
        assertThat(execute((name, configuration) -> target, with(mode, "--dry-run")))
                .isEqualTo(2);
        assertThat(target.asked()).isEmpty();
        assertThat(output.toString()).contains(mode + " and --dry-run cannot be done in one run; choose one of them");
    }

    @Test
    void printsWhatItWouldDoAndWritesNoCopies() throws IOException {
        write("a.yaml", Manifests.service("web", "10.96.0.20"));
        StringWriter printed = new StringWriter();

        int status = KubeProxy.commandLine(new KubeProxy((name, configuration) -> target))
                .setErr(new PrintWriter(output, true))
                .setOut(new PrintWriter(printed, true))
                .execute(with("--dry-run"));

        assertThat(status).isZero();
        assertThat(printed).hasToString("# plan\n");
        assertThat(target.asked()).containsExactly("put Service default/web", "plan", "close");
        assertThat(root.resolve("state")).doesNotExist();
        write("b.yaml", "a: [");
        assertThat(run("--dry-run")).isEqualTo(1);
    }

    @Test
    void letsServicesChooseByAnnotationsOnlyWhereThatIsWanted() {
        List<Boolean> chosen = new ArrayList<>();
        for (String[] arguments : List.of(with("--once"), with("--once", "--service-annotations"))) {
            execute(
                    (name, configuration) -> {
                        chosen.add(configuration.serviceAnnotations());
                        return target;
                    },
                    arguments);
        }

        assertThat(chosen).containsExactly(false, true);
    }

    @Test
    void endsWhenItsConfigurationChangesToBeStartedAnew() throws Exception {
        Path config = Configs.write(root, Configs.HEAD);
        KubeProxy program = new KubeProxy((name, configuration) -> target);
        CompletableFuture<Integer> running =
                CompletableFuture.supplyAsync(() -> start(program, with("--config=" + config)));
        await("sync");

        Files.writeString(config, Configs.HEAD + "hostnameOverride: node-b\n");
        write("a.yaml", Manifests.service("a", "10.96.0.1"));

        assertThat(running.get(30, TimeUnit.SECONDS)).isEqualTo(15);
    }

    @Test
    void passesTheNodeNameOn() {
        StringBuilder nodeName = new StringBuilder();

        execute(
                (name, configuration) -> {
                    nodeName.append(name);
                    return target;
                },
                "--manifests",
                manifests(),
                "--state-dir",
                root.resolve("state").toString(),
                "--hostname-override",
                "Node-A",
                "--once");

        assertThat(nodeName).hasToString("node-a");
    }

    @Test
    void passesTheConfigurationOnAndLetsTheFlagNameTheNode() {
        List<Object> opened = new ArrayList<>();
        Path config =
                Configs.write(root, Configs.HEAD + "hostnameOverride: node-b\nipvs: {scheduler: lc, unknown: 1}\n");

        int status = execute(
                (name, configuration) -> {
                    opened.add(name);
                    opened.add(configuration.ipvs().scheduler());
                    return target;
                },
                with("--config=" + config, "--ipvs-scheduler=sh", "--once"));

        assertThat(status).isZero();
        assertThat(opened).containsExactly("node-a", Scheduler.LEAST_CONNECTION);
    }

    @Test
    void takesTheNameOfTheNodeFromTheFileWhereNoFlagHasOne() {
        StringBuilder nodeName = new StringBuilder();
        Path config = Configs.write(root, Configs.HEAD + "hostnameOverride: Node-B\n");

        execute(
                (name, configuration) -> {
                    nodeName.append(name);
                    return target;
                },
                "--manifests=" + manifests(),
                "--state-dir=" + root.resolve("state"),
                "--config=" + config,
                "--once");

        assertThat(nodeName).hasToString("node-b");
    }

    @Test
    void touchesNothingWhereTheConfigurationIsWrongAndTellsAllOfIt() {
        Path config = Configs.write(root, Configs.HEAD + "mode: nftables\nipvs: {syncPeriod: soon}\n");

        assertThat(run("--config=" + config)).isEqualTo(2);
        assertThat(target.asked()).isEmpty();
        assertThat(output.toString().lines())
                .containsExactlyInAnyOrder(
                        "kube-proxy: " + config + ":3:7: mode: 'nftables' is not what this program does; write ipvs, or"
                                + " run kube-proxy itself",
                        "kube-proxy: " + config + ":4:20: ipvs.syncPeriod: 'soon' is not a span of time; write one such"
                                + " as 30s or 1m30s");
    }

    @Test
    void saysInOneSentenceThatThereIsNoConfigurationFile() {
        assertThat(run("--config=" + root + "/none.yaml")).isEqualTo(2);
        assertThat(output.toString().lines())
                .containsExactly("kube-proxy: " + root + "/none.yaml: there is no such file; correct --config; see"
                        + " kube-proxy --help");
    }

    @Test
    void followsTheFolderUntilItIsToldToEnd() throws Exception {
        write("a.yaml", Manifests.service("a", "10.96.0.1"));
        KubeProxy program = new KubeProxy((name, configuration) -> target);
        CompletableFuture<Integer> running = CompletableFuture.supplyAsync(() -> start(program, arguments()));
        await("sync");

        Path aside = Files.writeString(root.resolve("aside"), Manifests.service("b", "10.96.0.2"));
        Files.move(aside, root.resolve("manifests/b.yaml"), StandardCopyOption.ATOMIC_MOVE);
        await("put Service default/b");
        await("sync");
        write("a.yaml", "broken: [");
        write("b.yaml", Manifests.service("b", "10.96.0.3"));
        await("put Service default/b");
        await("sync");
        Files.delete(root.resolve("manifests/a.yaml"));
        await("remove Service default/a");
        await("sync");

        program.end();
        assertThat(running.get(30, TimeUnit.SECONDS)).isZero();
        assertThat(target.asked()).containsExactly("close");
    }

    @Test
    void endsAtOnceIfItWasToldToBeforeItBegan() {
        KubeProxy program = new KubeProxy((name, configuration) -> target);
        program.end();

        assertThat(start(program, arguments())).isZero();
        assertThat(target.asked()).containsExactly("close");
    }

    @Test
    void saysInOneSentenceWhichModuleIsMissing() {
        int status = execute(
                (name, configuration) -> {
                    throw new KernelRejected("look up IPVS", Errno.ENOENT, Optional.empty(), "load\nip_vs");
                },
                arguments());

        assertThat(status).isEqualTo(11);
        assertThat(output).hasToString("kube-proxy: look up IPVS: ENOENT: load ip_vs" + System.lineSeparator());
    }

    @Test
    void saysInOneSentenceWhatIsWrongWithTheArguments() {
        assertThat(execute((name, configuration) -> target)).isEqualTo(2);
        assertThat(execute((name, configuration) -> target, "--manifests", root + "/nowhere"))
                .isEqualTo(2);
        assertThat(execute((name, configuration) -> target, "--manifests", ".", "--bogus"))
                .isEqualTo(2);
        assertThat(output.toString().lines())
                .containsExactly(
                        "kube-proxy: Missing required option: '--manifests=DIR'; see kube-proxy --help",
                        "kube-proxy: --manifests: " + root + "/nowhere is not a folder; create it, or name another; see"
                                + " kube-proxy --help",
                        "kube-proxy: Unknown option: '--bogus'; see kube-proxy --help");
    }

    @Test
    void saysInOneSentenceThatItIsFaulty() {
        int status = execute(
                (name, configuration) -> {
                    throw new IllegalStateException("boom");
                },
                arguments());

        assertThat(status).isEqualTo(70);
        assertThat(output.toString().lines())
                .containsExactly(
                        "kube-proxy: a fault of this program: java.lang.IllegalStateException: boom; run it with"
                                + " -v 4 to see where, and report it");
    }

    @Test
    void explainsItsOptionsAndExitStatus() {
        StringWriter help = new StringWriter();
        CommandLine commandLine = KubeProxy.commandLine(new KubeProxy((name, configuration) -> target));
        commandLine.setOut(new PrintWriter(help, true));

        assertThat(commandLine.execute("--help")).isZero();
        assertThat(help.toString())
                .contains("--manifests=DIR", "--hostname-override=NODE", "--once", "-v, --v=N", "/run/ipvs4j")
                .contains("  2 ", "  10 ", "  11 ", "  12 ", "  13 ", "  70 ");
    }

    private String[] arguments() {
        return new String[] {
            "--manifests",
            manifests(),
            "--state-dir",
            root.resolve("state").toString(),
            "--hostname-override=node-a",
            "-v0"
        };
    }

    private int run(String option) {
        return execute((name, configuration) -> target, with(option));
    }

    private String[] with(String... options) {
        return Stream.concat(Stream.of(arguments()), Stream.of(options)).toArray(String[]::new);
    }

    private int execute(Targets targets, String... arguments) {
        return start(new KubeProxy(targets), arguments);
    }

    private int start(KubeProxy program, String... arguments) {
        return KubeProxy.commandLine(program)
                .setErr(new PrintWriter(output, true))
                .execute(arguments);
    }

    private void await(String call) throws InterruptedException {
        String seen = "";
        while (!call.equals(seen)) {
            seen = target.calls.poll(30, TimeUnit.SECONDS);
            assertThat(seen).as("waiting for " + call).isNotNull();
        }
    }

    private String manifests() {
        Path folder = root.resolve("manifests");
        try {
            return Files.createDirectories(folder).toString();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(Path.of(manifests()).resolve(name), text);
    }
}
