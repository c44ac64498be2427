// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.ipvs;

import static io.github.ipvs4j.it.lab.Place.HERE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.ipvs.Applied;
import io.github.ipvs4j.ipvs.Change;
import io.github.ipvs4j.ipvs.Destination;
import io.github.ipvs4j.ipvs.Forwarding;
import io.github.ipvs4j.ipvs.Granularity;
import io.github.ipvs4j.ipvs.IpvsClient;
import io.github.ipvs4j.ipvs.IpvsState;
import io.github.ipvs4j.ipvs.IpvsadmScript;
import io.github.ipvs4j.ipvs.OnFailure;
import io.github.ipvs4j.ipvs.Ownership;
import io.github.ipvs4j.ipvs.Plan;
import io.github.ipvs4j.ipvs.Scheduler;
import io.github.ipvs4j.ipvs.ServiceKey;
import io.github.ipvs4j.ipvs.Snapshot;
import io.github.ipvs4j.ipvs.Statistics;
import io.github.ipvs4j.ipvs.SyncDaemon;
import io.github.ipvs4j.ipvs.SyncRole;
import io.github.ipvs4j.ipvs.Timeouts;
import io.github.ipvs4j.ipvs.VirtualServer;
import io.github.ipvs4j.ipvs.VirtualService;
import io.github.ipvs4j.it.lab.LabTest;
import io.github.ipvs4j.netlink.IpAddress;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Every field of the model is written, read back equal, changed in place and read back again, by this library and by
 * {@code ipvsadm}, each of which sees what the other one wrote.
 */
@LabTest
class EveryFieldTest {
    private static final IpAddress WEB_ADDRESS = IpAddress.of("198.18.80.1");
    private static final ServiceKey WEB = ServiceKey.tcp(WEB_ADDRESS, 80);
    private static final VirtualService WEB_RR = VirtualService.of(WEB, Scheduler.ROUND_ROBIN);

    private final IpvsClient ipvs = IpvsClient.open();
    private final ModelFields fields = new ModelFields(schedulers());

    @AfterEach
    void closesClient() {
        ipvs.close();
    }

    /** Returns all schedulers that this kernel has; one of its builds has no twos. */
    private static List<Scheduler> schedulers() {
        return Stream.of(
                        "rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq", "fo", "ovf", "mh", "twos",
                        "none")
                .filter(name -> name.equals("none")
                        || HERE.attempt("modprobe", "-n", "ip_vs_" + name).status() == 0)
                .map(Scheduler::named)
                .toList();
    }

    private IpvsState table() {
        Snapshot snapshot = ipvs.snapshot();
        assertThat(snapshot.consistent()).isTrue();
        return snapshot.state();
    }

    private static IpvsState seenByIpvsadm() {
        return IpvsadmScript.parse(HERE.run("ipvsadm", "-Sn"));
    }

    /** Leaves out what {@code ipvsadm -S} does not print. */
    private static IpvsState withoutThresholds(IpvsState state) {
        return IpvsState.of(state.servers().stream()
                .map(server -> new VirtualServer(
                        server.service(),
                        server.destinations().stream()
                                .map(destination -> destination.withThresholds(0, 0))
                                .toList()))
                .toList());
    }

    private void expect(IpvsState state) {
        assertThat(table()).isEqualTo(state);
        assertThat(seenByIpvsadm()).isEqualTo(withoutThresholds(state));
        List<String> lines =
                HERE.run("ipvsadm", "-Ln", "--thresholds", "--exact").lines().toList();
        for (VirtualServer server : state.servers()) {
            for (Destination destination : server.destinations()) {
                assertThat(lines)
                        .anyMatch(line -> line.matches("  -> \\Q" + destination.key() + "\\E +"
                                + destination.upperThreshold() + " +" + destination.lowerThreshold() + " .*"));
            }
        }
    }

    private Applied reach(IpvsState desired) {
        return ipvs.apply(Plan.between(table(), desired, Ownership.everything()), OnFailure.ROLL_BACK);
    }

