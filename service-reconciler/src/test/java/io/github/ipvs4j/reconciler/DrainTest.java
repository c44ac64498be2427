// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import static io.github.ipvs4j.reconciler.Samples.name;
import static io.github.ipvs4j.reconciler.Samples.remote;
import static io.github.ipvs4j.reconciler.Samples.service;
import static io.github.ipvs4j.reconciler.Samples.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.ipvs.DestinationKey;
import io.github.ipvs4j.ipvs.ServiceKey;
import io.github.ipvs4j.ipvs.TransportProtocol;
import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of destinations that are wanted no more. */
class DrainTest {
    private static final ServiceKey WEB = ServiceKey.tcp(IpAddress.of("10.96.0.1"), 80);
    private static final String SERVER = "-A -t 10.96.0.1:80 -s rr";
    private static final String STAYS = "-a -t 10.96.0.1:80 -r 10.244.1.5:8080 -m -w 1";
    private static final String GOES = "-a -t 10.96.0.1:80 -r 10.244.1.6:8080 -m -w 1";
    private static final String DRAINS = "-a -t 10.96.0.1:80 -r 10.244.1.6:8080 -m -w 0";

    @TempDir
    private Path proc;

    private SimulatedNode node;
    private Reconciler reconciler;

    @BeforeEach
    void startWithTwoEndpoints() throws IOException {
        node = new SimulatedNode(proc);
        reconciler = node.start();
        reconciler.put(service("web", "10.96.0.1").build());
        reconciler.put(slice("web", remote("10.244.1.5"), remote("10.244.1.6")));
        reconciler.sync();
        assertThat(node.servers()).containsExactly(SERVER, STAYS, GOES);
    }

    @AfterEach
    void stop() {
        reconciler.close();
        node.kernel.assertQuiescent();
    }

    @Test
    void deletesAnIdleTcpDestinationInTheSameSync() {
        SyncReport report = removeSecond();

        assertThat(node.servers()).containsExactly(SERVER, STAYS);
        assertThat(report.draining()).isZero();
    }

    @Test
    void stopsNewConnectionsBeforeItLooksWhetherAnyAreLeft() {
        List<List<String>> seen = new ArrayList<>();
        node.afterStep(() -> seen.add(node.servers()));

        removeSecond();

        assertThat(seen.get(0)).containsExactly(SERVER, STAYS, DRAINS);
        assertThat(seen.get(seen.size() - 1)).containsExactly(SERVER, STAYS);
    }

    @ParameterizedTest
    @CsvSource({"10, 0", "0, 10", "1, 1"})
    void keepsATcpDestinationAtWeightZeroWhileConnectionsLast(int active, int inactive) {
        connections("10.244.1.6", active, inactive);

        SyncReport report = removeSecond();

        assertThat(node.servers()).containsExactly(SERVER, STAYS, DRAINS);
        assertThat(report.draining()).isOne();
        assertThat(report.succeeded()).isTrue();
        assertThat(reconciler.drain().draining()).isOne();
        assertThat(node.servers()).containsExactly(SERVER, STAYS, DRAINS);
    }

    @Test
    void deletesItWhenItsConnectionsHaveEnded() {
        connections("10.244.1.6", 1, 0);
        removeSecond();
        connections("10.244.1.6", 0, 0);

        SyncReport report = reconciler.drain();

        assertThat(node.servers()).containsExactly(SERVER, STAYS);
        assertThat(report.changed()).isOne();
        assertThat(report.draining()).isZero();
        assertThat(reconciler.drain().changed()).isZero();
    }

    @Test
    void readsNothingIfNothingDrains() {
        node.steps.clear();

        assertThat(reconciler.drain().changed()).isZero();
        assertThat(node.steps).isEmpty();
    }

    @Test
    void givesAnEndpointThatComesBackItsWeightInPlace() {
        connections("10.244.1.6", 1, 0);
        removeSecond();

        reconciler.put(slice("web", remote("10.244.1.5"), remote("10.244.1.6")));
        SyncReport report = reconciler.sync();

        assertThat(report.changed()).isOne();
        assertThat(report.draining()).isZero();
        assertThat(node.servers()).containsExactly(SERVER, STAYS, GOES);
    }

    @Test
    void drainsOnBesideOtherChangesOfTheService() {
        connections("10.244.1.6", 1, 0);
        removeSecond();

        reconciler.put(slice("web", remote("10.244.1.7")));
        reconciler.sync();

        assertThat(node.servers()).containsExactly(SERVER, DRAINS, "-a -t 10.96.0.1:80 -r 10.244.1.7:8080 -m -w 1");
    }

