// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.KernelRejected;
import io.github.ipvs4j.netlink.NetlinkClient;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.netlink.Outcome;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SetPlanTest {
    private static final SetDefinition VIPS =
            SetDefinition.hashIp("vips", IpFamily.IPV4).withMaxElements(3);
    private static final SetDefinition PORTS = SetDefinition.bitmapPort("ports", 0, 65535);
    private static final SetDefinition OLD = SetDefinition.hashIpPort("old", IpFamily.IPV6);

    @Test
    void printsLinesForIpsetRestoreInSafeOrder() {
        List<IpSet> actual = List.of(
                vips(1, 2), IpSet.of(OLD, List.of(new SetEntry.IpPort(IpAddress.of("fd00::1"), SetProtocol.TCP, 1))));
        List<IpSet> desired = List.of(vips(2, 3), IpSet.of(PORTS, List.of(new SetEntry.Port(30080))));

        SetPlan plan = SetPlan.between(actual, desired);

        assertThat(plan).hasToString("""
                        create ports bitmap:port range 0-65535
                        add vips 10.0.0.3
                        add ports 30080
                        del vips 10.0.0.1
                        destroy old
                        """);
        assertThat(plan.inverse()).hasToString("""
                        create old hash:ip,port family inet6 hashsize 1024 maxelem 65536
                        add vips 10.0.0.1
                        add old fd00::1,tcp:1
                        del vips 10.0.0.3
                        destroy ports
                        """);
    }

    @Test
    void makesRoomWithOnlyAsManyDeletionsAsAreNeeded() {
        assertThat(SetPlan.between(List.of(vips(1, 2)), List.of(vips(3, 4)))).hasToString("""
                        del vips 10.0.0.1
                        add vips 10.0.0.3
                        add vips 10.0.0.4
                        del vips 10.0.0.2
                        """);
    }

    @Test
    void makesSetAnewWhereItsDefinitionDiffers() {
        IpSet wider = IpSet.of(VIPS.withMaxElements(5), vips(1, 2).entries());

        String name = SetReplacement.temporaryName("vips");
        assertThat(SetPlan.between(List.of(vips(1)), List.of(wider)).toString().replace(name, "T"))
                .isEqualTo("""
                        create T hash:ip family inet hashsize 1024 maxelem 5
                        add T 10.0.0.1
                        add T 10.0.0.2
                        swap T vips
                        destroy T
                        """);
    }

    @Test
    void destroysWhatAKilledProcessLeftBeforeItTakesTheName() {
        IpSet left = IpSet.empty(VIPS.withName(SetReplacement.temporaryName("vips")));
        IpSet wider = IpSet.of(VIPS.withMaxElements(5), vips(1).entries());

        assertThat(SetPlan.between(List.of(vips(1), left), List.of(wider)).changes())
                .startsWith(new SetChange.DestroySet(left));
    }

    @Test
    void destroysSetOfAnotherTypeBeforeItTakesTheName() {
        IpSet ports = IpSet.empty(SetDefinition.bitmapPort("vips", 0, 9));

        assertThat(SetPlan.between(List.of(vips(1)), List.of(ports))).hasToString("""
                        destroy vips
                        create vips bitmap:port range 0-9
                        """);
    }

    @Test
    void carriesOptionsOfEntriesThereAndBack() {
        SetDefinition commented = VIPS.withComment().withCounters();
        SetEntry one = new SetEntry.Ip(IpAddress.of("10.0.0.1"));
        SetEntry two = new SetEntry.Ip(IpAddress.of("10.0.0.2"));
        SetEntry three = new SetEntry.Ip(IpAddress.of("10.0.0.3"));
        EntryOptions counted = EntryOptions.NONE.withCounters(5, 50);
        IpSet before = new IpSet(
                commented, Set.of(one, two), Map.of(one, counted.withComment("old"), two, counted.withComment("x")));
        IpSet after = new IpSet(
                commented,
                Set.of(one, three),
                Map.of(one, EntryOptions.NONE.withComment("new"), three, EntryOptions.NONE.withComment("y")));
        FakeIpset kernel = new FakeIpset().with(List.of(before));
        SetPlan plan = SetPlan.between(List.of(before), List.of(after));

        assertThat(plan).hasToString("""
                        add vips 10.0.0.3 comment "y"
                        add vips 10.0.0.1 packets 5 bytes 50 comment "new" -exist
                        del vips 10.0.0.2
                        """);
        try (IpsetClient client = client(kernel)) {
            assertThat(client.apply(plan, SetPlan.OnFailure.ROLL_BACK).succeeded())
                    .isTrue();
            IpSet now = client.list("vips").orElseThrow();
            assertThat(now.optionsOf(one)).isEqualTo(counted.withComment("new"));
            assertThat(now.optionsOf(three).comment()).isEqualTo("y");
            kernel.fault = number -> number == 6 ? 12 : 0;
            SetPlan back = SetPlan.between(List.of(now), List.of(before));
            assertThat(client.apply(back, SetPlan.OnFailure.ROLL_BACK).undone()).isEmpty();
            assertThat(kernel.sets.get("vips")).isEqualTo(before);
        }
    }

    @Test
    void takesOtherNumberOfBucketsForNoDifference() {
        IpSet grown = IpSet.of(VIPS.withHashSize(65536), vips(1).entries());

        assertThat(SetPlan.between(List.of(grown), List.of(vips(1))).isEmpty()).isTrue();
    }

    @Test
    void refusesAmbiguousStates() {
        assertThatThrownBy(() -> SetPlan.between(List.of(vips(1), vips(2)), List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("set vips occurs twice in the actual state");
        assertThatThrownBy(() -> SetPlan.between(List.of(), List.of(vips(1), vips(2))))
                .hasMessage("set vips occurs twice in the desired state");
        assertThatThrownBy(() -> SetPlan.between(List.of(), List.of(vips(1)), name -> name.startsWith("KUBE-")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("set vips: desired, but not owned");
    }

    @Test
    void goesOnAfterFailureAndLeavesTheRestWhereThatIsWanted() {
        FakeIpset kernel = new FakeIpset().with(List.of(vips(1)));
        kernel.fault = number -> number == 0 ? 12 : 0;
        try (IpsetClient client = client(kernel)) {
            AppliedSetPlan applied =
                    client.apply(SetPlan.between(List.of(vips(1)), List.of(vips(2, 3))), SetPlan.OnFailure.CONTINUE);

            assertThat(applied.succeeded()).isFalse();
            assertThat(applied.rolledBack()).isFalse();
            assertThat(applied.outcomes().subList(1, 3)).containsOnly(Outcome.DONE);
            assertThat(kernel.sets).containsValue(vips(3));
        }
    }

    @Test
    void keepsWhatWasThereAlreadyWhenItIsRolledBack() {
        // Planned on an empty kernel, but somebody was faster.
        FakeIpset kernel = new FakeIpset().with(List.of(vips(1)));
        kernel.fault = number -> number == 2 ? 12 : 0;
        try (IpsetClient client = client(kernel)) {
            AppliedSetPlan applied =
                    client.apply(SetPlan.between(List.of(), List.of(vips(1, 2, 3))), SetPlan.OnFailure.ROLL_BACK);

            assertThat(applied.rolledBack()).isTrue();
            assertThat(kernel.sets).containsOnlyKeys("vips").containsValue(vips(1));
        }
    }

    @Test
    void tellsWhereItCouldNotBeRolledBack() {
        FakeIpset kernel = new FakeIpset();
        kernel.fault = number -> number >= 1 ? 12 : 0;
        try (IpsetClient client = client(kernel)) {
            AppliedSetPlan applied =
                    client.apply(SetPlan.between(List.of(), List.of(vips(1))), SetPlan.OnFailure.ROLL_BACK);

            assertThat(applied.succeeded()).isFalse();
            assertThat(applied.undone()).hasSize(1);
            assertThat(applied.rolledBack()).isFalse();
        }
    }

    @Test
    void destroysNothingThatIsInUseAndTakesTheRestBack() {
        FakeIpset kernel = new FakeIpset().with(List.of(vips(1), IpSet.empty(PORTS)));
        kernel.referenced.add("vips");
        try (IpsetClient client = client(kernel)) {
            AppliedSetPlan applied = client.apply(
                    SetPlan.between(List.of(vips(1), IpSet.empty(PORTS)), List.of()), SetPlan.OnFailure.ROLL_BACK);

            assertThat(applied.firstFailure())
                    .hasValueSatisfying(why ->
                            assertThat(why).hasMessageContaining("destroy set vips: errno 4100: the set is in use"));
            assertThat(applied.rolledBack()).isTrue();
            assertThat(kernel.sets.values()).containsExactlyInAnyOrder(vips(1), IpSet.empty(PORTS));
        }
    }

    @Test
    void changesNothingWhereTheKernelRefusesToBeAsked() {
        FakeIpset kernel = new FakeIpset().with(List.of(vips(1)));
        kernel.refusal = Errno.EPERM.number();
        try (IpsetClient client = client(kernel)) {
            SetPlan plan = SetPlan.between(List.of(vips(1)), List.of(vips(2)));

            assertThatThrownBy(() -> client.apply(plan, SetPlan.OnFailure.CONTINUE))
                    .isInstanceOf(KernelRejected.class)
                    .hasMessageContaining("EPERM");
        }
    }

    @Test
    void asksTheKernelNothingWhereThereIsNothingToDo() {
        FakeIpset kernel = new FakeIpset();
        try (IpsetClient client = client(kernel)) {
            AppliedSetPlan applied = client.apply(SetPlan.between(List.of(), List.of()), SetPlan.OnFailure.ROLL_BACK);

            assertThat(applied.succeeded()).isTrue();
            assertThat(kernel.commands).isEmpty();
        }
    }

    private static IpsetClient client(FakeIpset kernel) {
        return IpsetClient.open(NetlinkClient.builder(NetlinkProtocol.NETFILTER).transport(kernel));
    }

    private static IpSet vips(int... numbers) {
        return IpSet.of(
                VIPS,
                IntStream.of(numbers)
                        .mapToObj(number -> new SetEntry.Ip(IpAddress.of("10.0.0." + number)))
                        .toList());
    }
}
