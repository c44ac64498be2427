// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.KernelRejected;
import io.github.ipvs4j.netlink.NetlinkClient;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.netlink.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.domains.Domain;

/** Plans against a table behind the transport. */
@Domain(IpvsArbitraries.class)
@PropertyDefaults(edgeCases = EdgeCasesMode.NONE)
class ApplyTest {
    private static final ServiceKey WEB = ServiceKey.tcp(IpAddress.of("10.96.0.10"), 80);
    private static final ServiceKey DNS = ServiceKey.udp(IpAddress.of("10.96.0.10"), 53);
    private static final VirtualService WEB_RR = VirtualService.of(WEB, Scheduler.ROUND_ROBIN);
    private static final VirtualService DNS_RR = VirtualService.of(DNS, Scheduler.ROUND_ROBIN);
    private static final Destination FIRST = Destination.masquerade(IpAddress.of("10.1.0.1"), 8080);
    private static final Destination SECOND = Destination.masquerade(IpAddress.of("10.1.0.2"), 8080);

    private static IpvsClient open(TinyKernel kernel) {
        return IpvsClient.open(
                NetlinkClient.builder(NetlinkProtocol.GENERIC).transport(kernel).deadline(Duration.ofMillis(20)));
    }

    private static Plan between(IpvsState actual, IpvsState desired) {
        return Plan.between(actual, desired, Ownership.everything());
    }

    @Property(tries = 100)
    void applyingThePlanLeadsToTheDesiredState(@ForAll IpvsState a, @ForAll IpvsState b) {
        TinyKernel kernel = new TinyKernel().set(a);
        try (IpvsClient ipvs = open(kernel)) {
            Plan plan = between(ipvs.snapshot().state(), b);

            assertThat(ipvs.apply(plan, OnFailure.ROLL_BACK).outcomes())
                    .hasSize(plan.size())
                    .containsOnly(plan.isEmpty() ? new Outcome[0] : new Outcome[] {Outcome.DONE});
            assertThat(kernel.state()).isEqualTo(b);
        }
    }

    @Property(tries = 100)
    void applyingAPlanAgainDoesNoHarm(@ForAll IpvsState a, @ForAll IpvsState b) {
        TinyKernel kernel = new TinyKernel().set(a);
        try (IpvsClient ipvs = open(kernel)) {
            Plan plan = between(a, b);
            ipvs.apply(plan, OnFailure.ROLL_BACK);
            Applied again = ipvs.apply(plan, OnFailure.ROLL_BACK);

            assertThat(again.succeeded()).isTrue();
            assertThat(kernel.state()).isEqualTo(b);
        }
    }

    @Property(tries = 100)
    void refusalOfAnyChangeRollsBackToTheStateBefore(@ForAll IpvsState a, @ForAll IpvsState b) {
        Plan plan = between(a, b);
        TinyKernel kernel = new TinyKernel();
        try (IpvsClient ipvs = open(kernel)) {
            for (int refused = 0; refused < plan.size(); refused++) {
                kernel.set(a).refuseAfter(refused, Errno.EBUSY);
                PlanFailed failure =
                        catchThrowableOfType(PlanFailed.class, () -> ipvs.apply(plan, OnFailure.ROLL_BACK));

                assertThat(failure.rolledBack()).isTrue();
                assertThat(failure.failedChange()).isEqualTo(plan.changes().get(refused));
                assertThat(kernel.state()).isEqualTo(a);
            }
        }
    }

    @Property(tries = 100)
    void continuingCarriesOutAllButTheRefusedChange(@ForAll IpvsState a, @ForAll IpvsState b) {
        Plan plan = between(a, b);
        TinyKernel kernel = new TinyKernel();
        try (IpvsClient ipvs = open(kernel)) {
            for (int refused = 0; refused < plan.size(); refused++) {
                kernel.set(a).refuseAfter(refused, Errno.EBUSY);
                Applied applied = ipvs.apply(plan, OnFailure.CONTINUE);

                assertThat(applied.failures().get(0).change())
                        .isEqualTo(plan.changes().get(refused));
                assertThat(kernel.changes()).hasSize(plan.size());
            }
        }
    }

