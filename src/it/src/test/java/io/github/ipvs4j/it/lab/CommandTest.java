// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Needs no lab. */
class CommandTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    @Test
    void reportsCommandStatusAndOutputOfFailure() {
        assertThatThrownBy(() -> Place.HERE.run("sh", "-c", "echo out; echo wrong >&2; exit 3"))
                .isInstanceOf(CommandFailedException.class)
                .hasMessageContainingAll("status 3 of: sh -c", "out", "wrong");
    }

    @Test
    void feedsInput() {
        assertThat(Place.HERE.feed("b\na\n", "sort")).isEqualTo("a\nb\n");
    }

    @Test
    void findsAwaitedLineBeforeAndAfterItComes() {
        try (BackgroundCommand command = Place.HERE.start("sh", "-c", "echo one; read x; echo two; read y; exit 4")) {
            assertThat(command.awaitLine("one"::equals, SOON)).isEqualTo("one");
            assertThat(command.awaitLine("one"::equals, SOON)).isEqualTo("one");
            command.endInput();
            assertThat(command.awaitLine("two"::equals, SOON)).isEqualTo("two");

            CommandResult end = command.await();

            assertThat(end.status()).isEqualTo(4);
            assertThat(end.output()).isEqualTo("one\ntwo\n");
        }
    }

    @Test
    void saysWhatCameInsteadOfAwaitedLine() {
        try (BackgroundCommand command = Place.HERE.start("sh", "-c", "echo other; exit 0")) {
            assertThatThrownBy(() -> command.awaitLine("wanted"::equals, SOON))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContainingAll("end without the line awaited", "other");
        }
        try (BackgroundCommand command = Place.HERE.start("sleep", "100")) {
            assertThatThrownBy(() -> command.awaitLine("wanted"::equals, Duration.ofMillis(10)))
                    .hasMessageContaining("PT0.01S passed without the line awaited");
        }
    }

    @Test
    void killsCommandWithItsChildrenWhenClosed() {
        BackgroundCommand command = Place.HERE.start("sh", "-c", "sleep 100 & echo $!; wait");
        String child = command.awaitLine(line -> true, SOON);

        command.close();

        assertThat(command.process().isAlive()).isFalse();
        assertThat(ProcessHandle.of(Long.parseLong(child)).filter(ProcessHandle::isAlive))
                .isEmpty();
    }
}
