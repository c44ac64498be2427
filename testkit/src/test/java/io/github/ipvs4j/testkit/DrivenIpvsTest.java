// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.ipvs4j.ipvs.Destination;
import io.github.ipvs4j.ipvs.Forwarding;
import io.github.ipvs4j.ipvs.IpvsClient;
import io.github.ipvs4j.ipvs.ObservedDestination;
import io.github.ipvs4j.ipvs.Scheduler;
import io.github.ipvs4j.ipvs.ServiceKey;
import io.github.ipvs4j.ipvs.Statistics;
import io.github.ipvs4j.ipvs.SyncDaemon;
import io.github.ipvs4j.ipvs.SyncRole;
import io.github.ipvs4j.ipvs.VirtualService;
import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.KernelRejected;
import io.github.ipvs4j.netlink.NetlinkClient;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a test drives: traffic, connections and time; and the daemons. */
class DrivenIpvsTest {
    private static final ServiceKey WEB = ServiceKey.tcp(IpAddress.of("10.96.0.1"), 80);
    private static final Destination POD = Destination.masquerade(IpAddress.of("10.244.0.5"), 8080);
    private static final Destination OTHER = Destination.masquerade(IpAddress.of("10.244.0.6"), 8080);
    private static final Statistics TRAFFIC = new Statistics(8, 80, 40, 8000, 80_000, 0, 0, 0, 0, 0);

    private static final Errno UNREACHABLE = new Errno(101);

    private final SimulatedKernel kernel = SimulatedKernel.create();
    private IpvsClient ipvs;

    @BeforeEach
    void open() {
        ipvs = IpvsClient.open(NetlinkClient.builder(NetlinkProtocol.GENERIC).transport(kernel.transports()));
        ipvs.addService(VirtualService.of(WEB, Scheduler.ROUND_ROBIN));
        ipvs.addDestination(WEB, POD);
        ipvs.addDestination(WEB, OTHER);
    }

    @AfterEach
    void close() {
        ipvs.close();
        kernel.assertQuiescent();
    }

    private Statistics ofService() {
        return ipvs.service(WEB).orElseThrow().statistics();
    }

