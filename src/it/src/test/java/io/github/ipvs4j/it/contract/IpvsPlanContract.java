// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.ipvs4j.ipvs.Applied;
import io.github.ipvs4j.ipvs.Change;
import io.github.ipvs4j.ipvs.Destination;
import io.github.ipvs4j.ipvs.IpvsClient;
import io.github.ipvs4j.ipvs.IpvsState;
import io.github.ipvs4j.ipvs.ObservedServer;
import io.github.ipvs4j.ipvs.OnFailure;
import io.github.ipvs4j.ipvs.Ownership;
import io.github.ipvs4j.ipvs.Plan;
import io.github.ipvs4j.ipvs.PlanFailed;
import io.github.ipvs4j.ipvs.Scheduler;
import io.github.ipvs4j.ipvs.ServiceKey;
import io.github.ipvs4j.ipvs.VirtualServer;
import io.github.ipvs4j.ipvs.VirtualService;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.NetlinkClient;
import io.github.ipvs4j.netlink.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What snapshots, plans and transactions of {@link IpvsClient} do on any kernel. */
abstract class IpvsPlanContract {
    private static final Ownership OURS = Ownership.only(TestServices::owns);

    private IpvsClient ipvs;

    /** Returns settings for {@code NETLINK_GENERIC}. */
    abstract NetlinkClient.Builder settings();

    @BeforeEach
    void openClient() {
        ipvs = IpvsClient.open(settings());
        TestServices.deleteAll(ipvs);
    }

    @AfterEach
    void closeClient() {
        ipvs.apply(Plan.between(ipvs.snapshot().state(), IpvsState.EMPTY, OURS), OnFailure.CONTINUE);
        ipvs.close();
    }

    private static VirtualService service(int port) {
        return VirtualService.of(ServiceKey.tcp(TestServices.VIP, port), Scheduler.ROUND_ROBIN);
    }

    private static Destination pod(int last) {
        return Destination.masquerade(IpAddress.of("198.18.81." + last), 8080);
    }

    private static VirtualServer server(int port, int... pods) {
        List<Destination> destinations = new ArrayList<>();
        for (int last : pods) {
            destinations.add(pod(last));
        }
        return new VirtualServer(service(port), destinations);
    }

    private IpvsState ours() {
        return IpvsState.of(ipvs.snapshot().servers().stream()
                .map(ObservedServer::server)
                .filter(server -> TestServices.owns(server.key()))
                .toList());
    }

    private Applied reach(IpvsState desired) {
        return ipvs.apply(Plan.between(ipvs.snapshot().state(), desired, OURS), OnFailure.ROLL_BACK);
    }

    @Test
    void reachesTheDesiredStateFromAnyOther() {
        IpvsState first = IpvsState.of(
                server(80, 1, 2, 3),
                server(81),
                server(82, 4),
                VirtualServer.of(
                        VirtualService.of(ServiceKey.sctp(TestServices.VIP6, 90), Scheduler.LEAST_CONNECTION),
                        Destination.masquerade(TestServices.POD6, 9090)),
                VirtualServer.of(
                        VirtualService.of(
                                ServiceKey.firewallMark(IpFamily.IPV4, TestServices.MARK), Scheduler.ROUND_ROBIN),
                        pod(9)));
        IpvsState second = IpvsState.of(
                VirtualServer.of(
                        service(80).withScheduler(Scheduler.WEIGHTED_ROUND_ROBIN), pod(2).withWeight(5), pod(7)),
                server(83, 1));
        for (IpvsState desired : List.of(first, second, first, IpvsState.EMPTY)) {
            assertThat(reach(desired).succeeded()).isTrue();
            assertThat(ours()).isEqualTo(desired);
            assertThat(Plan.between(ipvs.snapshot().state(), desired, OURS).isEmpty())
                    .isTrue();
        }
    }

    @Test
    void doesNoHarmWhenAppliedTwice() {
        Plan plan = Plan.between(IpvsState.EMPTY, IpvsState.of(server(80, 1, 2)), OURS);
        ipvs.apply(plan, OnFailure.ROLL_BACK);
        Applied again = ipvs.apply(plan, OnFailure.ROLL_BACK);
        assertThat(again.outcomes()).containsOnly(Outcome.ALREADY_SO);
        assertThat(ipvs.apply(plan.inverse(), OnFailure.ROLL_BACK).succeeded()).isTrue();
        assertThat(ipvs.apply(plan.inverse(), OnFailure.ROLL_BACK).succeeded()).isTrue();
        assertThat(ours()).isEqualTo(IpvsState.EMPTY);
    }

    @Test
    void updatesWhatIsThereWithOtherAttributes() {
        ipvs.addService(service(80).withScheduler(Scheduler.LEAST_CONNECTION));
        ipvs.addDestination(service(80).key(), pod(1).withWeight(50));
        IpvsState desired = IpvsState.of(server(80, 1));
        ipvs.apply(Plan.between(IpvsState.EMPTY, desired, OURS), OnFailure.ROLL_BACK);
        assertThat(ours()).isEqualTo(desired);
    }

    @Test
    void leavesServicesOfOthersAlone() {
        reach(IpvsState.of(server(80, 1), server(81, 2)));
        Ownership onlyOne = Ownership.only(service(80).key()::equals);
        Plan plan = Plan.between(ipvs.snapshot().state(), IpvsState.EMPTY, onlyOne);
        ipvs.apply(plan, OnFailure.ROLL_BACK);
        assertThat(ours()).isEqualTo(IpvsState.of(server(81, 2)));
    }

