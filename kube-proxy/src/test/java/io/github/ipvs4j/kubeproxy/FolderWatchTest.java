// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Waits on a real folder; only a wait that ends by an event ends within the time limit of the tests. */
@Timeout(60)
class FolderWatchTest {
    private static final Duration FOR_EVER = Duration.ofHours(1);

    @TempDir
    private Path root;

    @Test
    void endsTheWaitWhenAFileAppearsChangesOrGoes() throws IOException {
        Path file = root.resolve("a.yaml");
        try (FolderWatch watch = new FolderWatch(root)) {
            Files.writeString(file, "a");
            assertThat(watch.await(FOR_EVER)).isTrue();
            Files.writeString(file, "b");
            assertThat(watch.await(FOR_EVER)).isTrue();
            Files.delete(file);
            assertThat(watch.await(FOR_EVER)).isTrue();
        }
    }

    @Test
    void endsTheWaitWhenAFileIsRenamedIntoPlace() throws IOException {
        Path beside = Files.createDirectory(root.resolve("beside"));
        Path folder = Files.createDirectory(root.resolve("folder"));
        Files.writeString(folder.resolve("a.yaml"), "old");
        try (FolderWatch watch = new FolderWatch(folder)) {
            Files.writeString(beside.resolve("a.yaml"), "new");
            Files.move(beside.resolve("a.yaml"), folder.resolve("a.yaml"), StandardCopyOption.ATOMIC_MOVE);

            assertThat(watch.await(FOR_EVER)).isTrue();
        }
    }

    @Test
    void endsTheWaitByItsLimitWhenNothingHappens() {
        try (FolderWatch watch = new FolderWatch(root)) {
            assertThat(watch.await(Duration.ofMillis(10))).isTrue();
        }
    }

    @Test
    void watchesTheFolderThatTookThePlaceOfTheFirst() throws IOException {
        Path folder = Files.createDirectory(root.resolve("folder"));
        Path next = Files.createDirectory(root.resolve("next"));
        try (FolderWatch watch = new FolderWatch(folder)) {
            Files.move(folder, root.resolve("aside"));
            Files.move(next, folder);
            watch.await(Duration.ofMillis(10));
            Files.writeString(folder.resolve("a.yaml"), "a");

            assertThat(watch.await(FOR_EVER)).isTrue();
        }
    }

    @Test
    void waitsForAFolderThatIsGone() throws IOException {
        Path folder = Files.createDirectory(root.resolve("folder"));
        try (FolderWatch watch = new FolderWatch(folder)) {
            Files.delete(folder);
            watch.await(Duration.ofSeconds(1));
            Files.createDirectory(folder);
            watch.await(Duration.ofMillis(10));
            Files.writeString(folder.resolve("a.yaml"), "a");

            assertThat(watch.await(FOR_EVER)).isTrue();
        }
    }

    @Test
    void endsTheWaitWhenItIsClosed() throws Exception {
        FolderWatch watch = new FolderWatch(root);
        FutureTask<Boolean> waiting = new FutureTask<>(() -> watch.await(FOR_EVER));
        Thread waiter = new Thread(waiting);
        waiter.start();
        while (waiter.getState() != Thread.State.TIMED_WAITING && waiter.isAlive()) {
            Thread.onSpinWait();
        }
        watch.close();

        assertThat(waiting.get(30, TimeUnit.SECONDS)).isFalse();
        assertThat(watch.await(FOR_EVER)).isFalse();
    }
}
