// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreparationTest {
    @TempDir
    private Path proc;

    private KernelSettings settings = KernelSettings.files(Path.of("unset"));

    @BeforeEach
    void prepare() throws IOException {
        settings = KernelSettings.files(proc);
        write("kernel/osrelease", "6.1.0-21-amd64");
        write("net/ipv4/ip_forward", "0");
        for (String key : List.of("conntrack", "conn_reuse_mode", "expire_nodest_conn", "expire_quiescent_template")) {
            write("net/ipv4/vs/" + key, key.equals("conn_reuse_mode") ? "1" : "0");
        }
    }

    @Test
    void makesTheSettingsThatIpvsNeedsOnceOnly() throws IOException {
        Pass first = new Pass(SyncCause.START);
        assertThat(Preparation.bringSysctls(settings, Samples.SETTINGS, first)).isTrue();

        assertThat(report(first).changed()).isEqualTo(4);
        assertThat(settings.read("net/ipv4/ip_forward")).isEqualTo("1");
        assertThat(settings.read("net/ipv4/vs/conntrack")).isEqualTo("1");
        assertThat(settings.read("net/ipv4/vs/conn_reuse_mode")).isEqualTo("1");
        Pass second = new Pass(SyncCause.START);
        assertThat(Preparation.bringSysctls(settings, Samples.SETTINGS, second)).isTrue();
        assertThat(report(second).changed()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "3.10.0-1160.el7.x86_64, false",
        "4.0.9, false",
        "4.1.0, true",
        "4.18.0-553.el8_10.x86_64, true",
        "5.8.18, true",
        "5.9.0-rc1, false",
        "5.10.0, false",
        "6.1.0, false",
        "unknown, false"
    })
    void switchesTheReuseModeOffOnKernelsThatDropReusedPorts(String kernel, boolean off) {
        assertThat(Preparation.wanted(kernel, Samples.SETTINGS).containsKey("net/ipv4/vs/conn_reuse_mode"))
                .isEqualTo(off);
    }

    @Test
    void reportsASettingThatTheKernelLacksAndMakesTheOthers() throws IOException {
        Files.delete(proc.resolve("sys/net/ipv4/vs/conntrack"));
        Pass pass = new Pass(SyncCause.START);

        assertThat(Preparation.bringSysctls(settings, Samples.SETTINGS, pass)).isFalse();

        assertThat(report(pass).changed()).isEqualTo(3);
        assertThat(report(pass).failures())
                .singleElement()
                .satisfies(failure -> assertThat(failure.reason()).startsWith("setting net.ipv4.vs.conntrack = 1: "));
    }

    @Test
    void reachesTheSettingsOfAnotherNamespaceByCommands() throws IOException {
        // What stands in for the namespace is this machine's /proc, of which something harmless is read.
        KernelSettings commands = KernelSettings.commands(new ProcessRunner());

        assertThat(commands.read("kernel/ostype")).isEqualTo("Linux");
    }

    private static SyncReport report(Pass pass) {
        SyncReport report = pass.report(0, Set.of(), new LocalGaps());
        assertThat(report.took()).isGreaterThan(Duration.ZERO);
        return report;
    }

    private void write(String key, String value) throws IOException {
        Path file = proc.resolve("sys").resolve(key);
        Files.createDirectories(file.getParent());
        Files.writeString(file, value + "\n");
    }
}
