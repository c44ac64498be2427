// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreflightTest {
    @TempDir
    private Path proc;

    @BeforeEach
    void makeAMachineThatIsAsItShouldBe() throws IOException {
        put("sys/kernel/osrelease", "6.1.0-18-amd64\n");
        put(
                "modules",
                "ip_vs_wrr 16384 0 - Live 0x0\nip_vs_ftp 1 0 - Live 0x0\nip_vs_rr 1 2 - Live 0x0\nip_vs 1 4 - x\n");
        put("net/ip_vs", "IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n");
        put("self/status", "Name:\tjava\nCapEff:\t0000000000001000\n");
        put("self/uid_map", "         0          0 4294967295\n");
        put("sys/net/ipv4/vs/conn_reuse_mode", "1\n");
        put("sys/net/ipv4/vs/expire_nodest_conn", "1\n");
        put("sys/net/ipv4/vs/expire_quiescent_template", "1\n");
        put("sys/net/ipv4/vs/conntrack", "1\n");
        put("sys/net/ipv4/vs/run_estimation", "1\n");
    }

    private void put(String file, String text) throws IOException {
        Path path = proc.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private Preflight.Finding finding(String subject) {
        return Preflight.check(proc).findings().stream()
                .filter(finding -> finding.subject().equals(subject))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void printsALineForEachThing() {
        Preflight found = Preflight.check(proc);

        assertThat(found.ready()).isTrue();
        assertThat(found).hasToString("""
                good: kernel: 6.1.0-18-amd64
                good: module: IP Virtual Server version 1.2.1 (size=4096)
                good: schedulers: loaded as modules: rr, wrr; others may be built in, or are loaded when a service \
                asks for them, if the kernel has them
                good: capability: CAP_NET_ADMIN
                good: user namespace: the initial one
                good: conn_reuse_mode: 1
                good: expire_nodest_conn: 1
                good: expire_quiescent_template: 1
                good: conntrack: 1
                good: run_estimation: 1
                """);
    }

    @Test
    void missingModuleIsAProblemWithARemedyAndLeavesTheSysctlsOut() throws IOException {
        Files.delete(proc.resolve("net/ip_vs"));
        put("modules", "");

        Preflight found = Preflight.check(proc);

        assertThat(found.ready()).isFalse();
        assertThat(finding("module"))
                .hasToString("problem: module: the kernel has no IPVS; load the module with 'modprobe ip_vs', or use a"
                        + " kernel built with CONFIG_IP_VS");
        assertThat(finding("schedulers").found()).isEqualTo("none is loaded as a module");
        assertThat(found.toString()).doesNotContain("conntrack");
    }

    @Test
    void loadedModuleWhoseTableIsHiddenIsNoted() throws IOException {
        Files.delete(proc.resolve("net/ip_vs"));

        assertThat(finding("module").judgement()).isEqualTo(Preflight.Judgement.NOTE);
    }

    @Test
    void missingCapabilityIsAProblem() throws IOException {
        put("self/status", "CapEff:\tffffffffffffefff\n");

        assertThat(Preflight.check(proc).ready()).isFalse();
        assertThat(finding("capability"))
                .hasToString("problem: capability: no CAP_NET_ADMIN; every command to IPVS will be refused; run as root"
                        + " or grant that capability");
    }

    @Test
    void otherUserNamespaceIsAProblem() throws IOException {
        put("self/uid_map", "0 1000 1\n");

        assertThat(Preflight.check(proc).ready()).isFalse();
        assertThat(finding("user namespace").found()).isEqualTo("not the initial one");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "5.8.18 | 0 | GOOD | ''",
                "5.8.18 | 1 | NOTE | before kernel 5.9 a client that reuses a port may wait a second; set it to 0",
                "4.19.0 | 1 | NOTE | set it to 0",
                "5.9.0 | 1 | GOOD | ''",
                "5.10.1 | 0 | NOTE | goes to its old destination",
                "6.12.0 | 2 | GOOD | ''",
                "strange | 1 | GOOD | ''",
                "6.1.0 | what | NOTE | expected a number"
            })
    void judgesConnReuseModeByTheKernelsVersion(
            String release, String value, Preflight.Judgement judgement, String advice) throws IOException {
        put("sys/kernel/osrelease", release);
        put("sys/net/ipv4/vs/conn_reuse_mode", value);

        assertThat(finding("conn_reuse_mode").judgement()).isEqualTo(judgement);
        assertThat(finding("conn_reuse_mode").advice()).contains(advice);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "expire_nodest_conn | deleted destination are dropped",
                "expire_quiescent_template | destination of weight 0; set it to 1",
                "conntrack | do not see balanced connections; set it to 1",
                "run_estimation | statistics stand still; set it to 1"
            })
    void notesASysctlThatIsOffAndSaysWhatToDo(String name, String advice) throws IOException {
        put("sys/net/ipv4/vs/" + name, "0\n");

        assertThat(finding(name).judgement()).isEqualTo(Preflight.Judgement.NOTE);
        assertThat(finding(name).advice()).contains(advice);
        assertThat(Preflight.check(proc).ready()).isTrue();
    }

    @Test
    void saysWhatASysctlThatIsNotThereMeans() throws IOException {
        Files.delete(proc.resolve("sys/net/ipv4/vs/conntrack"));
        Files.delete(proc.resolve("sys/net/ipv4/vs/run_estimation"));

        assertThat(finding("conntrack").advice())
                .startsWith("the kernel is built without CONFIG_IP_VS_NFCT")
                .endsWith("or hides its sysctls from this namespace");
        assertThat(finding("run_estimation")).hasToString("good: run_estimation: not there");
    }

    @Test
    void calledOnNothingSaysThatItDoesNotKnow() {
        Preflight found = Preflight.check(proc.resolve("nowhere"));

        assertThat(found.ready()).isFalse();
        assertThat(found.toString())
                .contains("note: kernel: unknown", "note: capability: unknown", "note: user namespace: unknown");
        assertThat(Preflight.check().findings()).isNotEmpty();
    }
}