    @Test
    void rollsBackWhenAChangeInTheMiddleFails() {
        IpvsState before = IpvsState.of(server(80, 1, 2));
        reach(before);
        Change odd = new Change.AddService(service(82).withScheduler(Scheduler.named("ipvs4j")));
        Plan plan = Plan.of(List.of(
                new Change.AddService(service(81)),
                new Change.AddDestination(service(81).key(), pod(1)),
                new Change.UpdateDestination(service(80).key(), pod(1), pod(1).withWeight(9)),
                odd,
                new Change.AddDestination(service(80).key(), pod(3)),
                new Change.DeleteDestination(service(80).key(), pod(2))));
        assertThatExceptionOfType(PlanFailed.class)
                .isThrownBy(() -> ipvs.apply(plan, OnFailure.ROLL_BACK))
                .withMessageContaining("modprobe ip_vs_ipvs4j")
                .satisfies(failed -> {
                    assertThat(failed.failedChange()).isEqualTo(odd);
                    assertThat(failed.rolledBack()).isTrue();
                });
        assertThat(ours()).isEqualTo(before);
    }

    @Test
    void carriesTheRestOutWhenAskedTo() {
        Plan plan = Plan.of(List.of(
                new Change.AddService(service(80)),
                new Change.AddService(service(81).withScheduler(Scheduler.named("ipvs4j"))),
                new Change.AddDestination(service(81).key(), pod(1)),
                new Change.AddDestination(service(80).key(), pod(2))));
        Applied applied = ipvs.apply(plan, OnFailure.CONTINUE);
        assertThat(applied.outcomes()).extracting(Outcome::succeeded).containsExactly(true, false, false, true);
        assertThat(applied.failures()).hasSize(2);
        assertThat(ours()).isEqualTo(IpvsState.of(server(80, 2)));
    }

    @Test
    void takesTwoThousandServicesInOnePlan() {
        List<VirtualServer> many = new ArrayList<>();
        for (int port = 1; port <= 2000; port++) {
            many.add(server(port, 1 + port % 200, 201 + port % 50));
        }
        IpvsState desired = IpvsState.of(many);
        Applied applied = reach(desired);
        assertThat(applied.outcomes()).hasSize(6000).containsOnly(Outcome.DONE);
        assertThat(ours()).isEqualTo(desired);
        assertThat(reach(IpvsState.EMPTY).succeeded()).isTrue();
        assertThat(ours()).isEqualTo(IpvsState.EMPTY);
    }

    @Test
    void readsOnlyTheServicesAskedFor() {
        reach(IpvsState.of(server(80, 1, 2), server(81), server(82, 3)));
        assertThat(ipvs.snapshot(List.of(
                                service(81).key(),
                                service(80).key(),
                                service(99).key()))
                        .state())
                .isEqualTo(IpvsState.of(server(80, 1, 2), server(81)));
    }

    @Test
    void reachesThePlansEndThoughASecondClientChangedTheTable() {
        IpvsState before = IpvsState.of(server(80, 1, 2), server(81, 3), server(82, 4), server(83, 5));
        reach(before);
        IpvsState desired = IpvsState.of(
                VirtualServer.of(service(80), pod(1).withWeight(3), pod(2), pod(7)),
                VirtualServer.of(service(81).withScheduler(Scheduler.WEIGHTED_ROUND_ROBIN), pod(3)),
                server(84, 9),
                VirtualServer.of(service(83), pod(5).withWeight(8)));
        Plan plan = Plan.between(before, desired, OURS);
        try (IpvsClient other = IpvsClient.open(settings())) {
            other.deleteDestination(service(80).key(), pod(1).key());
            other.addDestination(service(80).key(), pod(7).withWeight(99));
            other.deleteService(service(81).key());
            other.deleteService(service(82).key());
            other.addService(service(84).withScheduler(Scheduler.LEAST_CONNECTION));
        }
        Applied applied = ipvs.apply(plan, OnFailure.ROLL_BACK);
        assertThat(applied.succeeded()).isTrue();
        assertThat(applied.rereads()).isBetween(1, 3);
        assertThat(applied.corrections())
                .contains(
                        new Change.AddDestination(service(80).key(), pod(1).withWeight(3)),
                        new Change.UpdateDestination(service(80).key(), pod(7).withWeight(99), pod(7)),
                        new Change.AddService(service(81).withScheduler(Scheduler.WEIGHTED_ROUND_ROBIN)));
        assertThat(ours()).isEqualTo(desired);
    }

    @Test
    void settlesWithAClientThatWritesAllTheTime() throws Exception {
        IpvsState desired = IpvsState.of(server(80, 1, 2, 3), server(81, 4));
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger written = new AtomicInteger();
        FutureTask<Boolean> writing = new FutureTask<>(() -> {
            try (IpvsClient other = IpvsClient.open(settings())) {
                while (!over.get()) {
                    Plan nuisance = Plan.between(IpvsState.EMPTY, IpvsState.of(server(80, 1, 9)), OURS);
                    other.apply(nuisance, OnFailure.CONTINUE);
                    other.apply(nuisance.inverse(), OnFailure.CONTINUE);
                    written.incrementAndGet();
                }
            }
            return true;
        });
        new Thread(writing).start();
        try {
            for (int i = 0; (i < 50 || written.get() < 50) && !writing.isDone(); i++) {
                Applied applied = ipvs.apply(Plan.between(ipvs.snapshot().state(), desired, OURS), OnFailure.CONTINUE);
                // Three rounds for the changes, three for the services as a whole.
                assertThat(applied.rereads()).isLessThanOrEqualTo(6);
                assertThat(applied.outcomes()).noneMatch(Outcome.Unknown.class::isInstance);
            }
        } finally {
            over.set(true);
            assertThat(writing.get()).isTrue();
        }
        assertThat(reach(desired).succeeded()).isTrue();
        assertThat(ours()).isEqualTo(desired);
    }
}
