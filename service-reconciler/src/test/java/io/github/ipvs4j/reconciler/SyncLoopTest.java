// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import static io.github.ipvs4j.reconciler.Samples.remote;
import static io.github.ipvs4j.reconciler.Samples.service;
import static io.github.ipvs4j.reconciler.Samples.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** When a loop does what. */
class SyncLoopTest {
    private static final SyncTiming TIMING = SyncTiming.defaults().withWatchPeriod(Duration.ofSeconds(40));

    private final List<String> done = new ArrayList<>();
    private long now = 5;
    private final SyncLoop loop = new SyncLoop(new Recorder(), TIMING, () -> now);
    private boolean failing;
    private boolean disturbed;
    private int looks;
    private int draining;
    private OptionalLong drainDeadline = OptionalLong.empty();

    private final class Recorder implements SyncLoop.Work {
        @Override
        public SyncReport sync() {
            return report("sync");
        }

        @Override
        public SyncReport resync() {
            return report("compare");
        }

        @Override
        public SyncReport drain() {
            return report("drain");
        }

        @Override
        public OptionalLong nextDrainDeadline() {
            return drainDeadline;
        }

        @Override
        public boolean isDisturbed() {
            looks++;
            return disturbed;
        }

        private SyncReport report(String what) {
            done.add(what);
            List<SyncReport.Failure> failures =
                    failing ? List.of(new SyncReport.Failure(Optional.empty(), "no")) : List.of();
            return new SyncReport(SyncCause.CHANGES, 0, Map.of(), draining, failures, Map.of(), Duration.ZERO);
        }
    }

    @Test
    void doesNothingBeforeAllSourcesHaveLoaded() {
        loop.changed();
        after(Duration.ofHours(1));
        assertThat(done).isEmpty();

        loop.loaded();

        assertThat(loop.untilDue()).isZero();
        after(Duration.ZERO);
        assertThat(done).containsExactly("sync");
    }

    @Test
    void makesOneSyncOfManyChangesAndWaitsAfterTheEndOfTheLast() {
        start();
        loop.changed();
        loop.changed();
        assertThat(loop.untilDue()).isEqualTo(TIMING.minPeriod());
        after(TIMING.minPeriod().minusNanos(1));
        assertThat(done).isEmpty();

        after(Duration.ofNanos(1));
        after(TIMING.minPeriod());

        assertThat(done).containsExactly("sync");
    }

    @Test
    void syncsAtOnceAfterARest() {
        start();
        after(Duration.ofSeconds(10));
        loop.changed();

        assertThat(loop.untilDue()).isZero();
        after(Duration.ZERO);
        assertThat(done).containsExactly("sync");
    }

    @Test
    void comparesWithTheKernelEachPeriodHoweverOftenItSyncsBetween() {
        start();
        for (int i = 0; i < 59; i++) {
            loop.changed();
            after(Duration.ofSeconds(1));
        }
        assertThat(done).hasSize(59).containsOnly("sync");

        after(Duration.ofSeconds(1));

        assertThat(done).last().isEqualTo("compare");
        assertThat(loop.untilDue()).isEqualTo(TIMING.watchPeriod());
        after(TIMING.watchPeriod());
        assertThat(loop.untilDue()).isEqualTo(TIMING.period().minus(TIMING.watchPeriod()));
    }

    @Test
    void comparesSoonWhereSomethingIsSuspected() {
        start();
        loop.suspect();
        loop.changed();

        after(TIMING.minPeriod());
        after(TIMING.minPeriod());

        assertThat(done).containsExactly("compare");
    }

    @Test
    void looksNowAndThenWhetherAnythingWasDisturbedAndElseDoesNothing() {
        start();

        after(TIMING.watchPeriod().minusNanos(1));
        assertThat(looks).isZero();
        after(Duration.ofNanos(1));
        assertThat(looks).isOne();
        after(Duration.ZERO);

        assertThat(looks).isOne();
        assertThat(done).isEmpty();
    }

    @Test
    void comparesAtOnceWhereSomethingIsFoundDisturbed() {
        start();
        disturbed = true;

        after(TIMING.watchPeriod());

        assertThat(done).containsExactly("compare");
        assertThat(loop.untilDue()).isEqualTo(TIMING.watchPeriod());
    }