    @Test
    void drainsTheLastEndpointToo() {
        connections("10.244.1.6", 1, 0);

        reconciler.removeEndpointSlice(name("web-1-IPV4"));
        SyncReport report = reconciler.sync();

        assertThat(node.servers()).containsExactly(SERVER, DRAINS);
        assertThat(report.draining()).isOne();
    }

    @Test
    void deletesAVirtualServerThatIsNotWantedAtOnceEvenWhileItDrains() {
        connections("10.244.1.6", 1, 0);
        removeSecond();

        reconciler.removeService(name("web"));
        SyncReport report = reconciler.sync();

        assertThat(node.servers()).isEmpty();
        assertThat(report.draining()).isZero();
    }

    @ParameterizedTest
    @EnumSource(
            value = TransportProtocol.class,
            names = {"UDP", "SCTP"})
    void deletesDestinationsOfOtherProtocolsAtOnce(TransportProtocol protocol) {
        reconciler.put(service("dns", "10.96.0.53")
                .ports(List.of(ServicePort.of("http", protocol, 53)))
                .build());
        reconciler.put(slice("dns", protocol, remote("10.244.1.5"), remote("10.244.1.6")));
        reconciler.sync();
        ServiceKey key = ServiceKey.of(protocol, IpAddress.of("10.96.0.53"), 53);
        node.kernel.ipvs().setConnections(key, new DestinationKey(IpAddress.of("10.244.1.6"), 8080), 10, 10);

        reconciler.put(slice("dns", protocol, remote("10.244.1.5")));
        SyncReport report = reconciler.sync();

        assertThat(report.draining()).isZero();
        assertThat(node.servers()).noneMatch(line -> line.contains("10.96.0.53") && line.contains("10.244.1.6"));
    }

    @Test
    void deletesItWhenItsTimeIsOverThoughConnectionsLast() {
        connections("10.244.1.6", 7, 7);
        removeSecond();
        node.pass(Duration.ofMinutes(15).minusNanos(1));
        assertThat(reconciler.drain().draining()).isOne();
        assertThat(node.servers()).containsExactly(SERVER, STAYS, DRAINS);

        node.pass(Duration.ofNanos(1));
        node.steps.clear();
        SyncReport report = reconciler.drain();

        assertThat(report.draining()).isZero();
        assertThat(report.changed()).isOne();
        assertThat(node.servers()).containsExactly(SERVER, STAYS);
        assertThat(node.steps).as("no counting where it no longer matters").containsExactly("GENERIC");
    }

    @Test
    void keepsEachDestinationItsOwnDeadline() {
        connections("10.244.1.5", 1, 0);
        connections("10.244.1.6", 1, 0);
        removeSecond();
        node.pass(Duration.ofMinutes(10));
        reconciler.removeEndpointSlice(name("web-1-IPV4"));
        assertThat(reconciler.sync().draining()).isEqualTo(2);
        reconciler.resync();
        node.pass(Duration.ofMinutes(5));

        assertThat(reconciler.drain().draining()).isOne();

        assertThat(node.servers()).containsExactly(SERVER, "-a -t 10.96.0.1:80 -r 10.244.1.5:8080 -m -w 0");
    }

    @Test
    void givesAnEndpointThatComesBackAndGoesAgainItsWholeTime() {
        connections("10.244.1.6", 1, 0);
        removeSecond();
        node.pass(Duration.ofMinutes(14));
        reconciler.put(slice("web", remote("10.244.1.5"), remote("10.244.1.6")));
        reconciler.sync();
        removeSecond();
        node.pass(Duration.ofMinutes(14));

        assertThat(reconciler.drain().draining()).isOne();
    }

    @Test
    void endsAfterARestartTooWhenItsTimeIsOver() {
        connections("10.244.1.6", 1, 0);
        removeSecond();
        reconciler.close();

        reconciler = node.start();
        reconciler.put(service("web", "10.96.0.1").build());
        reconciler.put(slice("web", remote("10.244.1.5")));
        assertThat(reconciler.sync().draining()).isOne();
        node.pass(Duration.ofMinutes(15));

        assertThat(reconciler.drain().draining()).isZero();
        assertThat(node.servers()).containsExactly(SERVER, STAYS);
    }

