// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.netlink.NetlinkClient;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.netlink.Outcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class SetPlanPropertyTest {
    private static final int ENOMEM = 12;

    @Provide
    Arbitrary<List<IpSet>> states() {
        // All combinations of the extremes of four sets are more than all tries.
        return IpsetArbitraries.states().withoutEdgeCases();
    }

    @Property
    void leadsFromOneStateToTheOther(@ForAll("states") List<IpSet> a, @ForAll("states") List<IpSet> b) {
        assertThat(applied(a, SetPlan.between(a, b).changes())).isEqualTo(byName(b));
    }

    @Property
    void isEmptyBetweenEqualStates(@ForAll("states") List<IpSet> a) {
        assertThat(SetPlan.between(a, a).isEmpty()).isTrue();
    }

    @Property
    void inverseLeadsBack(@ForAll("states") List<IpSet> a, @ForAll("states") List<IpSet> b) {
        SetPlan plan = SetPlan.between(a, b);

        assertThat(applied(b, plan.inverse().changes())).isEqualTo(byName(a));
        assertThat(plan.inverse().inverse().changes()).isEqualTo(plan.changes());
    }

    @Property
    void inversesOfTheChangesLeadBackFromEveryPlace(@ForAll("states") List<IpSet> a, @ForAll("states") List<IpSet> b) {
        List<SetChange> changes = SetPlan.between(a, b).changes();
        for (int length = 0; length <= changes.size(); length++) {
            List<SetChange> thereAndBack = new ArrayList<>(changes.subList(0, length));
            for (int i = length - 1; i >= 0; i--) {
                thereAndBack.addAll(changes.get(i).inverse());
            }
            assertThat(applied(a, thereAndBack)).isEqualTo(byName(a));
        }
    }

    @Property
    void keepsWhatIsWantedBeforeAndAfterAtEveryPlace(@ForAll("states") List<IpSet> a, @ForAll("states") List<IpSet> b) {
        Map<String, IpSet> before = byName(a);
        Map<String, Set<SetEntry>> kept = new LinkedHashMap<>();
        for (IpSet set : b) {
            IpSet present = before.get(set.name());
            if (present != null && present.definition().matches(set.definition())) {
                Set<SetEntry> both = new LinkedHashSet<>(present.entries());
                both.retainAll(set.entries());
                kept.put(set.name(), both);
            }
        }
        List<SetChange> changes = SetPlan.between(a, b).changes();
        for (int length = 0; length <= changes.size(); length++) {
            Map<String, IpSet> now = applied(a, changes.subList(0, length));
            kept.forEach((name, entries) -> assertThat(now.get(name).entries()).containsAll(entries));
        }
    }

    @Property
    void neverTouchesWhatIsNotOwned(@ForAll("states") List<IpSet> a, @ForAll("states") List<IpSet> b) {
        Set<String> owned = Set.of("a", "b");
        List<IpSet> desired =
                b.stream().filter(set -> owned.contains(set.name())).toList();

        SetPlan plan = SetPlan.between(a, desired, owned::contains);

        assertThat(plan.changes()).allMatch(change -> isOwned(change.set().name()));
        assertThat(plan.inverse().changes())
                .allMatch(change -> isOwned(change.set().name()));
    }

    @Property(tries = 150)
    void clientCarriesPlansOutAndFindsThemCarriedOutTheSecondTime(
            @ForAll("states") List<IpSet> a, @ForAll("states") List<IpSet> b) {
        FakeIpset kernel = new FakeIpset().with(a);
        SetPlan plan = SetPlan.between(a, b);
        boolean replaces = plan.changes().stream()
                .filter(change -> change instanceof SetChange.DestroySet)
                .anyMatch(change -> byName(b).containsKey(change.set().name()));
        try (IpsetClient client = client(kernel)) {
            AppliedSetPlan first = client.apply(plan, SetPlan.OnFailure.ROLL_BACK);

            assertThat(first.outcomes()).hasSize(plan.changes().size()).allMatch(Outcome.DONE::equals);
            assertThat(first.undone()).isEmpty();
            assertThat(kernel.sets).isEqualTo(byName(b));
            assertThat(byName(client.list())).isEqualTo(byName(b));
            if (!replaces) {
                // A set that is made anew is made anew again; everything else is found as it is to be.
                AppliedSetPlan second = client.apply(plan, SetPlan.OnFailure.ROLL_BACK);
                assertThat(second.succeeded()).isTrue();
            }
            assertThat(kernel.sets).isEqualTo(byName(b));
        }
    }

    @Property(tries = 150)
    void clientLeavesWhatWasThereWhereverAChangeFails(
            @ForAll("states") List<IpSet> a,
            @ForAll("states") List<IpSet> b,
            @ForAll @IntRange(max = 30) int place,
            @ForAll @IntRange(min = 1, max = 50) int answersADatagram) {
        FakeIpset kernel = new FakeIpset().with(a);
        kernel.maxPendingAnswers = answersADatagram;
        kernel.fault = number -> number == place ? ENOMEM : 0;
        SetPlan plan = SetPlan.between(a, b);
        try (IpsetClient client = client(kernel)) {
            AppliedSetPlan applied = client.apply(plan, SetPlan.OnFailure.ROLL_BACK);

            if (place < plan.changes().size()) {
                assertThat(applied.succeeded()).isFalse();
                assertThat(applied.firstFailure())
                        .hasValueSatisfying(why -> assertThat(why).hasMessageContaining("ENOMEM"));
                assertThat(applied.undone()).allMatch(Outcome::succeeded);
                assertThat(kernel.sets).isEqualTo(byName(a));
            } else {
                assertThat(applied.succeeded()).isTrue();
                assertThat(kernel.sets).isEqualTo(byName(b));
            }
        }
    }

    private static boolean isOwned(String name) {
        return Set.of("a", "b", SetReplacement.temporaryName("a"), SetReplacement.temporaryName("b"))
                .contains(name);
    }

    private static IpsetClient client(FakeIpset kernel) {
        return IpsetClient.open(NetlinkClient.builder(NetlinkProtocol.NETFILTER).transport(kernel));
    }

    private static Map<String, IpSet> byName(Collection<IpSet> sets) {
        return sets.stream().collect(Collectors.toMap(IpSet::name, set -> set));
    }

    /** Carries changes out in memory; each must be possible and must change something. */
    private static Map<String, IpSet> applied(Collection<IpSet> state, List<SetChange> changes) {
        Map<String, IpSet> sets = byName(state);
        for (SetChange change : changes) {
            String name = change.set().name();
            IpSet present = sets.get(name);
            if (change instanceof SetChange.CreateSet create) {
                assertThat(present).as("%s", change).isNull();
                sets.put(name, IpSet.empty(create.set()));
            } else if (change instanceof SetChange.DestroySet) {
                assertThat(present).as("%s", change).isNotNull();
                sets.remove(name);
            } else if (change instanceof SetChange.SwapSets swap) {
                IpSet other = sets.get(swap.other().name());
                assertThat(present.definition()).isEqualTo(swap.set());
                assertThat(other.definition()).isEqualTo(swap.other());
                sets.put(name, new IpSet(other.definition().withName(name), other.entries()));
                sets.put(other.name(), new IpSet(present.definition().withName(other.name()), present.entries()));
            } else if (change instanceof SetChange.AddEntry add) {
                Set<SetEntry> entries = new LinkedHashSet<>(present.entries());
                assertThat(entries.add(add.entry())).as("%s", change).isTrue();
                assertThat(entries.size()).as("%s", change).isLessThanOrEqualTo(limit(present));
                sets.put(name, new IpSet(present.definition(), entries));
            } else if (change instanceof SetChange.DeleteEntry delete) {
                Set<SetEntry> entries = new LinkedHashSet<>(present.entries());
                assertThat(entries.remove(delete.entry())).as("%s", change).isTrue();
                sets.put(name, new IpSet(present.definition(), entries));
            }
        }
        return sets;
    }

    private static int limit(IpSet set) {
        return set.definition().options() instanceof SetOptions.Hash hash ? (int) hash.maxElements() : 65536;
    }
}