    private ObservedDestination observed(Destination destination) {
        return ipvs.destinations(WEB).stream()
                .filter(seen -> seen.destination().key().equals(destination.key()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void showsTrafficFromTheNextFullTwoSecondsOn() {
        kernel.ipvs().carry(WEB, POD.key(), TRAFFIC);
        kernel.ipvs().carry(WEB, OTHER.key(), TRAFFIC);
        assertThat(ofService()).isEqualTo(Statistics.NONE);
        kernel.advance(Duration.ofSeconds(2));
        // A quarter of what was carried a second, as the average begins at zero.
        assertThat(observed(POD).statistics())
                .isEqualTo(new Statistics(8, 80, 40, 8000, 80_000, 1, 10, 5, 1000, 10_000));
        assertThat(ofService()).isEqualTo(new Statistics(16, 160, 80, 16_000, 160_000, 2, 20, 10, 2000, 20_000));
    }

    @Test
    void letsTheAveragesSinkWhenNothingIsCarriedAnyMore() {
        kernel.ipvs().carry(WEB, POD.key(), TRAFFIC);
        kernel.advance(Duration.ofSeconds(4));
        assertThat(observed(POD).statistics().inBytesPerSecond()).isEqualTo(750);
        kernel.advance(Duration.ofDays(1));
        assertThat(observed(POD).statistics()).isEqualTo(new Statistics(8, 80, 40, 8000, 80_000, 0, 0, 0, 0, 0));
    }

    @Test
    void countsFromZeroAfterItWasTold() {
        kernel.ipvs().carry(WEB, POD.key(), TRAFFIC);
        kernel.advance(Duration.ofSeconds(2));
        ipvs.zero(WEB);
        assertThat(ofService()).isEqualTo(Statistics.NONE);
        assertThat(observed(POD).statistics()).isEqualTo(Statistics.NONE);
        kernel.ipvs().carry(WEB, POD.key(), TRAFFIC);
        kernel.advance(Duration.ofSeconds(2));
        assertThat(ofService().connections()).isEqualTo(8);
        ipvs.zero();
        assertThat(ofService()).isEqualTo(Statistics.NONE);
    }

    @Test
    void givesBackTheCountersOfADestinationThatComesBackToItsService() {
        kernel.ipvs().carry(WEB, POD.key(), TRAFFIC);
        kernel.advance(Duration.ofSeconds(2));
        ipvs.deleteDestination(WEB, POD.key());
        ipvs.addDestination(WEB, POD);
        assertThat(observed(POD).statistics().connections()).isEqualTo(8);
        ipvs.deleteService(WEB);
        ipvs.addService(VirtualService.of(WEB, Scheduler.ROUND_ROBIN));
        ipvs.addDestination(WEB, POD);
        assertThat(observed(POD).statistics()).isEqualTo(Statistics.NONE);
    }

    @Test
    void forgetsADeletedDestinationAfterTwoToThreeMinutes() {
        kernel.ipvs().carry(WEB, POD.key(), TRAFFIC);
        kernel.advance(Duration.ofSeconds(2));
        ipvs.deleteDestination(WEB, POD.key());
        kernel.advance(Duration.ofSeconds(119));
        ipvs.addDestination(WEB, POD);
        assertThat(observed(POD).statistics().connections()).isEqualTo(8);
        ipvs.deleteDestination(WEB, POD.key());
        kernel.advance(Duration.ofSeconds(180));
        ipvs.addDestination(WEB, POD);
        assertThat(observed(POD).statistics().connections()).isZero();
    }

    @Test
    void refusesTrafficForADestinationThatIsNotThere() {
        ipvs.deleteDestination(WEB, POD.key());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> kernel.ipvs().carry(WEB, POD.key(), TRAFFIC))
                .withMessageContaining("tcp 10.96.0.1:80");
    }

    @Test
    void letsConnectionsEndWhenTheTestHasPlannedIt() {
        kernel.ipvs().setConnections(WEB, POD.key(), 3, 1, 2);
        kernel.after(Duration.ofSeconds(30), () -> kernel.ipvs().setConnections(WEB, POD.key(), 0, 1));
        kernel.advance(Duration.ofSeconds(29));
        assertThat(observed(POD).activeConnections()).isEqualTo(3);
        assertThat(observed(POD).persistentConnections()).isEqualTo(2);
        kernel.advance(Duration.ofSeconds(1));
        assertThat(observed(POD).activeConnections()).isZero();
        assertThat(observed(POD).inactiveConnections()).isEqualTo(1);
    }

    @Test
    void doesWhatIsPlannedInTheOrderOfItsMoments() {
        List<String> done = new ArrayList<>();
        kernel.after(Duration.ofSeconds(20), () -> done.add("third"));
        kernel.after(Duration.ofSeconds(10), () -> done.add("first"));
        kernel.after(Duration.ofSeconds(10), () -> done.add("second"));
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(kernel::assertQuiescent)
                .withMessageContaining("planned and not due yet: 3 actions");
        kernel.advance(Duration.ofMinutes(1));
        assertThat(done).containsExactly("first", "second", "third");
    }

    @Test
    void runsOneDaemonOfEachRole() {
        ipvs.startDaemon(SyncDaemon.of(SyncRole.BACKUP, "lo", 7));
        ipvs.startDaemon(SyncDaemon.of(SyncRole.MASTER, "lo", 7)
                .withGroup(IpAddress.of("224.0.0.82"))
                .withMaxLength(1400)
                .withPort(8849)
                .withTtl(4));
        assertThat(kernel.ipvs().daemons()).isEqualTo(ipvs.daemons());
        assertThat(kernel.ipvs().daemons().toString())
                .contains("MASTER", "1400", "224.0.0.82", "8849", "BACKUP", "65507", "224.0.0.81", "8848");
        refused(Errno.EEXIST, () -> ipvs.startDaemon(SyncDaemon.of(SyncRole.MASTER, "lo", 8)));
        ipvs.stopDaemon(SyncRole.MASTER);
        refused(Errno.ESRCH, () -> ipvs.stopDaemon(SyncRole.MASTER));
        ipvs.stopDaemon(SyncRole.BACKUP);
        assertThat(ipvs.daemons()).isEmpty();
    }

    @Test
    void startsNoDaemonOnAnInterfaceThatIsNotThereOrOff() {
        refused(Errno.ENODEV, () -> ipvs.startDaemon(SyncDaemon.of(SyncRole.MASTER, "eth0", 1)));
        kernel.links().addHardware("eth0");
        kernel.links().setUp("eth0", false);
        refused(UNREACHABLE, () -> ipvs.startDaemon(SyncDaemon.of(SyncRole.MASTER, "eth0", 1)));
        kernel.links().setUp("eth0", true);
        ipvs.startDaemon(SyncDaemon.of(SyncRole.MASTER, "eth0", 1).withGroup(IpAddress.of("ff02::81")));
        assertThat(kernel.ipvs().daemons().get(0).maxLength()).hasValue(1452);
    }

    @Test
    void keepsDaemonsAndDestinationsOfTheOtherFamilyApart() {
        Destination other = Destination.of(IpAddress.of("fd00::1"), 80, Forwarding.IPIP);
        ipvs.addDestination(WEB, other);
        refused(Errno.EINVAL, () -> ipvs.startDaemon(SyncDaemon.of(SyncRole.MASTER, "lo", 1)));
        ipvs.deleteDestination(WEB, other.key());
        ipvs.startDaemon(SyncDaemon.of(SyncRole.MASTER, "lo", 1));
        refused(Errno.EINVAL, () -> ipvs.addDestination(WEB, other));
    }

    private static void refused(Errno errno, Runnable action) {
        assertThatExceptionOfType(KernelRejected.class)
                .isThrownBy(action::run)
                .satisfies(why -> assertThat(why.errno()).isEqualTo(errno));
    }
}
