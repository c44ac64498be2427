// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.KernelRejected;
import io.github.ipvs4j.netlink.NetlinkClient;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.netlink.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.domains.Domain;

/** Plans whose table others change, and whose answers are lost. */
@Domain(IpvsArbitraries.class)
@PropertyDefaults(edgeCases = EdgeCasesMode.NONE)
class InterferenceTest {
    private static final ServiceKey WEB = ServiceKey.tcp(IpAddress.of("10.96.0.10"), 80);
    private static final VirtualService WEB_RR = VirtualService.of(WEB, Scheduler.ROUND_ROBIN);
    private static final Destination FIRST = Destination.masquerade(IpAddress.of("10.1.0.1"), 8080);
    private static final Destination SECOND = Destination.masquerade(IpAddress.of("10.1.0.2"), 8080);
    private static final Destination THIRD = Destination.masquerade(IpAddress.of("10.1.0.3"), 8080);
    private static final IpvsState ONE = IpvsState.of(VirtualServer.of(WEB_RR, FIRST));
    private static final IpvsState TWO = IpvsState.of(VirtualServer.of(WEB_RR, FIRST.withWeight(5), SECOND));

    private static IpvsClient open(TinyKernel kernel) {
        return IpvsClient.open(
                NetlinkClient.builder(NetlinkProtocol.GENERIC).transport(kernel).deadline(Duration.ofMillis(20)));
    }

    private static Plan between(IpvsState actual, IpvsState desired) {
        return Plan.between(actual, desired, Ownership.everything());
    }

    private static boolean hasComeTrue(Change change, IpvsState state) {
        Optional<VirtualServer> server = state.find(change.key());
        if (change instanceof Change.DeleteService) {
            return server.isEmpty();
        }
        if (change instanceof Change.DeleteDestination delete) {
            return server.stream()
                    .flatMap(there -> there.destinations().stream())
                    .noneMatch(delete.destination()::hasKeyOf);
        }
        if (change instanceof Change.AddService add) {
            return server.isPresent() && server.get().service().equals(add.service());
        }
        if (change instanceof Change.UpdateService update) {
            return server.isPresent() && server.get().service().equals(update.after());
        }
        Destination wanted = change instanceof Change.AddDestination add
                ? add.destination()
                : ((Change.UpdateDestination) change).after();
        return server.isPresent() && server.get().destinations().contains(wanted);
    }

    @Property(tries = 300)
    void everyChangeComesTrueFromWhateverTheTableHasBecome(
            @ForAll IpvsState a, @ForAll IpvsState b, @ForAll IpvsState meanwhile, @ForAll OnFailure onFailure) {
        TinyKernel kernel = new TinyKernel().set(meanwhile);
        try (IpvsClient ipvs = open(kernel)) {
            Applied applied = ipvs.apply(between(a, b), onFailure);

            assertThat(applied.failures()).isEmpty();
            assertThat(applied.rereads()).isLessThanOrEqualTo(3);
            assertThat(applied.plan().changes()).allMatch(change -> hasComeTrue(change, kernel.state()));
            for (VirtualServer wanted : b.servers()) {
                if (a.find(wanted.key()).isEmpty()) {
                    assertThat(kernel.state().find(wanted.key())).contains(wanted);
                }
            }
        }
    }

    @Property(tries = 300)
    void nothingIsReadAgainWhereNobodyInterferes(@ForAll IpvsState a, @ForAll IpvsState b) {
        try (IpvsClient ipvs = open(new TinyKernel().set(a))) {
            Applied applied = ipvs.apply(between(a, b), OnFailure.ROLL_BACK);

            assertThat(applied.rereads()).isZero();
            assertThat(applied.corrections()).isEmpty();
        }
    }

    @Property(tries = 20)
    void lossOfTheAnswersOfAnyChangeIsSettledByReadingAgain(
            @ForAll IpvsState a, @ForAll IpvsState b, @ForAll OnFailure onFailure) {
        Plan plan = between(a, b);
        TinyKernel kernel = new TinyKernel();
        try (IpvsClient ipvs = open(kernel)) {
            for (int lost = 0; lost < plan.size(); lost++) {
                kernel.set(a).loseAnswersAfter(lost);
                Applied applied = ipvs.apply(plan, onFailure);

                assertThat(applied.succeeded()).isTrue();
                assertThat(kernel.state()).isEqualTo(b);
            }
        }
    }

