// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class HealthTest {
    /** Begins where the clock of the system may: just before it overflows. */
    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);

    private final Health health = new Health(Duration.ofSeconds(60), clock::get);

    @Test
    void isGoodAsLongAsNothingWaits() {
        pass(Duration.ofDays(1));

        assertThat(health.isGood()).isTrue();
    }

    @Test
    void isBadWhileAChangeWaitsLongerThanItMay() {
        health.serviceChanged();
        pass(Duration.ofSeconds(40));
        health.endpointsChanged();
        pass(Duration.ofSeconds(20));
        assertThat(health.isGood()).isTrue();
        pass(Duration.ofNanos(1));
        assertThat(health.isGood()).isFalse();

        sync();
        assertThat(health.isGood()).isTrue();
    }

    @Test
    void doesNotForgetAChangeThatCameDuringASync() {
        health.serviceChanged();
        health.began(SyncCause.CHANGES);
        pass(Duration.ofSeconds(50));
        health.endpointsChanged();
        pass(Duration.ofSeconds(20));
        assertThat(health.isGood()).isFalse();
        health.ended(report(SyncCause.CHANGES));
        assertThat(health.isGood()).isTrue();

        pass(Duration.ofSeconds(41));
        assertThat(health.isGood()).isFalse();
        sync();
        assertThat(health.isGood()).isTrue();
    }

    @Test
    void isNotMadeGoodBySyncsThatDoNotReachAllServices() {
        health.serviceChanged();
        pass(Duration.ofSeconds(61));

        health.began(SyncCause.DRAIN);
        health.ended(report(SyncCause.DRAIN));
        health.began(SyncCause.CHANGES);
        health.ended(report(SyncCause.CHANGES, new SyncReport.Failure(Optional.empty(), "refused")));
        assertThat(health.isGood()).isFalse();

        health.ended(report(SyncCause.CHANGES, new SyncReport.Failure(Optional.of(Samples.name("web")), "refused")));
        assertThat(health.isGood()).isTrue();
    }

    private void sync() {
        health.began(SyncCause.CHANGES);
        health.ended(report(SyncCause.CHANGES));
    }

    private void pass(Duration time) {
        clock.addAndGet(time.toNanos());
    }

    private static SyncReport report(SyncCause cause, SyncReport.Failure... failures) {
        return new SyncReport(cause, 0, Map.of(), 0, List.of(failures), Map.of(), Duration.ZERO);
    }
}