    @Example
    void deletingWhatIsNotThereIsAlreadySo() {
        Plan plan = Plan.of(List.of(
                new Change.DeleteDestination(WEB, SECOND),
                new Change.DeleteDestination(DNS, FIRST),
                new Change.DeleteService(VirtualServer.of(DNS_RR))));
        try (IpvsClient ipvs = open(TinyKernel.with(VirtualServer.of(WEB_RR, FIRST)))) {
            assertThat(ipvs.apply(plan, OnFailure.ROLL_BACK).outcomes()).containsOnly(Outcome.ALREADY_SO);
        }
    }

    @Example
    void addingWhatIsThereWithEqualAttributesIsAlreadySo() {
        Plan plan = Plan.of(List.of(new Change.AddService(WEB_RR), new Change.AddDestination(WEB, FIRST)));
        TinyKernel kernel = TinyKernel.with(VirtualServer.of(WEB_RR, FIRST));
        try (IpvsClient ipvs = open(kernel)) {
            assertThat(ipvs.apply(plan, OnFailure.ROLL_BACK).outcomes()).containsOnly(Outcome.ALREADY_SO);
            assertThat(kernel.changes()).noneMatch(change -> change.startsWith("set"));
        }
    }

    @Example
    void addingWhatIsThereWithOtherAttributesUpdatesIt() {
        VirtualServer wanted = VirtualServer.of(WEB_RR, FIRST.withWeight(7));
        TinyKernel kernel = TinyKernel.with(VirtualServer.of(WEB_RR.withScheduler(Scheduler.MAGLEV_HASHING), FIRST));
        try (IpvsClient ipvs = open(kernel)) {
            Applied applied = ipvs.apply(between(IpvsState.EMPTY, IpvsState.of(wanted)), OnFailure.ROLL_BACK);

            assertThat(applied.outcomes()).containsExactly(Outcome.DONE, Outcome.DONE);
            assertThat(kernel.state()).isEqualTo(IpvsState.of(wanted));
        }
    }

    @Example
    void whatWasUpdatedInsteadOfAddedIsRolledBackToWhatItWas() {
        VirtualServer there = VirtualServer.of(WEB_RR.withScheduler(Scheduler.MAGLEV_HASHING), FIRST.withWeight(5));
        Plan plan = Plan.of(List.of(
                new Change.AddService(WEB_RR),
                new Change.AddDestination(WEB, FIRST),
                new Change.AddDestination(WEB, SECOND)));
        TinyKernel kernel = TinyKernel.with(there).refuse("add tcp 10.96.0.10:80 -> 10.1.0.2:8080", Errno.EINVAL);
        try (IpvsClient ipvs = open(kernel)) {
            assertThatThrownBy(() -> ipvs.apply(plan, OnFailure.ROLL_BACK)).isInstanceOf(PlanFailed.class);
            assertThat(kernel.state()).isEqualTo(IpvsState.of(there));
        }
    }

    @Example
    void whatWasAlreadySoStaysWhenThePlanIsRolledBack() {
        Plan plan = Plan.of(List.of(new Change.AddDestination(WEB, FIRST), new Change.AddDestination(WEB, SECOND)));
        TinyKernel kernel = TinyKernel.with(VirtualServer.of(WEB_RR, FIRST)).refuse("10.1.0.2", Errno.EINVAL);
        try (IpvsClient ipvs = open(kernel)) {
            assertThatThrownBy(() -> ipvs.apply(plan, OnFailure.ROLL_BACK)).isInstanceOf(PlanFailed.class);
            assertThat(kernel.state()).isEqualTo(IpvsState.of(VirtualServer.of(WEB_RR, FIRST)));
        }
    }

