// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.KernelRejected;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Timeout(60)
class KubeProxyTest {
    private final RecordingTarget target = new RecordingTarget();
    private final StringWriter output = new StringWriter();

    @TempDir
    private Path root;

    @Test
    void appliesOnceAndSucceeds() throws IOException {
        write("a.yaml", Manifests.service("web", "10.96.0.20"));

        assertThat(run("--once")).isZero();
        assertThat(target.asked()).containsExactly("put Service default/web", "sync", "close");
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
    void passesTheNodeNameOn() {
        StringBuilder nodeName = new StringBuilder();

        execute(
                name -> {
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
    void followsTheFolderUntilItIsToldToEnd() throws Exception {
        write("a.yaml", Manifests.service("a", "10.96.0.1"));
        KubeProxy program = new KubeProxy(name -> target);
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
        KubeProxy program = new KubeProxy(name -> target);
        program.end();

        assertThat(start(program, arguments())).isZero();
        assertThat(target.asked()).containsExactly("close");
    }

    @Test
    void saysInOneSentenceWhichModuleIsMissing() {
        int status = execute(
                name -> {
                    throw new KernelRejected("look up IPVS", Errno.ENOENT, Optional.empty(), "load\nip_vs");
                },
                arguments());

        assertThat(status).isEqualTo(11);
        assertThat(output).hasToString("kube-proxy: look up IPVS: ENOENT: load ip_vs" + System.lineSeparator());
    }

    @Test
    void saysInOneSentenceWhatIsWrongWithTheArguments() {
        assertThat(execute(name -> target)).isEqualTo(2);
        assertThat(execute(name -> target, "--manifests", root + "/nowhere")).isEqualTo(2);
        assertThat(execute(name -> target, "--manifests", ".", "--bogus")).isEqualTo(2);
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
                name -> {
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
        CommandLine commandLine = KubeProxy.commandLine(new KubeProxy(name -> target));
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
        String[] arguments = java.util.Arrays.copyOf(arguments(), arguments().length + 1);
        arguments[arguments.length - 1] = option;
        return execute(name -> target, arguments);
    }

    private int execute(Function<String, Target> targets, String... arguments) {
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