    @Test
    void deletesAtOnceWhereNoTimeIsGiven() {
        connections("10.244.1.6", 1, 0);
        reconciler.close();

        reconciler = node.settings().drainTime(Duration.ZERO).open();
        reconciler.put(service("web", "10.96.0.1").build());
        reconciler.put(slice("web", remote("10.244.1.5")));

        assertThat(reconciler.sync().draining()).isZero();
        assertThat(node.servers()).containsExactly(SERVER, STAYS);
    }

    @Test
    void countsConnectionsOnceForEachVirtualServerHoweverManyDestinationsDrain() {
        Endpoint[] many = IntStream.rangeClosed(1, 50)
                .mapToObj(i -> remote("10.244.3." + i))
                .toArray(Endpoint[]::new);
        reconciler.put(slice("web", many));
        reconciler.sync();
        IntStream.rangeClosed(1, 50).forEach(i -> connections("10.244.3." + i, 1, 0));
        reconciler.put(slice("web", many[0]));
        assertThat(reconciler.sync().draining()).isEqualTo(49);
        node.steps.clear();

        reconciler.drain();

        assertThat(node.steps).containsExactly("GENERIC");
    }

    @Test
    void resumesAfterARestartBothWays() {
        connections("10.244.1.5", 1, 0);
        connections("10.244.1.6", 1, 0);
        reconciler.removeEndpointSlice(name("web-1-IPV4"));
        assertThat(reconciler.sync().draining()).isEqualTo(2);
        reconciler.close();

        reconciler = node.start();
        reconciler.put(service("web", "10.96.0.1").build());
        reconciler.put(slice("web", remote("10.244.1.5")));
        SyncReport report = reconciler.sync();

        assertThat(node.servers()).containsExactly(SERVER, STAYS, DRAINS);
        assertThat(report.changed()).isOne();
        assertThat(report.draining()).isOne();
        connections("10.244.1.6", 0, 0);
        reconciler.drain();
        assertThat(node.servers()).containsExactly(SERVER, STAYS);
    }

    @Test
    void drainsAfterARestartWhatWentMeanwhile() {
        connections("10.244.1.6", 1, 0);
        reconciler.close();

        reconciler = node.start();
        reconciler.put(service("web", "10.96.0.1").build());
        reconciler.put(slice("web", remote("10.244.1.5")));

        assertThat(reconciler.sync().draining()).isOne();
        assertThat(node.servers()).containsExactly(SERVER, STAYS, DRAINS);
    }

    @Test
    void keepsDrainingThroughALookAtTheKernel() {
        connections("10.244.1.6", 1, 0);
        removeSecond();

        SyncReport report = reconciler.resync();

        assertThat(report.changed()).isZero();
        assertThat(report.draining()).isOne();
    }

    @Test
    void triesAgainWhereTheConnectionsCannotBeCounted() {
        connections("10.244.1.6", 1, 0);
        removeSecond();
        connections("10.244.1.6", 0, 0);
        node.kernel.faults(NetlinkProtocol.GENERIC).failRequest(1, Errno.EBUSY);

        SyncReport failed = reconciler.drain();

        assertThat(failed.failures())
                .singleElement()
                .satisfies(failure -> assertThat(failure.service()).contains(name("web")));
        assertThat(reconciler.sync().succeeded()).isTrue();
        assertThat(node.servers()).containsExactly(SERVER, STAYS);
    }

    @Test
    void deletesThoseWhoseTimeIsOverWhereTheConnectionsOfOthersCannotBeCounted() {
        connections("10.244.1.5", 1, 0);
        connections("10.244.1.6", 1, 0);
        removeSecond();
        node.pass(Duration.ofMinutes(14));
        reconciler.put(slice("web", remote("10.244.1.7")));
        reconciler.sync();
        node.pass(Duration.ofMinutes(1));
        node.kernel.faults(NetlinkProtocol.GENERIC).failRequest(1, Errno.EBUSY);

        SyncReport report = reconciler.drain();

        assertThat(report.failures()).hasSize(1);
        assertThat(report.draining()).isOne();
        assertThat(node.servers())
                .containsExactly(
                        SERVER,
                        "-a -t 10.96.0.1:80 -r 10.244.1.5:8080 -m -w 0",
                        "-a -t 10.96.0.1:80 -r 10.244.1.7:8080 -m -w 1");
    }

    private SyncReport removeSecond() {
        reconciler.put(slice("web", remote("10.244.1.5")));
        return reconciler.sync();
    }

    private void connections(String endpoint, int active, int inactive) {
        node.kernel.ipvs().setConnections(WEB, new DestinationKey(IpAddress.of(endpoint), 8080), active, inactive);
    }
}
