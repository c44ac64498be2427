// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.reconciler.CommandRunner;
import io.github.ipvs4j.testkit.SimulatedKernel;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From manifests to the state of a kernel, which is simulated. */
class SimulatedNodeTest {
    @TempDir
    private Path root;

    private Path folder;
    private Path proc;
    private Runnable beforeOpening = () -> {};

    @BeforeEach
    void prepare() throws IOException {
        folder = Files.createDirectory(root.resolve("manifests"));
        proc = root.resolve("proc");
        for (String key : List.of(
                "kernel/osrelease",
                "net/ipv4/vs/conntrack",
                "net/ipv4/vs/expire_nodest_conn",
                "net/ipv4/vs/expire_quiescent_template",
                "net/ipv4/ip_forward")) {
            Path file = proc.resolve("sys").resolve(key);
            Files.createDirectories(file.getParent());
            Files.writeString(file, key.startsWith("kernel") ? "6.1.0\n" : "0\n");
        }
    }

    @Test
    void turnsManifestsIntoVirtualServers() throws IOException {
        SimulatedKernel kernel = SimulatedKernel.create();
        write("service.yaml", Manifests.service("web", "10.96.0.20"));
        write("slice.json", """
                {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
                 "metadata": {"name": "web-1", "labels": {"kubernetes.io/service-name": "web"}},
                 "ports": [{"port": 8080}], "endpoints": [{"addresses": ["10.244.1.11"]}]}
                """);

        assertThat(run(kernel)).isZero();
        assertThat(kernel.ipvs().save())
                .isEqualTo("-A -t 10.96.0.20:80 -s rr\n-a -t 10.96.0.20:80 -r 10.244.1.11:8080 -m -w 1\n");
        kernel.assertQuiescent();
    }

    @Test
    void leavesTheKernelAsItIsWhereFilesBroke() throws IOException {
        SimulatedKernel kernel = SimulatedKernel.create();
        write("a.yaml", Manifests.service("a", "10.96.0.1"));
        write("b.yaml", Manifests.service("b", "10.96.0.2"));
        run(kernel);
        write("a.yaml", "broken: [");
        Files.delete(folder.resolve("b.yaml"));
        write("c.yaml", Manifests.service("c", "10.96.0.3"));

        assertThat(run(kernel)).isEqualTo(1);
        assertThat(kernel.ipvs().save().lines())
                .containsExactlyInAnyOrder("-A -t 10.96.0.1:80 -s rr", "-A -t 10.96.0.3:80 -s rr");
        kernel.assertQuiescent();
    }

    @Test
    void leavesTheKernelAsItIsWhereTheFolderCannotBeListed() throws IOException {
        SimulatedKernel kernel = SimulatedKernel.create();
        write("a.yaml", Manifests.service("a", "10.96.0.1"));
        assertThat(run(kernel)).isZero();
        beforeOpening = () -> folder.toFile().renameTo(root.resolve("elsewhere").toFile());

        assertThat(run(kernel)).isEqualTo(1);
        assertThat(kernel.ipvs().save()).isEqualTo("-A -t 10.96.0.1:80 -s rr\n");
        kernel.assertQuiescent();
    }

    @Test
    void tellsByItsExitStatusWhatTheNodeLacks() {
        assertThat(run(SimulatedKernel.builder().withoutModule("ip_vs").build()))
                .isEqualTo(11);
        assertThat(run(SimulatedKernel.builder().withoutModule("ip_set").build()))
                .isEqualTo(11);
        assertThat(run(SimulatedKernel.builder().withoutCapability().build())).isEqualTo(12);
    }

    private int run(SimulatedKernel kernel) {
        KubeProxy program = new KubeProxy((node, configuration) -> {
            beforeOpening.run();
            return new ReconcilerTarget(ReconcilerTarget.prepare(node, configuration)
                    .transport(kernel.transports())
                    .commands((command, input) -> new CommandRunner.Result(0, "", ""))
                    .proc(proc)
                    .open());
        });
        return KubeProxy.commandLine(program)
                .setErr(new PrintWriter(new StringWriter()))
                .execute(
                        "--manifests=" + folder,
                        "--state-dir=" + root.resolve("state"),
                        "--hostname-override=node-a",
                        "--once");
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }
}
