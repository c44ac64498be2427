// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.ipvs4j.ipvs.Destination;
import io.github.ipvs4j.ipvs.Forwarding;
import io.github.ipvs4j.ipvs.IpvsClient;
import io.github.ipvs4j.ipvs.ObservedServer;
import io.github.ipvs4j.ipvs.Scheduler;
import io.github.ipvs4j.ipvs.ServiceKey;
import io.github.ipvs4j.ipvs.Snapshot;
import io.github.ipvs4j.ipvs.Statistics;
import io.github.ipvs4j.ipvs.SyncDaemon;
import io.github.ipvs4j.ipvs.SyncRole;
import io.github.ipvs4j.ipvs.Timeouts;
import io.github.ipvs4j.ipvs.VirtualService;
import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.KernelRejected;
import io.github.ipvs4j.netlink.NetlinkClient;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What those verbs of {@link IpvsClient} do on any kernel that concern the whole table, or all of it that is known. The
 * table is the test's own.
 */
abstract class IpvsControlContract {
    private static final ServiceKey WEB = ServiceKey.tcp(TestServices.VIP, 80);
    private static final ServiceKey WEB6 = ServiceKey.tcp(TestServices.VIP6, 80);
    private static final ServiceKey MARKED = ServiceKey.firewallMark(WEB.family(), TestServices.MARK);
    private static final Destination POD = Destination.masquerade(TestServices.POD, 8080);

    /** With all that the kernel would choose by itself. */
    private static final SyncDaemon MASTER = SyncDaemon.of(SyncRole.MASTER, "lo", 7)
            .withMaxLength(1400)
            .withGroup(IpAddress.of("224.0.0.99"))
            .withPort(9000)
            .withTtl(3);

    private IpvsClient ipvs;

    /** Returns settings for {@code NETLINK_GENERIC}. */
    abstract NetlinkClient.Builder settings();

    @BeforeEach
    void openClient() {
        ipvs = IpvsClient.open(settings());
        ipvs.flush();
    }

    @AfterEach
    void closeClient() {
        ipvs.flush();
        ipvs.daemons().forEach(daemon -> ipvs.stopDaemon(daemon.role()));
        ipvs.close();
    }

    private static void assertRefused(ThrowingCallable call, int errno, String words) {
        assertThatExceptionOfType(KernelRejected.class)
                .isThrownBy(call)
                .withMessageContaining(words)
                .satisfies(e -> assertThat(e.errno()).isEqualTo(new Errno(errno)));
    }

    private void fill() {
        ipvs.addService(VirtualService.of(WEB, Scheduler.ROUND_ROBIN));
        ipvs.addService(VirtualService.of(WEB6, Scheduler.ROUND_ROBIN));
        ipvs.addService(VirtualService.of(MARKED, Scheduler.LEAST_CONNECTION));
        ipvs.addDestination(WEB, POD);
        ipvs.addDestination(MARKED, POD.withWeight(3));
    }

    @Test
    void tellsItsVersionAndTheSizeOfItsTable() {
        assertThat(ipvs.info().versionText()).isEqualTo("1.2.1");
        // 7.2 begins with none, makes a small one for the first service, and lets it grow.
        fill();
        assertThat(ipvs.info().connectionTableSize()).isIn(256, 4096);
    }

    @Test
    void keepsTheTimeoutsThatAreSet() {
        Timeouts before = ipvs.timeouts();
        Timeouts wanted = new Timeouts(Duration.ofSeconds(700), Duration.ofSeconds(60), Duration.ofSeconds(200));
        ipvs.setTimeouts(wanted);
        assertThat(ipvs.timeouts()).isEqualTo(wanted);
        // Nothing stands for what there was.
        ipvs.setTimeouts(new Timeouts(Duration.ZERO, Duration.ofSeconds(61), Duration.ZERO));
        assertThat(ipvs.timeouts()).isEqualTo(new Timeouts(wanted.tcp(), Duration.ofSeconds(61), wanted.udp()));
        ipvs.setTimeouts(before);
        assertThat(ipvs.timeouts()).isEqualTo(before);
    }

    @Test
    void takesTheWishToZeroOneServiceOrAll() {
        fill();
        ipvs.zero(WEB);
        ipvs.zero();
        assertThat(ipvs.services())
                .hasSize(3)
                .allSatisfy(service -> assertThat(service.statistics()).isEqualTo(Statistics.NONE));
        assertRefused(() -> ipvs.zero(ServiceKey.udp(TestServices.VIP, 1)), 3, "ESRCH");
    }

    @Test
    void removesAllServicesAtOnce() {
        fill();
        ipvs.flush();
        assertThat(ipvs.services()).isEmpty();
        ipvs.flush();
        fill();
        assertThat(ipvs.destinations(MARKED)).hasSize(1);
    }

    @Test
    void readsTheWholeTableOrSomeServicesOfIt() {
        fill();
        Snapshot all = ipvs.snapshot();
        assertThat(all.consistent()).isTrue();
        assertThat(all.servers()).extracting(ObservedServer::key).containsExactlyInAnyOrder(WEB, WEB6, MARKED);
        Snapshot some = ipvs.snapshot(List.of(MARKED, WEB6, ServiceKey.udp(TestServices.VIP, 1)));
        assertThat(some.servers()).extracting(ObservedServer::key).containsExactlyInAnyOrder(WEB6, MARKED);
        assertThat(some.find(MARKED).orElseThrow().server())
                .isEqualTo(all.find(MARKED).orElseThrow().server());
    }

    @Test
    void startsAndStopsADaemonOnceAndNeedsItsDevice() {
        assertThat(ipvs.daemons()).isEmpty();
        ipvs.startDaemon(MASTER);
        assertThat(ipvs.daemons()).containsExactly(MASTER);
        assertRefused(() -> ipvs.startDaemon(MASTER), 17, "EEXIST");
        // Its thread may not have had its turn yet.
        ipvs.stopDaemon(SyncRole.MASTER);
        assertThat(ipvs.daemons()).isEmpty();
        assertRefused(() -> ipvs.stopDaemon(SyncRole.MASTER), 3, "ESRCH");
        assertRefused(() -> ipvs.startDaemon(SyncDaemon.of(SyncRole.BACKUP, "i4j-nobody", 1)), 19, "ENODEV");
    }

    @Test
    void startsNoDaemonWhereAServiceHasDestinationsOfTheOtherFamily() {
        ipvs.addService(VirtualService.of(WEB, Scheduler.ROUND_ROBIN));
        ipvs.addDestination(WEB, Destination.of(TestServices.POD6, 80, Forwarding.IPIP));
        assertRefused(() -> ipvs.startDaemon(MASTER), 22, "EINVAL");
        assertThat(ipvs.daemons()).isEmpty();
    }
}
