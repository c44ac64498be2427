// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.domains.Domain;

/** The laws of plans. */
@Domain(IpvsArbitraries.class)
@PropertyDefaults(edgeCases = EdgeCasesMode.NONE)
class PlanPropertyTest {
    @Property
    void planFromOneStateToAnotherLeadsThere(@ForAll IpvsState a, @ForAll IpvsState b) {
        Plan plan = Plan.between(a, b, Ownership.everything());

        assertThat(new TableModel(a).carryOut(plan.changes()).state()).isEqualTo(b);
    }

    @Property
    void planFromAStateToItselfIsEmpty(@ForAll IpvsState a) {
        assertThat(Plan.between(a, new TableModel(a).state(), Ownership.everything())
                        .isEmpty())
                .isTrue();
    }

    @Property
    void inverseLeadsBack(@ForAll IpvsState a, @ForAll IpvsState b) {
        Plan plan = Plan.between(a, b, Ownership.everything());

        assertThat(new TableModel(a)
                        .carryOut(plan.changes())
                        .carryOut(plan.inverse().changes())
                        .state())
                .isEqualTo(a);
    }

    @Property
    void inverseOfEveryPrefixLeadsBack(@ForAll IpvsState a, @ForAll IpvsState b) {
        Plan plan = Plan.between(a, b, Ownership.everything());

        for (int length = 0; length <= plan.size(); length++) {
            Plan prefix = Plan.of(plan.changes().subList(0, length));
            assertThat(new TableModel(a)
                            .carryOut(prefix.changes())
                            .carryOut(prefix.inverse().changes())
                            .state())
                    .isEqualTo(a);
        }
    }

    @Property
    void serviceWithDestinationsBeforeAndAfterAlwaysHasSome(@ForAll IpvsState a, @ForAll IpvsState b) {
        keepsThroughEveryPrefix(a, b, destination -> true);
    }

    @Property
    void serviceThatTakesConnectionsBeforeAndAfterAlwaysDoes(@ForAll IpvsState a, @ForAll IpvsState b) {
        keepsThroughEveryPrefix(a, b, destination -> destination.weight() > 0);
    }

    private static void keepsThroughEveryPrefix(IpvsState a, IpvsState b, Predicate<Destination> useful) {
        keepsThroughEveryPrefix(a, Plan.between(a, b, Ownership.everything()), useful);
    }

    /** Checks what is useful in the services that have it before and after a whole plan. */
    private static void keepsThroughEveryPrefix(IpvsState a, Plan plan, Predicate<Destination> useful) {
        IpvsState b = new TableModel(a).carryOut(plan.changes()).state();
        TableModel table = new TableModel(a);
        for (Change change : plan.changes()) {
            table.carryOut(change);
            IpvsState now = table.state();
            for (ServiceKey key : a.byKey().keySet()) {
                if (has(a, key, useful) && has(b, key, useful)) {
                    assertThat(has(now, key, useful))
                            .as("%s after %s", key, change)
                            .isTrue();
                }
            }
        }
    }

    private static boolean has(IpvsState state, ServiceKey key, Predicate<Destination> useful) {
        Optional<VirtualServer> server = state.find(key);
        return server.isPresent() && server.get().destinations().stream().anyMatch(useful);
    }

    @Property
    void noChangeTouchesAForeignKey(@ForAll IpvsState a, @ForAll IpvsState b, @ForAll Ownership ownership) {
        Plan plan = Plan.between(a, b, ownership);

        assertThat(plan.changes()).allMatch(change -> ownership.test(change.key()));
        assertThat(plan.inverse().changes()).allMatch(change -> ownership.test(change.key()));
    }

    @Property
    void ownedKeysBecomeAsDesiredAndForeignOnesStay(
            @ForAll IpvsState a, @ForAll IpvsState b, @ForAll Ownership ownership) {
        IpvsState after = new TableModel(a)
                .carryOut(Plan.between(a, b, ownership).changes())
                .state();

        assertThat(after)
                .isEqualTo(IpvsState.of(Stream.concat(
                                b.servers().stream().filter(server -> ownership.test(server.key())),
                                a.servers().stream().filter(server -> !ownership.test(server.key())))
                        .toList()));
    }

    @Property
    void deletionsComeLast(@ForAll IpvsState a, @ForAll IpvsState b) {
        Plan plan = Plan.between(a, b, Ownership.everything());

        assertThat(plan.changes().stream().map(PlanPropertyTest::stage).toList())
                .isSorted();
    }

    private static int stage(Change change) {
        if (change instanceof Change.AddService || change instanceof Change.AddDestination) {
            return 0;
        }
        return change instanceof Change.DeleteService || change instanceof Change.DeleteDestination ? 2 : 1;
    }

    @Property
    void nothingIsDeletedAndAddedAgain(@ForAll IpvsState a, @ForAll IpvsState b) {
        assertThat(Plan.between(a, b, Ownership.everything()).changes())
                .noneMatch(change -> change instanceof Change.DeleteDestination delete
                        && b.find(delete.service()).stream()
                                .flatMap(server -> server.destinations().stream())
                                .anyMatch(delete.destination()::hasKeyOf))
                .noneMatch(change -> change instanceof Change.DeleteService
                        && b.find(change.key()).isPresent());
    }

    @Property
    void mostUrgentServicesComeFirstInEachStage(@ForAll IpvsState a, @ForAll IpvsState b) {
        Comparator<ServiceKey> byName = Comparator.comparing(ServiceKey::toString);
        Plan plan = Plan.between(a, b, Ownership.everything(), byName);

        assertThat(plan.changes())
                .isSortedAccordingTo(
                        Comparator.<Change>comparingInt(PlanPropertyTest::stage).thenComparing(Change::key, byName));
        assertThat(plan.changes())
                .containsExactlyInAnyOrderElementsOf(
                        Plan.between(a, b, Ownership.everything()).changes());
        keepsThroughEveryPrefix(a, plan, destination -> true);
        keepsThroughEveryPrefix(a, plan, destination -> destination.weight() > 0);
    }

    @Property
    void whatAFilterLeavesCanBeCarriedOutAndUndoneAndStarvesNoService(
            @ForAll IpvsState a, @ForAll IpvsState b, @ForAll List<Boolean> wanted) {
        Iterator<Boolean> choice = wanted.iterator();
        Plan plan = Plan.between(a, b, Ownership.everything());
        Plan some = plan.filter(change -> choice.hasNext() && choice.next());

        assertThat(some.changes())
                .isEqualTo(
                        plan.changes().stream().filter(some.changes()::contains).toList());
        keepsThroughEveryPrefix(a, some, destination -> true);
        keepsThroughEveryPrefix(a, some, destination -> destination.weight() > 0);
        assertThat(new TableModel(a)
                        .carryOut(some.changes())
                        .carryOut(some.inverse().changes())
                        .state())
                .isEqualTo(a);
    }

    @Property
    void filterThatKeepsEverythingKeepsEverything(@ForAll IpvsState a, @ForAll IpvsState b) {
        Plan plan = Plan.between(a, b, Ownership.everything());

        assertThat(plan.filter(change -> true)).isEqualTo(plan);
        assertThat(plan.filter(change -> false).isEmpty()).isTrue();
    }

    @Property
    void planForOneServerIsThatForStatesOfIt(@ForAll IpvsState a, @ForAll IpvsState b) {
        for (VirtualServer before : a.servers()) {
            b.find(before.key())
                    .ifPresent(after -> assertThat(Plan.between(before, after))
                            .isEqualTo(
                                    Plan.between(IpvsState.of(before), IpvsState.of(after), Ownership.everything())));
        }
    }
}
