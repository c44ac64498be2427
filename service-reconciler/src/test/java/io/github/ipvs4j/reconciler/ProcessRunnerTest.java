// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessRunnerTest {
    private final ProcessRunner runner = new ProcessRunner();

    @Test
    void givesTheInputAndReturnsTheOutput() throws IOException {
        String large = "line of some length\n".repeat(20_000);

        assertThat(runner.run(List.of("cat"), large)).isEqualTo(new CommandRunner.Result(0, large, ""));
    }

    @Test
    void returnsStatusAndErrors() throws IOException {
        assertThat(runner.run(List.of("sh", "-c", "echo no >&2; exit 3"), "unread"))
                .isEqualTo(new CommandRunner.Result(3, "", "no\n"));
    }

    @Test
    void saysWhichProgramIsMissing() {
        assertThatThrownBy(() -> runner.run(List.of("no-such-program"), ""))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no-such-program");
    }

    @Test
    void stopsWhenItsThreadIsInterrupted() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> runner.run(List.of("sleep", "60"), ""))
                .isInstanceOf(IOException.class)
                .hasMessage("sleep 60: the thread was interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void goesThroughNsenterIntoANamespaceThatMustBeThere() throws IOException {
        CommandRunner.Result result =
                ProcessRunner.in(Path.of("/run/netns/no-such")).run(List.of("true"), "");

        assertThat(result.status()).isNotZero();
        assertThat(result.errors()).contains("/run/netns/no-such");
    }
}