    @Test
    void whatWeWriteAndChangeIsReadBackAndSeenByIpvsadm() {
        reach(fields.before());
        expect(fields.before());
        Plan changes = Plan.between(table(), fields.after(), Ownership.everything());
        assertThat(changes.changes())
                .hasSizeGreaterThan(100)
                .allMatch(
                        change -> change instanceof Change.UpdateService || change instanceof Change.UpdateDestination);
        ipvs.apply(changes, OnFailure.ROLL_BACK);
        expect(fields.after());
        ipvs.apply(changes.inverse(), OnFailure.ROLL_BACK);
        expect(fields.before());
        ipvs.flush();
        expect(IpvsState.EMPTY);
    }

    @Test
    void whatIpvsadmWritesAndChangesIsReadByUs() {
        HERE.feed(fields.before().toString(), "ipvsadm", "-R");
        expect(fields.before());
        HERE.feed(
                Plan.between(fields.before(), fields.after(), Ownership.everything())
                        .toString(),
                "ipvsadm",
                "-R");
        expect(fields.after());
        HERE.run("ipvsadm", "-C");
        expect(IpvsState.EMPTY);
    }

    @Test
    void singleVerbsWriteEveryFieldToo() {
        for (VirtualServer server : fields.before().servers()) {
            ipvs.addService(server.service());
            server.destinations().forEach(destination -> ipvs.addDestination(server.key(), destination));
        }
        assertThat(table()).isEqualTo(fields.before());
        for (VirtualServer server : fields.after().servers()) {
            ipvs.updateService(server.service());
            server.destinations().forEach(destination -> ipvs.updateDestination(server.key(), destination));
        }
        assertThat(table()).isEqualTo(fields.after());
    }

    @Test
    void whatIpvsadmHasNoWordsForIsReadBackToo() {
        VirtualService esp = VirtualService.of(new ServiceKey.OtherProtocol(50, WEB_ADDRESS, 0), Scheduler.ROUND_ROBIN);
        VirtualServer odd = VirtualServer.of(
                WEB_RR,
                Destination.of(IpAddress.of("198.18.81.1"), 80, new Forwarding.Unrecognised(1, 0, 0, 0)),
                Destination.of(IpAddress.of("198.18.81.2"), 80, new Forwarding.Unrecognised(4, 0, 0, 0)),
                Destination.of(
                        IpAddress.of("198.18.81.3"),
                        80,
                        new Forwarding.Tunnel(Forwarding.Encapsulation.GRE, 47, Forwarding.Checksum.REMOTE)));
        VirtualService patient = VirtualService.of(ServiceKey.tcp(WEB_ADDRESS, 81), Scheduler.ROUND_ROBIN)
                .withPersistence(Duration.ofSeconds(4_294_967), Granularity.prefix(0));
        IpvsState state = IpvsState.of(VirtualServer.of(esp), odd, VirtualServer.of(patient));
        reach(state);
        assertThat(table()).isEqualTo(state);
        assertThat(HERE.run("ipvsadm", "-Ln")).contains("198.18.81.1:80               Local   1");
        reach(IpvsState.of(VirtualServer.of(esp.withScheduler(Scheduler.LEAST_CONNECTION))));
        assertThat(ipvs.service(esp.key()).orElseThrow().service().scheduler()).isEqualTo(Scheduler.LEAST_CONNECTION);
    }

    @Test
    void timeoutsAndVersionAreThoseOfIpvsadm() {
        Timeouts before = ipvs.timeouts();
        try {
            ipvs.setTimeouts(new Timeouts(Duration.ofSeconds(1000), Duration.ofSeconds(100), Duration.ofSeconds(10)));
            assertThat(HERE.run("ipvsadm", "-Ln", "--timeout")).contains("1000 100 10");
            HERE.run("ipvsadm", "--set", "2000", "0", "20");
            assertThat(ipvs.timeouts())
                    .isEqualTo(new Timeouts(Duration.ofSeconds(2000), Duration.ofSeconds(100), Duration.ofSeconds(20)));
        } finally {
            ipvs.setTimeouts(before);
        }
        ipvs.addService(WEB_RR);
        assertThat(HERE.run("ipvsadm", "-Ln"))
                .startsWith("IP Virtual Server version " + ipvs.info().versionText() + " (size="
                        + ipvs.info().connectionTableSize() + ")");
    }