    @Test
    void whatIsFoundDisturbedRightAfterASyncWaitsForTheMinimumPeriod() {
        start();
        disturbed = true;
        after(TIMING.watchPeriod().minusNanos(1));
        loop.changed();
        after(Duration.ZERO);
        assertThat(done).containsExactly("sync");
        after(Duration.ofNanos(1));
        assertThat(done).containsExactly("sync");

        after(TIMING.minPeriod());

        assertThat(done).containsExactly("sync", "compare");
    }

    @Test
    void triesAgainAfterAGrowingWhileAndForgetsThatWhenItWorked() {
        failing = true;
        start();
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            waits.add(loop.untilDue().toSeconds());
            after(loop.untilDue());
        }
        assertThat(waits).startsWith(1L, 2L, 4L, 8L, 16L).allMatch(seconds -> seconds <= 30);

        failing = false;
        after(Duration.ofMinutes(1));
        failing = true;
        loop.changed();
        after(Duration.ofSeconds(1));

        assertThat(loop.untilDue()).isEqualTo(TIMING.firstRetry());
    }

    @Test
    void drainsWhileAnythingDrainsAndWhenItsTimeIsOver() {
        draining = 2;
        start();
        assertThat(loop.untilDue()).isEqualTo(TIMING.drainPeriod());
        drainDeadline = OptionalLong.of(Duration.ofSeconds(3).toNanos());
        after(TIMING.drainPeriod());
        assertThat(done).containsExactly("drain");
        assertThat(loop.untilDue()).isEqualTo(Duration.ofSeconds(3));
        draining = 0;
        after(Duration.ofSeconds(3));

        after(TIMING.drainPeriod());

        assertThat(done).containsExactly("drain", "drain");
    }

    @Test
    void drainsHoweverOftenItSyncs() {
        draining = 1;
        start();
        for (int i = 0; i < 9; i++) {
            loop.changed();
            after(Duration.ofSeconds(1));
        }
        assertThat(done).hasSize(9).containsOnly("sync");

        after(Duration.ofSeconds(1));

        assertThat(done).last().isEqualTo("drain");
    }

    @Test
    void whatFailedWhileDrainingIsTriedAgain() {
        draining = 1;
        start();
        failing = true;
        after(TIMING.drainPeriod());
        failing = false;

        after(TIMING.firstRetry());

        assertThat(done).containsExactly("drain", "sync");
    }

    @Test
    void waitsAfterADrainThatFailedThoughTheTimeOfADestinationIsOver() {
        draining = 1;
        start();
        failing = true;
        drainDeadline = OptionalLong.of(-1);
        after(TIMING.drainPeriod());

        assertThat(done).containsExactly("drain");
        assertThat(loop.untilDue()).isEqualTo(TIMING.firstRetry());
        after(TIMING.firstRetry().minusNanos(1));
        assertThat(done).containsExactly("drain");
    }

    @Test
    @Timeout(30)
    void runsOnAThreadUntilItIsClosed(@TempDir Path proc) throws IOException, InterruptedException {
        SimulatedNode node = new SimulatedNode(proc);
        try (Reconciler reconciler = node.start()) {
            SyncLoop real = SyncLoop.of(reconciler, TIMING.withMinPeriod(Duration.ZERO));
            CountDownLatch first = new CountDownLatch(1);
            CountDownLatch second = new CountDownLatch(2);
            Thread thread = new Thread(() -> real.run(report -> {
                first.countDown();
                second.countDown();
            }));
            thread.start();
            reconciler.put(service("web", "10.96.0.1").build());
            real.loaded();
            assertThat(first.await(20, TimeUnit.SECONDS)).isTrue();
            reconciler.put(slice("web", remote("10.244.1.5")));
            real.changed();
            assertThat(second.await(20, TimeUnit.SECONDS)).isTrue();
            real.close();
            thread.join();
        }
        assertThat(node.servers()).hasSize(2);
        node.kernel.assertQuiescent();
    }

    @Test
    void refusesTimesThatMakeNoSense() {
        assertThatThrownBy(() -> TIMING.withPeriod(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("period PT0S: expected at least PT0.000000001S");
        assertThatThrownBy(() -> TIMING.withWatchPeriod(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> TIMING.withMinPeriod(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private void start() {
        loop.loaded();
        loop.turn();
        done.clear();
    }

    /** Lets time pass, then does what is due. */
    private void after(Duration time) {
        now += time.toNanos();
        loop.turn();
    }
}