    @Example
    void deletionsAreNotBegunBeforeAllElseHasSucceeded() {
        IpvsState before = IpvsState.of(VirtualServer.of(WEB_RR, FIRST), VirtualServer.of(DNS_RR, FIRST));
        IpvsState after = IpvsState.of(VirtualServer.of(WEB_RR, SECOND));
        TinyKernel kernel = new TinyKernel().set(before).refuse("add", Errno.EINVAL);
        try (IpvsClient ipvs = open(kernel)) {
            Plan plan = between(before, after);
            PlanFailed failure = catchThrowableOfType(PlanFailed.class, () -> ipvs.apply(plan, OnFailure.ROLL_BACK));

            assertThat(kernel.changes()).noneMatch(change -> change.startsWith("delete"));
            assertThat(failure.attempt().outcomes().get(1)).isInstanceOf(Outcome.Unknown.class);
            assertThat(failure.attempt().failures().get(1).message())
                    .isEqualTo("delete destination 10.1.0.1:8080 of service tcp 10.96.0.10:80: not begun, because an"
                            + " earlier change failed");
        }
    }

    @Example
    void failureNamesTheChangeTheReasonAndThatItWasUndone() {
        Plan plan = between(
                IpvsState.EMPTY,
                IpvsState.of(
                        VirtualServer.of(DNS_RR),
                        VirtualServer.of(WEB_RR.withScheduler(Scheduler.MAGLEV_HASHING), FIRST)));
        TinyKernel kernel = new TinyKernel().refuse("add tcp 10.96.0.10:80", Errno.ENOENT);
        try (IpvsClient ipvs = open(kernel)) {
            assertThatThrownBy(() -> ipvs.apply(plan, OnFailure.ROLL_BACK))
                    .isInstanceOf(PlanFailed.class)
                    .hasCauseInstanceOf(KernelRejected.class)
                    .hasMessage("add service tcp 10.96.0.10:80 (mh): ENOENT: scheduler module ip_vs_mh is not loaded;"
                            + " load it with 'modprobe ip_vs_mh', or use a kernel built with it; the plan of 3 changes"
                            + " was given up, and what it had changed was undone");
            assertThat(kernel.state()).isEqualTo(IpvsState.EMPTY);
        }
    }

    @Example
    void failureSaysThatTheUndoingFailedToo() {
        Plan plan =
                between(IpvsState.of(VirtualServer.of(WEB_RR)), IpvsState.of(VirtualServer.of(WEB_RR, FIRST, SECOND)));
        TinyKernel kernel = TinyKernel.with(VirtualServer.of(WEB_RR))
                .refuse("-> 10.1.0.2", Errno.EINVAL)
                .refuse("delete", Errno.EPERM);
        try (IpvsClient ipvs = open(kernel)) {
            PlanFailed failure = catchThrowableOfType(PlanFailed.class, () -> ipvs.apply(plan, OnFailure.ROLL_BACK));

            assertThat(failure.rolledBack()).isFalse();
            assertThat(failure.undo().plan().changes()).containsExactly(new Change.DeleteDestination(WEB, FIRST));
            assertThat(failure)
                    .hasMessageContaining("add destination 10.1.0.2:8080")
                    .hasMessageContaining("but undoing it failed in 1 of 1 steps, read the state again; the first:"
                            + " delete destination 10.1.0.1:8080 of service tcp 10.96.0.10:80: EPERM");
        }
    }

    @Example
    void updateOfAServiceThatNobodyKnowsStaysRefused() {
        Plan plan = Plan.of(List.of(
                new Change.UpdateService(WEB_RR, WEB_RR.withScheduler(Scheduler.NEVER_QUEUE)),
                new Change.UpdateDestination(WEB, FIRST, FIRST.withWeight(0))));
        try (IpvsClient ipvs = open(new TinyKernel())) {
            List<String> messages = new ArrayList<>();
            ipvs.apply(plan, OnFailure.CONTINUE).failures().forEach(failure -> messages.add(failure.message()));

            assertThat(messages)
                    .containsExactly(
                            "update service tcp 10.96.0.10:80 (nq): ESRCH: there is no such service; add it first",
                            "update destination 10.1.0.1:8080 (masquerade, weight 0) of service tcp 10.96.0.10:80:"
                                    + " ESRCH: there is no such service");
        }
    }
}