    @Example
    void serviceThatOthersMadeMeanwhileBecomesWhatIsWantedAsAWhole() {
        TinyKernel kernel = TinyKernel.with(VirtualServer.of(WEB_RR, SECOND));
        try (IpvsClient ipvs = open(kernel)) {
            Applied applied = ipvs.apply(between(IpvsState.EMPTY, ONE), OnFailure.ROLL_BACK);

            assertThat(applied.outcomes()).containsExactly(Outcome.DONE, Outcome.DONE);
            assertThat(applied.corrections()).containsExactly(new Change.DeleteDestination(WEB, SECOND));
            assertThat(kernel.state()).isEqualTo(ONE);
        }
    }

    @Example
    void goalReachedByACorrectionWhoseAnswerWasLostIsKept() {
        TinyKernel kernel = TinyKernel.with(VirtualServer.of(WEB_RR, SECOND)).loseAnswersAfter(2);
        try (IpvsClient ipvs = open(kernel)) {
            Applied applied = ipvs.apply(between(IpvsState.EMPTY, ONE), OnFailure.ROLL_BACK);

            assertThat(kernel.changes()).last().asString().startsWith("delete").contains("-> 10.1.0.2");
            assertThat(applied.outcomes()).containsExactly(Outcome.DONE, Outcome.DONE);
            assertThat(kernel.state()).isEqualTo(ONE);
        }
    }

    @Example
    void correctionWhoseAnswerWasLostIsUndoneIfThePlanFailsAfterAll() {
        VirtualServer theirs = VirtualServer.of(WEB_RR, SECOND, THIRD);
        TinyKernel kernel = TinyKernel.with(theirs)
                .refuse("-> 10.1.0.3", Errno.EBUSY)
                .refuse("-> 10.1.0.3", Errno.EBUSY)
                .loseAnswersAfter(2);
        try (IpvsClient ipvs = open(kernel)) {
            PlanFailed failure = catchThrowableOfType(
                    PlanFailed.class, () -> ipvs.apply(between(IpvsState.EMPTY, ONE), OnFailure.ROLL_BACK));

            assertThat(failure.rolledBack()).isTrue();
            assertThat(kernel.state()).isEqualTo(IpvsState.of(theirs));
        }
    }

    @Example
    void goalThatOthersReachBeforeACorrectionIsKept() {
        TinyKernel kernel = TinyKernel.with(VirtualServer.of(WEB_RR, SECOND));
        kernel.beforeListing(() -> {})
                .beforeListing(() -> kernel.set(IpvsState.of(VirtualServer.of(WEB_RR, SECOND)))
                        .beforeChange("-> 10.1.0.1", () -> kernel.set(ONE)));
        try (IpvsClient ipvs = open(kernel)) {
            Applied applied = ipvs.apply(between(IpvsState.EMPTY, ONE), OnFailure.ROLL_BACK);

            assertThat(applied.outcomes()).containsExactly(Outcome.DONE, Outcome.DONE);
            assertThat(applied.corrections()).isEmpty();
            assertThat(kernel.state()).isEqualTo(ONE);
        }
    }

    @Example
    void serviceThatOthersMadeAndThatCannotBeReadAgainIsNotCalledDone() {
        TinyKernel kernel = TinyKernel.with(VirtualServer.of(WEB_RR, SECOND));
        kernel.beforeListing(() -> {}).beforeListing(kernel::deaf);
        try (IpvsClient ipvs = open(kernel)) {
            Applied applied = ipvs.apply(between(IpvsState.EMPTY, ONE), OnFailure.CONTINUE);

            assertThat(applied.failures())
                    .singleElement()
                    .satisfies(failure -> assertThat(failure.message()).contains("cannot be read again"));
            assertThat(applied.outcomes().get(0)).isInstanceOf(Outcome.Unknown.class);
        }
    }

    @Example
    void serviceThatOthersMadeMeanwhileIsLeftAsTheyMadeItIfThePlanFails() {
        VirtualServer theirs = VirtualServer.of(WEB_RR.withScheduler(Scheduler.NEVER_QUEUE), SECOND);
        TinyKernel kernel = TinyKernel.with(theirs).refuse("delete", Errno.EBUSY);
        try (IpvsClient ipvs = open(kernel)) {
            PlanFailed failure = catchThrowableOfType(
                    PlanFailed.class, () -> ipvs.apply(between(IpvsState.EMPTY, ONE), OnFailure.ROLL_BACK));

            assertThat(failure.rolledBack()).isTrue();
            assertThat(kernel.state()).isEqualTo(IpvsState.of(theirs));
        }
    }

