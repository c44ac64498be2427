// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import static io.github.ipvs4j.reconciler.Samples.remote;
import static io.github.ipvs4j.reconciler.Samples.service;
import static io.github.ipvs4j.reconciler.Samples.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.ipvs.DestinationKey;
import io.github.ipvs4j.ipvs.ServiceKey;
import io.github.ipvs4j.netlink.IpAddress;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Services choose by annotations. */
class ChoicesTest extends OnSimulatedNode {
    private static final String SCHEDULER = "ipvs4j.github.io/scheduler";
    private static final String OPTIONS = "ipvs4j.github.io/scheduler-options";
    private static final String WEIGHTS = "ipvs4j.github.io/weights";
    private static final String DRAIN_TIME = "ipvs4j.github.io/drain-time";
    private static final ServiceKey WEB = ServiceKey.tcp(IpAddress.of("10.96.0.1"), 80);

    private boolean allowed = true;

    @Override
    ReconcilerBuilder configure(ReconcilerBuilder settings) {
        return settings.serviceAnnotations(allowed);
    }

    @ParameterizedTest
    @CsvSource({
        "wlc, , -s wlc",
        "mh, , -s mh -b mh-port",
        "mh, '', -s mh",
        "mh, 'mh-fallback,mh-port', '-s mh -b mh-fallback,mh-port'",
        "sh, sh-port, -s sh -b sh-port",
        "sh, ' sh-fallback , sh-port ', '-s sh -b sh-fallback,sh-port'"
    })
    void aServiceChoosesItsSchedulerAndTheOptionsOfThat(String scheduler, String options, String printed) {
        put(annotated(options == null ? Map.of(SCHEDULER, scheduler) : Map.of(SCHEDULER, scheduler, OPTIONS, options)));
        put(service("other", "10.96.0.2"));
        sync();

        assertThat(node.servers()).containsExactly("-A -t 10.96.0.1:80 " + printed, "-A -t 10.96.0.2:80 -s rr");
    }

    @Test
    void aServiceChoosesTheWeightsOfItsEndpoints() {
        put(
                annotated(Map.of(WEIGHTS, "10.1.0.1=7, 10.1.0.0/24=3,node:node-b=0 , *=2")),
                slice("web", remote("10.1.0.1"), remote("10.1.0.2"), remote("10.2.0.1"), Samples.local("10.2.0.2")));
        sync();

        assertThat(node.servers())
                .contains(
                        "-a -t 10.96.0.1:80 -r 10.1.0.1:8080 -m -w 7",
                        "-a -t 10.96.0.1:80 -r 10.1.0.2:8080 -m -w 3",
                        "-a -t 10.96.0.1:80 -r 10.2.0.1:8080 -m -w 0",
                        "-a -t 10.96.0.1:80 -r 10.2.0.2:8080 -m -w 2");
    }

    @Test
    void anEndpointOfWeightZeroThatIsWantedIsNotTakenForOneThatDrains() {
        put(annotated(Map.of(WEIGHTS, "10.1.0.1=0")), slice("web", remote("10.1.0.1"), remote("10.1.0.2")));
        assertThat(sync().draining()).isZero();
        restart();
        put(annotated(Map.of(WEIGHTS, "10.1.0.1=0")), slice("web", remote("10.1.0.1"), remote("10.1.0.2")));

        SyncReport report = sync();

        assertThat(report.changed()).isZero();
        assertThat(reconciler.nextDrainDeadline()).isEmpty();
    }

    @Test
    void aChoiceThatChangesIsAppliedInPlace() {
        put(service("web", "10.96.0.1"), slice("web", remote("10.1.0.1")));
        sync();

        put(annotated(Map.of(SCHEDULER, "wrr", WEIGHTS, "*=5")));
        SyncReport report = sync();

        assertThat(report.changes()).isEqualTo(Map.of(ChangeKind.VIRTUAL_SERVER, 1, ChangeKind.DESTINATION, 1));
        assertThat(node.servers())
                .containsExactly("-A -t 10.96.0.1:80 -s wrr", "-a -t 10.96.0.1:80 -r 10.1.0.1:8080 -m -w 5");
    }

    @ParameterizedTest
    @CsvSource({"90s, 90", "1m30s, 90", "1h, 3600"})
    void aServiceChoosesHowLongItsEndpointsDrain(String chosen, int seconds) {
        put(annotated(Map.of(DRAIN_TIME, chosen)), slice("web", remote("10.1.0.1"), remote("10.1.0.2")));
        sync();
        node.kernel.ipvs().setConnections(WEB, new DestinationKey(IpAddress.of("10.1.0.2"), 8080), 1, 0);
        reconciler.put(slice("web", remote("10.1.0.1")));
        sync();

        node.pass(Duration.ofSeconds(seconds - 1));
        assertThat(reconciler.drain().draining()).isOne();
        node.pass(Duration.ofSeconds(1));
        assertThat(reconciler.drain().draining()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "ipvs4j.github.io/scheduler, two words, 'two words'",
        "ipvs4j.github.io/scheduler-options, 'sh-port,fast', fast",
        "ipvs4j.github.io/weights, 10.1.0.1, 10.1.0.1",
        "ipvs4j.github.io/weights, 10.1.0.1=70000, 70000",
        "ipvs4j.github.io/weights, 10.1.0=7, 10.1.0=7",
        "ipvs4j.github.io/scheduler, wrrr, wrrr",
        "ipvs4j.github.io/scheduler, ftp, 'write one of dh, fo, lblc,'",
        "ipvs4j.github.io/scheduler, none, none",
        "ipvs4j.github.io/drain-time, soon, soon",
        "ipvs4j.github.io/drain-time, 24h1s, of a day at most",
        "ipvs4j.github.io/drain-time, 3000000h, 3000000h",
        "ipvs4j.github.io/drain-time, '', ''",
        "ipvs4j.github.io/colour, red, no such choice"
    })
    void whatIsNotUnderstoodIsToldAndCountsAsNotChosen(String annotation, String value, String told) {
        put(annotated(Map.of(annotation, value)), slice("web", remote("10.1.0.1")));

        SyncReport report = reconciler.sync();

        assertThat(report.failures()).singleElement().satisfies(failure -> {
            assertThat(failure.service()).contains(Samples.name("web"));
            assertThat(failure.reason()).contains(annotation, told);
        });
        assertThat(node.servers())
                .containsExactly("-A -t 10.96.0.1:80 -s rr", "-a -t 10.96.0.1:80 -r 10.1.0.1:8080 -m -w 1");
        put(service("web", "10.96.0.1"));
        assertThat(reconciler.sync().failures()).isEmpty();
    }

    @Test
    void annotationsCountForNothingWhereTheyAreNotAllowed() {
        allowed = false;
        restart();
        put(annotated(Map.of(SCHEDULER, "wlc", WEIGHTS, "nonsense")), slice("web", remote("10.1.0.1")));
        sync();

        assertThat(node.servers())
                .containsExactly("-A -t 10.96.0.1:80 -s rr", "-a -t 10.96.0.1:80 -r 10.1.0.1:8080 -m -w 1");
    }

    private static Service.Builder annotated(Map<String, String> annotations) {
        return service("web", "10.96.0.1").annotations(annotations);
    }
}
