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
import io.github.ipvs4j.netlink.NetlinkException;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SetReplacementTest {
    private static final SetDefinition VIPS =
            SetDefinition.hashIp("vips", IpFamily.IPV4).withMaxElements(300);

    @Test
    void createsWhatIsNotThere() {
        FakeIpset kernel = new FakeIpset();

        assertThat(replace(kernel, vips(0, 9)).way()).isEqualTo(Replacement.Way.CREATED);
        assertThat(kernel.sets.values()).containsExactly(vips(0, 9));
    }

    @Test
    void changesOnlyTheDifferenceWhereThatIsLess() {
        FakeIpset kernel = new FakeIpset().with(List.of(vips(0, 9)));

        assertThat(replace(kernel, vips(0, 9))).isEqualTo(new Replacement(Replacement.Way.UNCHANGED, 0, 0));
        assertThat(kernel.commands).containsExactly(IpsetCommands.LIST);
        assertThat(replace(kernel, vips(1, 11))).isEqualTo(new Replacement(Replacement.Way.CHANGED, 2, 1));
        assertThat(kernel.sets.values()).containsExactly(vips(1, 11));
        assertThat(kernel.commands).doesNotContain(IpsetCommands.SWAP, IpsetCommands.CREATE);
    }

    @Test
    void leavesAloneASetThatIsAsWantedThoughItHasNoRoom() {
        SetDefinition full = VIPS.withMaxElements(10)
                .withOptions(((SetOptions.Hash) VIPS.withMaxElements(10).options()).withForceAdd(true));
        IpSet set = new IpSet(full, vips(0, 9).entries());
        FakeIpset kernel = new FakeIpset().with(List.of(set));

        assertThat(replace(kernel, set).way()).isEqualTo(Replacement.Way.UNCHANGED);
        assertThat(replace(kernel, set.with(List.of(), vips(0, 3).entries())).way())
                .isEqualTo(Replacement.Way.CHANGED);
    }

    @Test
    void swapsWhereMuchDiffersOrRoomLacksOrOptionsDiffer() {
        FakeIpset kernel = new FakeIpset().with(List.of(vips(0, 9)));
        IpSet larger = new IpSet(VIPS.withMaxElements(500), vips(0, 9).entries());

        assertThat(replace(kernel, vips(100, 109)).way()).isEqualTo(Replacement.Way.SWAPPED);
        assertThat(kernel.sets.get("vips").entries()).isEqualTo(vips(100, 109).entries());
        assertThat(replace(kernel, larger).way()).isEqualTo(Replacement.Way.SWAPPED);
        assertThat(kernel.sets.keySet()).containsExactly("vips");
        assertThat(kernel.sets.get("vips").definition().matches(larger.definition()))
                .isTrue();
    }

    @Test
    void keepsCountersAndTimesOfEntriesThatStay() {
        SetDefinition counting = VIPS.withCounters().withTimeout(60);
        SetEntry stays = entry(1);
        EntryOptions running = EntryOptions.NONE.withCounters(7, 700).withTimeout(30);
        FakeIpset kernel = new FakeIpset().with(List.of(new IpSet(counting, Set.of(stays), Map.of(stays, running))));

        replace(kernel, IpSet.of(counting.withMaxElements(10), List.of(stays, entry(2))));

        assertThat(kernel.sets.get("vips").optionsOf(stays)).isEqualTo(running);
        assertThat(kernel.sets.get("vips").optionsOf(entry(2))).isEqualTo(EntryOptions.NONE);
    }

    @Test
    void removesWhatAKilledProcessLeft() {
        SetDefinition left = SetDefinition.bitmapPort(SetReplacement.temporaryName("vips"), 0, 9);
        FakeIpset kernel = new FakeIpset().with(List.of(vips(0, 9), IpSet.empty(left)));

        assertThat(replace(kernel, vips(100, 109)).way()).isEqualTo(Replacement.Way.SWAPPED);
        assertThat(kernel.sets.keySet()).containsExactly("vips");
    }

    @Test
    void namesTheEntryThatIsRefused() {
        FakeIpset kernel = new FakeIpset().with(List.of(vips(0, 250)));
        kernel.refusedEntry = text -> text.equals("10.0.0.252");

        assertThatThrownBy(() -> replace(kernel, vips(0, 252)))
                .isInstanceOf(KernelRejected.class)
                .hasMessageContaining("add 10.0.0.252 to set vips: errno 4353");
        assertThat(kernel.sets.values()).containsExactly(vips(0, 250));
    }

    @Test
    void leavesCountersAndTimesOfUntouchedEntriesWhenItIsUndone() {
        SetDefinition counting = VIPS.withCounters().withTimeout(60);
        EntryOptions read = EntryOptions.NONE.withCounters(7, 700).withTimeout(30);
        EntryOptions meanwhile = EntryOptions.NONE.withCounters(9, 900).withTimeout(20);
        IpSet before = new IpSet(counting, Set.of(entry(1), entry(2)), Map.of(entry(1), read, entry(2), read));
        IpSet counted = new IpSet(counting, before.entries(), Map.of(entry(1), meanwhile, entry(2), meanwhile));
        FakeIpset kernel = new FakeIpset().with(List.of(before));
        kernel.refusedEntry = text -> {
            // Once: what takes the addition back must go through, or nothing would be put back at all.
            kernel.refusedEntry = later -> false;
            kernel.sets.put("vips", counted);
            return text.equals("10.0.0.3");
        };

        assertThatThrownBy(() -> replace(kernel, IpSet.of(counting, List.of(entry(2), entry(3)))))
                .isInstanceOf(KernelRejected.class);
        assertThat(kernel.sets.get("vips").options()).isEqualTo(counted.options());
    }

    @Property(tries = 600)
    void leavesAllOrNothingWhateverFails(
            @ForAll @IntRange(max = 20) int from,
            @ForAll @IntRange(max = 10) int to,
            @ForAll boolean resized,
            @ForAll boolean known,
            @ForAll boolean lost,
            @ForAll @IntRange(max = 8) int failing) {
        IpSet before = vips(0, 12);
        IpSet wanted = new IpSet(
                VIPS.withMaxElements(resized ? 400 : 300), vips(from, from + to).entries());
        FakeIpset kernel = new FakeIpset().with(List.of(before));
        if (lost) {
            kernel.lostAnswer = failing;
        } else {
            kernel.fault = number -> number == failing ? 12 : 0;
        }

        boolean done = true;
        try {
            replace(kernel, known ? Optional.of(before) : Optional.empty(), wanted);
        } catch (KernelRejected e) {
            assertThat(e.errno()).isEqualTo(new Errno(12));
            done = false;
        } catch (NetlinkException e) {
            assertThat(lost).isTrue();
            // Where only the answer to the last step is lost, it has taken effect.
            done = kernel.sets.get("vips").entries().equals(wanted.entries());
        }

        IpSet after = kernel.sets.get("vips");
        assertThat(after.entries()).isEqualTo(done ? wanted.entries() : before.entries());
        assertThat(after.definition().matches(done ? wanted.definition() : before.definition()))
                .isTrue();
        boolean leftBehind = done && kernel.sets.size() == 2;
        assertThat(leftBehind || kernel.sets.size() == 1).isTrue();
    }

    @Property(tries = 400)
    void changesWhatIsSaidOrReadsWhereItIsNotSo(
            @ForAll @IntRange(max = 20) int from,
            @ForAll @IntRange(max = 10) int to,
            @ForAll @IntRange(max = 10) int other,
            @ForAll boolean derived) {
        IpSet said = vips(0, 12);
        IpSet wanted =
                derived ? said.with(members(from, from + to), vips(0, other).entries()) : vips(from, from + to);
        FakeIpset kernel = new FakeIpset().with(List.of(said));
        FakeIpset drifted = new FakeIpset().with(List.of(vips(0, 12 + other)));

        replace(kernel, Optional.of(said), wanted);
        replace(drifted, Optional.of(said), wanted.with(members(13, 22), List.of()));

        assertThat(kernel.sets.values()).containsExactly(wanted);
        assertThat(kernel.sets.get("vips").entries()).hasSameSizeAs(wanted.entries());
        assertThat(drifted.sets.get("vips").entries())
                .containsAll(wanted.entries())
                .containsAll(vips(13, 22).entries());
    }

    @Test
    void readsNothingWhereTheChangeIsSaid() {
        FakeIpset kernel = new FakeIpset().with(List.of(vips(0, 200)));
        IpSet wanted = vips(0, 200).with(members(201, 203), List.of(entry(7)));
        IpSet before = vips(0, 200);
        IpSet after = before.with(members(201, 203), List.of(entry(7)));

        assertThat(after).isEqualTo(wanted);
        assertThat(replace(kernel, Optional.of(before), after))
                .isEqualTo(new Replacement(Replacement.Way.CHANGED, 3, 1));
        assertThat(kernel.sets.values()).containsExactly(wanted);
        assertThat(kernel.commands).containsExactly(IpsetCommands.ADD, IpsetCommands.DELETE);
    }

    @Test
    void readsWhatRunsBeforeItGivesOptionsAnew() {
        SetDefinition counting = VIPS.withCounters().withComment();
        EntryOptions running = EntryOptions.NONE.withCounters(7, 700);
        FakeIpset kernel = new FakeIpset()
                .with(List.of(new IpSet(counting, Set.of(entry(1), entry(2)), Map.of(entry(1), running))));
        IpSet before = IpSet.of(counting, List.of(entry(1), entry(2)));
        SetMember commented = new SetMember(entry(1), EntryOptions.NONE.withComment("x"));

        replace(kernel, Optional.of(before), before.with(List.of(commented), List.of()));

        assertThat(kernel.sets.get("vips").optionsOf(entry(1))).isEqualTo(running.withComment("x"));
    }

    @Test
    void createsTheSetThatIsSaidToBeThere() {
        FakeIpset kernel = new FakeIpset();

        assertThat(replace(kernel, Optional.of(vips(0, 9)), vips(0, 10)).way()).isEqualTo(Replacement.Way.CREATED);
        assertThat(kernel.sets.values()).containsExactly(vips(0, 10));
    }

    private static List<SetMember> members(int from, int to) {
        return vips(from, to).members();
    }

    private static Replacement replace(FakeIpset kernel, Optional<IpSet> before, IpSet wanted) {
        try (IpsetClient client = IpsetClient.open(
                NetlinkClient.builder(NetlinkProtocol.NETFILTER).transport(kernel))) {
            return before.map(known -> client.replace(known, wanted)).orElseGet(() -> client.replace(wanted));
        }
    }

    private static Replacement replace(FakeIpset kernel, IpSet wanted) {
        try (IpsetClient client = IpsetClient.open(
                NetlinkClient.builder(NetlinkProtocol.NETFILTER).transport(kernel))) {
            return client.replace(wanted);
        }
    }

    private static IpSet vips(int from, int to) {
        return IpSet.of(
                VIPS,
                IntStream.rangeClosed(from, to)
                        .mapToObj(SetReplacementTest::entry)
                        .toList());
    }

    private static SetEntry entry(int number) {
        return new SetEntry.Ip(IpAddress.of("10.0.0." + number));
    }
}
