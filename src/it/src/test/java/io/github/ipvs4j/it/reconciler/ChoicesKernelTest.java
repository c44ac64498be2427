// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.it.Java;
import io.github.ipvs4j.it.lab.CommandResult;
import io.github.ipvs4j.it.lab.LabTest;
import io.github.ipvs4j.it.lab.NeedsIptables;
import io.github.ipvs4j.it.lab.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program on a real kernel: choices by annotations, what it would do, and what it leaves to others. */
@LabTest
@NeedsIptables
class ChoicesKernelTest {
    private static final String OBJECTS = """
            apiVersion: v1
            kind: Service
            metadata:
              name: web
              annotations:
                ipvs4j.github.io/scheduler: mh
                ipvs4j.github.io/scheduler-options: mh-fallback,mh-port
                ipvs4j.github.io/weights: 10.244.1.5=3, *=0
            spec: {clusterIP: 10.96.0.20, ports: [{port: 80}]}
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}
            addressType: IPv4
            ports: [{port: 8080}]
            endpoints: [{addresses: [10.244.1.5]}, {addresses: [10.244.1.6]}]
            """;

    @TempDir
    private Path folder;

    @Test
    void choosesAsAServiceSaysAndTellsBeforehandWhatItWouldDo() throws IOException {
        write(OBJECTS);
        String servers = """
                -A -t 10.96.0.20:80 -s mh -b mh-fallback,mh-port
                -a -t 10.96.0.20:80 -r 10.244.1.5:8080 -m -w 3
                -a -t 10.96.0.20:80 -r 10.244.1.6:8080 -m -w 0
                """;

        CommandResult plan = run("--dry-run", "--service-annotations");
        assertThat(plan.status()).as(plan.errors()).isZero();
        assertThat(plan.output()).contains("# virtual servers, for ipvsadm -R\n" + servers);
        assertThat(Place.HERE.run("ipvsadm", "-Sn")).isEmpty();
        assertThat(Place.HERE.run("ipset", "save")).isEmpty();

        assertThat(run("--once", "--service-annotations").status()).isZero();
        assertThat(Place.HERE.run("ipvsadm", "-Sn").lines())
                .containsExactlyInAnyOrderElementsOf(servers.lines().toList());
        CommandResult after = run("--dry-run", "--service-annotations");
        assertThat(after.status()).as(after.errors()).isZero();
        assertThat(after.output()).isEmpty();
    }

    @Test
    void leavesAVirtualServerOfOthersAsItIsAndSaysSo() throws IOException {
        write(OBJECTS);
        Place.HERE.run("ipvsadm", "-A", "-t", "10.96.0.20:80", "-s", "wlc");

        CommandResult result = run("--once");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.errors()).contains("Service default/web: virtual server tcp 10.96.0.20:80 is there already");
        assertThat(Place.HERE.run("ipvsadm", "-Sn").strip()).isEqualTo("-A -t 10.96.0.20:80 -s wlc");
        assertThat(run("--cleanup").status()).isZero();
        assertThat(Place.HERE.run("ipvsadm", "-Sn").strip()).isEqualTo("-A -t 10.96.0.20:80 -s wlc");
        assertThat(Place.HERE.run("ipset", "save")).isEmpty();
    }

    private void write(String objects) throws IOException {
        Files.writeString(Files.createDirectories(folder.resolve("manifests")).resolve("web.yaml"), objects);
    }

    private CommandResult run(String... options) {
        return Place.HERE.attempt(Java.kubeProxy(Stream.concat(
                        Stream.of(
                                "--manifests",
                                folder.resolve("manifests").toString(),
                                "--hostname-override",
                                "node-a",
                                "--state-dir",
                                folder.resolve("state").toString()),
                        Stream.of(options))
                .toArray(String[]::new)));
    }
}
