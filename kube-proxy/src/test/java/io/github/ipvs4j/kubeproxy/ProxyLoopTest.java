// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.reconciler.SyncReport;
import io.github.ipvs4j.reconciler.SyncTiming;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProxyLoopTest {
    private static final SyncTiming TIMING = SyncTiming.defaults().withMinPeriod(Duration.ZERO);

    private final RecordingTarget target = new RecordingTarget();

    /** Begins where the clock of the system may: just before it overflows. */
    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);

    @TempDir
    private Path root;

    private Path folder;
    private ProxyLoop loop;

    @BeforeEach
    void open() throws IOException {
        folder = Files.createDirectory(root.resolve("manifests"));
        ManifestSource source = new ManifestSource(folder, LastGood.in(root.resolve("state"), folder));
        loop = new ProxyLoop(source, target, TIMING, clock::get);
    }

    @Test
    void syncsOnceThoughThereIsNothing() {
        assertThat(loop.turn()).isTrue();
        assertThat(target.asked()).containsExactly("sync");
        assertThat(loop.turn()).isTrue();
        assertThat(target.asked()).isEmpty();
    }

    @Test
    void handsOnWhatChanged() throws IOException {
        write(
                "a.yaml",
                Manifests.service("web", "10.96.0.20") + "---\n" + Manifests.slice("web-1", "web", "10.244.1.1"));
        loop.turn();
        assertThat(target.asked())
                .containsExactly("put Service default/web", "put EndpointSlice default/web-1", "sync");

        write("a.yaml", Manifests.service("web", "10.96.0.21"));
        loop.turn();
        assertThat(target.asked())
                .containsExactly("put Service default/web", "remove EndpointSlice default/web-1", "sync");
    }

    @Test
    void isNotWellWhileAFileIsBroken() throws IOException {
        write("a.yaml", Manifests.service("web", "10.96.0.20"));
        write("b.yaml", "a: [");
        assertThat(loop.turn()).isFalse();
        assertThat(target.asked()).containsExactly("put Service default/web", "sync");

        Files.delete(folder.resolve("b.yaml"));
        assertThat(loop.turn()).isTrue();
        assertThat(target.asked()).isEmpty();
    }

    @Test
    void isNotWellWhileTheFolderIsGone() throws IOException {
        loop.turn();
        Files.delete(folder);

        assertThat(loop.turn()).isFalse();
        Files.createDirectory(folder);
        assertThat(loop.turn()).isTrue();
    }

    @Test
    void asksNothingOfTheTargetUntilTheFolderCouldBeListed() throws IOException {
        Files.delete(folder);
        assertThat(loop.turn()).isFalse();
        pass(TIMING.period().plusSeconds(1));
        assertThat(target.asked()).isEmpty();
        assertThat(loop.nextWait()).isEqualTo(ProxyLoop.RESCAN);

        Files.createDirectory(folder);
        write("a.yaml", Manifests.service("a", "10.96.0.1"));
        assertThat(loop.turn()).isTrue();
        assertThat(target.asked()).containsExactly("put Service default/a", "sync");
    }

    @Test
    void repairsThoughTheFolderIsGoneSinceItWasListed() throws IOException {
        loop.turn();
        Files.delete(folder);
        target.asked();

        pass(TIMING.period());

        assertThat(target.asked()).containsExactly("resync");
    }

    @Test
    void triesAgainWhatFailedThoughDestinationsWereDrainedSince() {
        SyncReport failing = RecordingTarget.failingWhileDraining("a");
        target.answering(failing, failing, RecordingTarget.DRAINING, RecordingTarget.WELL);
        loop.turn();
        clock.addAndGet(ProxyLoop.RESCAN.toNanos());
        target.asked();

        assertThat(loop.turn()).isFalse();

        assertThat(target.asked()).containsExactly("sync", "drain");
        assertThat(loop.nextWait()).isEqualTo(Duration.ofSeconds(2));
        clock.addAndGet(loop.nextWait().toNanos());
        assertThat(loop.turn()).isTrue();
        assertThat(target.asked()).containsExactly("sync");
    }

    @Test
    void triesAgainWhereDestinationsCouldNotBeDrainedAndPutsOffNoOtherRetry() {
        SyncReport failing = RecordingTarget.failingWhileDraining("a");
        target.answering(failing, failing, RecordingTarget.failingWhileDraining("b"), RecordingTarget.failing("b"));
        loop.turn();
        clock.addAndGet(ProxyLoop.RESCAN.toNanos());
        assertThat(loop.turn()).isFalse();
        assertThat(loop.nextWait()).isEqualTo(Duration.ofSeconds(2));
        clock.addAndGet(loop.nextWait().toNanos());
        assertThat(loop.turn()).isFalse();
        assertThat(loop.nextWait()).isEqualTo(Duration.ofSeconds(4));
    }

    @Test
    void triesAgainSoonWhereOnlyDrainingFailed() {
        target.answering(RecordingTarget.DRAINING, RecordingTarget.failingWhileDraining("b"), RecordingTarget.WELL);
        loop.turn();
        clock.addAndGet(ProxyLoop.RESCAN.toNanos());
        assertThat(loop.turn()).isFalse();
        assertThat(loop.nextWait()).isEqualTo(TIMING.firstRetry());
        clock.addAndGet(loop.nextWait().toNanos());
        assertThat(loop.turn()).isTrue();
        assertThat(target.asked()).containsExactly("sync", "drain", "sync");
    }

    @Test
    void triesAgainWhatFailedAfterLongerAndLongerTimes() {
        target.answering(
                RecordingTarget.failing("a"),
                RecordingTarget.failing("a"),
                RecordingTarget.failing("a"),
                RecordingTarget.WELL);
        assertThat(loop.turn()).isFalse();
        assertThat(target.asked()).containsExactly("sync");

        List<Duration> waits = new ArrayList<>();
        while (!loop.turn()) {
            waits.add(loop.nextWait());
            assertThat(target.asked()).hasSizeLessThanOrEqualTo(1);
            clock.addAndGet(loop.nextWait().toNanos());
        }

        assertThat(waits).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4));
        // Nothing is due but the next look whether somebody took rules out.
        assertThat(loop.nextWait()).isEqualTo(TIMING.watchPeriod().minusSeconds(7));
    }

    @Test
    void repairsWhatOthersChangedEveryNowAndThen() {
        loop.turn();
        target.asked();
        pass(TIMING.period().minusNanos(1));
        assertThat(target.asked()).isEmpty();
        pass(Duration.ofNanos(1));
        assertThat(target.asked()).containsExactly("resync");
        pass(TIMING.period().minusNanos(1));
        assertThat(target.asked()).isEmpty();
    }

    @Test
    void deletesDrainedDestinationsHoweverOftenManifestsChange() throws IOException {
        target.answering(
                RecordingTarget.DRAINING, RecordingTarget.DRAINING, RecordingTarget.DRAINING, RecordingTarget.WELL);
        loop.turn();
        write("a.yaml", Manifests.service("a", "10.96.0.1"));
        pass(Duration.ofSeconds(9));
        write("a.yaml", Manifests.service("a", "10.96.0.2"));
        target.asked();
        pass(Duration.ofSeconds(1));
        assertThat(target.asked()).containsExactly("put Service default/a", "sync", "drain");
        pass(Duration.ofSeconds(10));
        assertThat(target.asked()).isEmpty();
    }

    @Test
    void followsUntilTheWaitIsOver() throws IOException {
        write("a.yaml", Manifests.service("a", "10.96.0.1"));
        List<Duration> limits = new ArrayList<>();

        loop.follow(limit -> {
            limits.add(limit);
            return limits.size() < 3;
        });

        assertThat(limits).containsOnly(ProxyLoop.RESCAN).hasSize(3);
    }

    private void pass(Duration time) {
        clock.addAndGet(time.toNanos());
        loop.turn();
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }
}
