// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import static io.github.ipvs4j.reconciler.Samples.local;
import static io.github.ipvs4j.reconciler.Samples.name;
import static io.github.ipvs4j.reconciler.Samples.remote;
import static io.github.ipvs4j.reconciler.Samples.service;
import static io.github.ipvs4j.reconciler.Samples.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the owner, listeners and the flight recorder are told of syncs. */
class ReportTest {
    private final List<String> told = new ArrayList<>();

    @TempDir
    private Path root;

    private SimulatedNode node;
    private Reconciler reconciler;

    @BeforeEach
    void open() throws IOException {
        node = new SimulatedNode(root.resolve("proc"));
        reconciler = node.settings().listener(new Diary()).open();
    }

    @AfterEach
    void close() {
        reconciler.close();
        node.kernel.assertQuiescent();
    }

    /** Writes down what it is told. */
    private final class Diary implements SyncListener {
        @Override
        public void serviceChanged() {
            told.add("service");
        }

        @Override
        public void endpointsChanged() {
            told.add("endpoints");
        }

        @Override
        public void began(SyncCause cause) {
            told.add("began " + cause);
        }

        @Override
        public void ended(SyncReport report) {
            told.add("ended " + report.cause() + " " + report.services());
        }
    }

    @Test
    void tellsWhatWasChangedAndWhy() {
        reconciler.put(service("web", "10.96.0.1").build());
        reconciler.put(slice("web", local("10.244.1.5")));

        SyncReport first = reconciler.sync();

        assertThat(first.cause()).isEqualTo(SyncCause.START);
        assertThat(first.services()).isOne();
        assertThat(first.changes())
                .containsEntry(ChangeKind.VIRTUAL_SERVER, 1)
                .containsEntry(ChangeKind.DESTINATION, 1)
                .containsEntry(ChangeKind.ADDRESS, 2)
                .containsEntry(ChangeKind.SET, 34)
                .containsEntry(ChangeKind.SET_ENTRY, 3)
                .containsEntry(ChangeKind.RULES, 2)
                .containsEntry(ChangeKind.SETTING, 4)
                .doesNotContainKey(ChangeKind.FLOW);
        assertThat(first.changed()).isEqualTo(47);
        assertThat(first.families()).containsOnlyKeys(IpFamily.IPV4, IpFamily.IPV6);

        reconciler.put(slice("web", local("10.244.1.5"), remote("10.244.2.5")));
        SyncReport second = reconciler.sync();
        assertThat(second.cause()).isEqualTo(SyncCause.CHANGES);
        assertThat(second.services()).isOne();
        assertThat(second.changes()).isEqualTo(Map.of(ChangeKind.DESTINATION, 1));

        assertThat(reconciler.resync().cause()).isEqualTo(SyncCause.COMPARISON);
        assertThat(reconciler.drain().cause()).isEqualTo(SyncCause.DRAIN);
    }

    @Test
    void tellsThatTheKernelWasReadAnewAfterAnAnswerWasLost() {
        reconciler.sync();
        reconciler.put(service("web", "10.96.0.1").build());
        node.kernel.faults(NetlinkProtocol.NETFILTER).overrunAtReply(1);
        reconciler.sync();
        node.pass(Duration.ofMinutes(1));

        assertThat(reconciler.sync().cause()).isEqualTo(SyncCause.DOUBT);
    }

    @Test
    void tellsListenersOfChangesOnlyAndOfEverySync() {
        reconciler.put(service("web", "10.96.0.1").build());
        reconciler.put(service("web", "10.96.0.1").build());
        reconciler.put(slice("web", local("10.244.1.5")));
        reconciler.put(slice("web", local("10.244.1.5")));
        reconciler.put(slice("web", local("10.244.1.6")));
        reconciler.removeService(name("other"));
        reconciler.sync();
        reconciler.removeEndpointSlice(name("web-1-IPV4"));
        reconciler.removeService(name("web"));
        reconciler.removeService(name("web"));
        reconciler.sync();
        reconciler.drain();

        assertThat(told)
                .containsExactly(
                        "service",
                        "endpoints",
                        "endpoints",
                        "began START",
                        "ended START 1",
                        "endpoints",
                        "service",
                        "began CHANGES",
                        "ended CHANGES 1",
                        "began DRAIN",
                        "ended DRAIN 0");
    }

    @Test
    void tellsWhichFamilysRulesFailed() {
        reconciler.put(service("web", "10.96.0.1").build());
        node.iptables.breakRestore(true);

        SyncReport failed = reconciler.sync();

        assertThat(failed.reachedAll()).isFalse();
        assertThat(failed.families())
                .allSatisfy((family, part) -> assertThat(part.rulesFailed()).isTrue());
        node.iptables.breakRestore(false);
        node.pass(Duration.ofMinutes(1));
        assertThat(reconciler.sync().families())
                .allSatisfy((family, part) -> assertThat(part.rulesFailed()).isFalse());
    }

    @Test
    void knowsNoFamilyBeforeTheKernelCouldBeRead() {
        node.kernel.faults(NetlinkProtocol.ROUTE).failRequest(1, Errno.EBUSY);

        SyncReport report = reconciler.sync();

        assertThat(report.succeeded()).isFalse();
        assertThat(report.reachedAll()).isFalse();
    }

    @Test
    void countsServicesThatHaveNoEndpointHere() {
        reconciler.put(
                service("web", "10.96.0.1").internalPolicy(TrafficPolicy.LOCAL).build());
        reconciler.put(slice("web", remote("10.244.2.5")));

        assertThat(reconciler.sync().families().get(IpFamily.IPV4)).isEqualTo(new SyncReport.OfFamily(false, 0, 1, 0));
        reconciler.put(slice("web", local("10.244.1.5")));
        assertThat(reconciler.sync().families().get(IpFamily.IPV4)).isEqualTo(new SyncReport.OfFamily(false, 0, 0, 0));
    }

    @Test
    void isShownByTheFlightRecorder() throws IOException {
        Path file = root.resolve("sync.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("io.github.ipvs4j.Sync").withoutThreshold();
            recording.start();
            reconciler.put(service("bad", "10.96.0.1").build());
            reconciler.put(slice("bad", remote("255.255.255.255"), remote("10.244.2.5")));
            reconciler.sync();
            recording.stop();
            recording.dump(file);
        }

        RecordedEvent event = RecordingFile.readAllEvents(file).get(0);
        assertThat(event.getEventType().getName()).isEqualTo("io.github.ipvs4j.Sync");
        assertThat(event.getString("cause")).isEqualTo("START");
        assertThat(event.getInt("services")).isOne();
        assertThat(event.getInt("changes")).isPositive();
        assertThat(event.getInt("draining")).isZero();
        assertThat(event.getInt("failures")).isOne();
        assertThat(event.getString("firstFailure"))
                .startsWith("Service default/bad: ")
                .contains("255.255.255.255");
        assertThat(event.getDuration()).isPositive();
    }
}