    @Example
    void serviceThatOthersMayHaveMadeIsNotDeletedWhenAnswersWereLost() {
        VirtualServer theirs = VirtualServer.of(WEB_RR, SECOND);
        VirtualService odd = VirtualService.of(ServiceKey.udp(IpAddress.of("10.96.0.11"), 53), Scheduler.ROUND_ROBIN);
        IpvsState wanted = IpvsState.of(VirtualServer.of(WEB_RR, FIRST), VirtualServer.of(odd));
        TinyKernel kernel = TinyKernel.with(theirs)
                .refuse("add udp", Errno.EBUSY)
                .refuse("add udp", Errno.EBUSY)
                .loseAnswersAfter(0);
        try (IpvsClient ipvs = open(kernel)) {
            PlanFailed failure = catchThrowableOfType(
                    PlanFailed.class, () -> ipvs.apply(between(IpvsState.EMPTY, wanted), OnFailure.ROLL_BACK));

            assertThat(failure.failedChange()).isEqualTo(new Change.AddService(odd));
            assertThat(failure.rolledBack()).isFalse();
            assertThat(failure).hasMessageContaining("others may have done it; read the state again");
            assertThat(kernel.state()).isEqualTo(IpvsState.of(VirtualServer.of(WEB_RR, SECOND, FIRST)));
        }
    }

    @Example
    void whatOthersChangedAfterItsAnswerWasLostIsToldWhenItIsNotUndone() {
        Destination altered = SECOND.withWeight(7);
        TinyKernel kernel = TinyKernel.with(VirtualServer.of(WEB_RR, FIRST))
                .refuse("-> 10.1.0.3", Errno.EBUSY)
                .refuse("-> 10.1.0.3", Errno.EBUSY)
                .loseAnswersAfter(0);
        kernel.beforeListing(() -> kernel.set(IpvsState.of(VirtualServer.of(WEB_RR, FIRST, altered))));
        try (IpvsClient ipvs = open(kernel)) {
            IpvsState wanted = IpvsState.of(VirtualServer.of(WEB_RR, FIRST, SECOND, THIRD));
            PlanFailed failure =
                    catchThrowableOfType(PlanFailed.class, () -> ipvs.apply(between(ONE, wanted), OnFailure.ROLL_BACK));

            assertThat(failure.rolledBack()).isFalse();
            assertThat(failure.undo().failures())
                    .singleElement()
                    .satisfies(left -> assertThat(left.change()).isEqualTo(new Change.DeleteDestination(WEB, SECOND)));
            assertThat(kernel.state()).isEqualTo(IpvsState.of(VirtualServer.of(WEB_RR, FIRST, altered)));
        }
    }

    @Example
    void whatWasDoneThoughItsAnswerWasLostIsUndone() {
        VirtualService odd = VirtualService.of(ServiceKey.udp(IpAddress.of("10.96.0.11"), 53), Scheduler.ROUND_ROBIN);
        IpvsState wanted = IpvsState.of(VirtualServer.of(WEB_RR, FIRST), VirtualServer.of(odd));
        TinyKernel kernel = new TinyKernel()
                .refuse("add udp", Errno.EBUSY)
                .refuse("add udp", Errno.EBUSY)
                .loseAnswersAfter(0);
        try (IpvsClient ipvs = open(kernel)) {
            PlanFailed failure = catchThrowableOfType(
                    PlanFailed.class, () -> ipvs.apply(between(IpvsState.EMPTY, wanted), OnFailure.ROLL_BACK));

            assertThat(failure.rolledBack()).isTrue();
            assertThat(kernel.state()).isEqualTo(IpvsState.EMPTY);
        }
    }

    @Example
    void undoingSaysWhatItLeftOutWhereTheKernelDoesNotAnswerAnyMore() {
        TinyKernel kernel = new TinyKernel().set(ONE);
        try (IpvsClient ipvs = open(kernel)) {
            kernel.deaf();
            PlanFailed failure =
                    catchThrowableOfType(PlanFailed.class, () -> ipvs.apply(between(ONE, TWO), OnFailure.ROLL_BACK));

            assertThat(failure.rolledBack()).isFalse();
            assertThat(failure.undo().outcomes()).hasSize(2).allMatch(Outcome.Unknown.class::isInstance);
        }
    }

    @Example
    void serviceThatOthersDeletedIsMadeAnewWithAllItsDestinations() {
        TinyKernel kernel = new TinyKernel();
        try (IpvsClient ipvs = open(kernel)) {
            Applied applied = ipvs.apply(between(ONE, TWO), OnFailure.ROLL_BACK);

            assertThat(kernel.state()).isEqualTo(TWO);
            assertThat(applied.corrections())
                    .containsExactly(
                            new Change.AddService(WEB_RR),
                            new Change.AddDestination(WEB, FIRST.withWeight(5)),
                            new Change.AddDestination(WEB, SECOND));
            assertThat(applied.rereads()).isEqualTo(2);
        }
    }