    @Test
    void daemonsAreThoseOfIpvsadmWithAllTheirFields() {
        HERE.configure("""
                link add lab0 type dummy
                address add 198.18.82.1/24 dev lab0
                address add 2001:db8:82::1/64 dev lab0 nodad
                link set lab0 up
                """);
        SyncDaemon master = SyncDaemon.of(SyncRole.MASTER, "lab0", 7)
                .withMaxLength(1400)
                .withGroup(IpAddress.of("224.0.0.99"))
                .withPort(9000)
                .withTtl(3);
        ipvs.startDaemon(master);
        assertThat(ipvs.daemons()).containsExactly(master);
        assertThat(HERE.run("ipvsadm", "-Ln", "--daemon"))
                .contains("master sync daemon (mcast=lab0, syncid=7, maxlen=1400, group=224.0.0.99, port=9000, ttl=3)");
        ipvs.stopDaemon(SyncRole.MASTER);
        HERE.run(
                "ipvsadm",
                "--start-daemon",
                "backup",
                "--mcast-interface",
                "lab0",
                "--syncid",
                "255",
                "--sync-maxlen",
                "1300",
                "--mcast-group",
                "ff02::51",
                "--mcast-port",
                "9001",
                "--mcast-ttl",
                "4");
        assertThat(ipvs.daemons())
                .containsExactly(SyncDaemon.of(SyncRole.BACKUP, "lab0", 255)
                        .withMaxLength(1300)
                        .withGroup(IpAddress.of("ff02::51"))
                        .withPort(9001)
                        .withTtl(4));
        HERE.run("ipvsadm", "--stop-daemon", "backup");
        assertThat(ipvs.daemons()).isEmpty();
    }

    /** Sends datagrams through a service to this machine itself. */
    private static void send(int port, int count) throws IOException {
        try (DatagramSocket client = new DatagramSocket()) {
            for (int i = 0; i < count; i++) {
                byte[] words = {1, 2, 3};
                client.send(
                        new DatagramPacket(words, words.length, InetAddress.getByName(WEB_ADDRESS.toString()), port));
            }
        }
    }

    private Statistics statistics(ServiceKey key) {
        return ipvs.service(key).orElseThrow().statistics();
    }

    /** The kernel adds up what each processor has counted every two seconds. */
    private void awaitPackets(ServiceKey key, long count) {
        Instant end = Instant.now().plusSeconds(60);
        while (statistics(key).inPackets() != count) {
            assertThat(Instant.now())
                    .as("packets of %s: %s", key, statistics(key))
                    .isBefore(end);
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }

    @Test
    void statisticsAreThoseOfIpvsadmAndZeroedOneByOneOrAllAtOnce() throws IOException {
        HERE.configure("""
                link set lo up
                link add lab0 type dummy
                address add 198.18.80.1/32 dev lab0
                link set lab0 up
                """);
        ServiceKey one = ServiceKey.udp(WEB_ADDRESS, 7001);
        ServiceKey two = ServiceKey.udp(WEB_ADDRESS, 7002);
        for (ServiceKey key : List.of(one, two)) {
            ipvs.addService(VirtualService.of(key, Scheduler.ROUND_ROBIN));
            ipvs.addDestination(key, Destination.masquerade(IpAddress.of("127.0.0.1"), 9));
        }
        send(7001, 3);
        send(7002, 5);
        awaitPackets(one, 3);
        awaitPackets(two, 5);
        Statistics seen = ipvs.destinations(two).get(0).statistics();
        assertThat(seen.connections()).isEqualTo(1);
        assertThat(seen.inBytes()).isEqualTo(5 * (20 + 8 + 3));
        assertThat(HERE.run("ipvsadm", "-Ln", "--stats", "--exact", "-u", "198.18.80.1:7002"))
                .containsPattern(
                        "UDP +198\\.18\\.80\\.1:7002 +1 +5 +" + seen.outPackets() + " +155 +" + seen.outBytes())
                .containsPattern("-> 127\\.0\\.0\\.1:9 +1 +5 ");
        ipvs.zero(one);
        assertThat(statistics(one)).isEqualTo(Statistics.NONE);
        assertThat(statistics(two).inPackets()).isEqualTo(5);
        ipvs.zero();
        assertThat(statistics(two).inPackets()).isZero();
        assertThat(ipvs.destinations(two).get(0).statistics().inPackets()).isZero();
    }
}