    @Example
    void serviceThatOthersDeleteInTheMiddleIsMadeAnew() {
        TinyKernel kernel = new TinyKernel();
        kernel.beforeChange("-> 10.1.0.2", () -> kernel.set(IpvsState.EMPTY));
        try (IpvsClient ipvs = open(kernel)) {
            assertThat(ipvs.apply(between(IpvsState.EMPTY, TWO), OnFailure.CONTINUE)
                            .succeeded())
                    .isTrue();
            assertThat(kernel.state()).isEqualTo(TWO);
        }
    }

    @Example
    void destinationThatOthersDeletedIsAddedInsteadOfUpdated() {
        TinyKernel kernel = TinyKernel.with(VirtualServer.of(WEB_RR));
        try (IpvsClient ipvs = open(kernel)) {
            Applied applied = ipvs.apply(between(ONE, TWO), OnFailure.ROLL_BACK);

            assertThat(applied.corrections()).containsExactly(new Change.AddDestination(WEB, FIRST.withWeight(5)));
            assertThat(kernel.state()).isEqualTo(TWO);
        }
    }

    @Example
    void destinationOfAServiceThatIsNotDescribedStaysRefused() {
        Plan plan = Plan.of(List.of(new Change.AddDestination(WEB, FIRST)));
        TinyKernel kernel = new TinyKernel();
        try (IpvsClient ipvs = open(kernel)) {
            Applied applied = ipvs.apply(plan, OnFailure.CONTINUE);

            assertThat(applied.failures())
                    .singleElement()
                    .satisfies(failure -> assertThat(failure.message()).contains("ESRCH"));
            assertThat(applied.rereads()).isEqualTo(1);
            assertThat(kernel.state()).isEqualTo(IpvsState.EMPTY);
        }
    }

    @Example
    void correctionsAreRolledBackToo() {
        VirtualServer there = VirtualServer.of(WEB_RR, FIRST, SECOND.withWeight(9));
        Plan plan = Plan.of(List.of(new Change.AddDestination(WEB, SECOND), new Change.DeleteDestination(WEB, FIRST)));
        TinyKernel kernel = TinyKernel.with(there).refuse("delete", Errno.EBUSY);
        try (IpvsClient ipvs = open(kernel)) {
            PlanFailed failure = catchThrowableOfType(PlanFailed.class, () -> ipvs.apply(plan, OnFailure.ROLL_BACK));

            assertThat(failure.attempt().corrections())
                    .containsExactly(new Change.UpdateDestination(WEB, SECOND.withWeight(9), SECOND));
            assertThat(failure.rolledBack()).isTrue();
            assertThat(kernel.state()).isEqualTo(IpvsState.of(there));
        }
    }

    @Example
    void failureNamesTheChangeRefusedForItselfRatherThanAnEarlierConflict() {
        ServiceKey dns = ServiceKey.udp(IpAddress.of("10.96.0.11"), 53);
        VirtualService lacking = VirtualService.of(dns, Scheduler.MAGLEV_HASHING);
        Plan plan = Plan.of(List.of(
                new Change.AddService(WEB_RR), new Change.AddDestination(WEB, FIRST), new Change.AddService(lacking)));
        TinyKernel kernel = new TinyKernel().set(ONE).refuse("add udp 10.96.0.11:53", Errno.ENOENT);
        try (IpvsClient ipvs = open(kernel)) {
            PlanFailed failure = catchThrowableOfType(PlanFailed.class, () -> ipvs.apply(plan, OnFailure.ROLL_BACK));

            assertThat(failure.failedChange()).isEqualTo(new Change.AddService(lacking));
            assertThat(failure).hasMessageStartingWith("add service udp 10.96.0.11:53 (mh): ENOENT");
            assertThat(failure.getCause())
                    .asInstanceOf(type(KernelRejected.class))
                    .extracting(KernelRejected::errno)
                    .isEqualTo(Errno.ENOENT);
            assertThat(failure.attempt().failures()).hasSize(3);
            assertThat(kernel.state()).isEqualTo(ONE);
        }
    }

    @Example
    void outcomesStayUnknownWhereTheKernelDoesNotAnswerAnyMore() {
        TinyKernel kernel = new TinyKernel().set(ONE);
        try (IpvsClient ipvs = open(kernel)) {
            kernel.deaf();
            Applied applied = ipvs.apply(between(ONE, TWO), OnFailure.CONTINUE);

            assertThat(applied.outcomes()).allMatch(Outcome.Unknown.class::isInstance);
            assertThat(applied.rereads()).isZero();
        }
    }
}
