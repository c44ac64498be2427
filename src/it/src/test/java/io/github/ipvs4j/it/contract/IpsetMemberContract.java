// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.ipset.EntryOptions;
import io.github.ipvs4j.ipset.EntryRange;
import io.github.ipvs4j.ipset.IpSet;
import io.github.ipvs4j.ipset.IpsetClient;
import io.github.ipvs4j.ipset.MacAddress;
import io.github.ipvs4j.ipset.Replacement;
import io.github.ipvs4j.ipset.SetDefinition;
import io.github.ipvs4j.ipset.SetEntry;
import io.github.ipvs4j.ipset.SetMember;
import io.github.ipvs4j.ipset.SetProtocol;
import io.github.ipvs4j.ipset.SetType;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.IpPrefix;
import io.github.ipvs4j.netlink.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@link IpsetClient} does on any kernel with what entries carry, with ranges, and with whole sets. */
abstract class IpsetMemberContract extends IpsetContract {
    private static final String OTHER = PREFIX + "other";
    private static final SetDefinition PLAIN = SetDefinition.hashIp(NAME, IpFamily.IPV4);
    private static final SetDefinition FULL =
            PLAIN.withTimeout(1000).withCounters().withComment().withPacketInfo();
    private static final IpPrefix NETWORK = IpPrefix.of("198.18.80.0/24");
    private static final MacAddress MAC = MacAddress.of("02:00:00:00:00:01");

    private static SetEntry.Ip ip(int last) {
        return new SetEntry.Ip(IpAddress.of("198.18." + (80 + last / 256) + "." + last % 256));
    }

    private static SetMember member(int last) {
        return new SetMember(ip(last));
    }

    private static SetMember carrying(int last, String comment) {
        return new SetMember(
                ip(last),
                EntryOptions.NONE
                        .withTimeout(5000)
                        .withCounters(3, 300)
                        .withComment(comment)
                        .withMark(0x11, 0xff));
    }

    private IpSet listed(String name) {
        return ipset.list(name).orElseThrow();
    }

    static Stream<Arguments> others() {
        IpAddress host = IpAddress.of("198.18.81.1");
        IpPrefix network6 = IpPrefix.of("2001:db8:80::/64");
        IpPrefix all = IpPrefix.of("0.0.0.0/0");
        SetProtocol tcp = SetProtocol.TCP;
        return Stream.of(
                Arguments.of(SetDefinition.hashMac(NAME), new SetEntry.Mac(MAC)),
                Arguments.of(hash(SetType.HASH_IP_MAC), new SetEntry.IpMac(host, MAC)),
                Arguments.of(hash(SetType.HASH_IP_MARK), new SetEntry.IpMark(host, -2)),
                Arguments.of(hash(SetType.HASH_NET), new SetEntry.Net(NETWORK)),
                Arguments.of(SetDefinition.hash(NAME, SetType.HASH_NET, IpFamily.IPV6), new SetEntry.Net(network6)),
                Arguments.of(hash(SetType.HASH_NET_NET), new SetEntry.NetNet(NETWORK, IpPrefix.single(host))),
                Arguments.of(hash(SetType.HASH_NET_PORT), new SetEntry.NetPort(NETWORK, tcp, 80)),
                Arguments.of(hash(SetType.HASH_NET_PORT_NET), new SetEntry.NetPortNet(NETWORK, tcp, 80, all)),
                Arguments.of(hash(SetType.HASH_NET_INTERFACE), new SetEntry.NetInterface(all, "i4j0", false, false)),
                Arguments.of(hash(SetType.HASH_NET_INTERFACE), new SetEntry.NetInterface(NETWORK, "i4j0", true, false)),
                Arguments.of(bitmap(SetType.BITMAP_IP), ip(7)),
                Arguments.of(bitmap(SetType.BITMAP_IP_MAC), new SetEntry.IpMac(ip(7).address(), MAC)));
    }

    private static SetDefinition hash(SetType type) {
        return SetDefinition.hash(NAME, type, IpFamily.IPV4);
    }

    private static SetDefinition bitmap(SetType type) {
        return SetDefinition.bitmap(NAME, type, IpAddress.of("198.18.80.0"), IpAddress.of("198.18.80.255"));
    }

    @ParameterizedTest
    @MethodSource("others")
    void keepsAnEntryOfEveryOtherType(SetDefinition definition, SetEntry entry) {
        ipset.create(definition);
        assertThat(ipset.add(NAME, List.of(entry, entry))).containsExactly(Outcome.DONE, Outcome.ALREADY_SO);
        assertThat(listed(NAME).entries()).containsExactly(entry);
        assertThat(ipset.test(NAME, new SetMember(entry))).isTrue();
        assertThat(ipset.delete(NAME, List.of(entry, entry))).containsExactly(Outcome.DONE, Outcome.ALREADY_SO);
        assertThat(ipset.test(NAME, new SetMember(entry))).isFalse();
    }

    @Test
    void keepsTheOrderOfAList() {
        List<SetEntry> members = new ArrayList<>();
        for (String member : List.of("one", "two", "three")) {
            ipset.create(PLAIN.withName(PREFIX + member));
            members.add(new SetEntry.Member(PREFIX + member));
        }
        ipset.create(SetDefinition.list(NAME));
        ipset.add(NAME, members.subList(0, 2));
        ipset.addMembers(
                NAME,
                List.of(new SetMember(
                        members.get(2),
                        EntryOptions.NONE.withPlacement(new EntryOptions.Placement(true, PREFIX + "two")))));
        assertThat(listed(NAME).entries()).containsExactly(members.get(0), members.get(2), members.get(1));
        assertRefused(() -> ipset.destroy(PREFIX + "two"), 4100, "destroy set ipvs4j-two");
    }

    @Test
    void keepsAllThatAnEntryCarries() {
        ipset.create(FULL);
        assertThat(ipset.addMembers(NAME, List.of(carrying(1, "one"), member(2))))
                .containsOnly(Outcome.DONE);
        EntryOptions first = listed(NAME).optionsOf(ip(1));
        assertThat(first.withTimeout(5000)).isEqualTo(carrying(1, "one").options());
        assertThat(first.timeout().orElseThrow()).isBetween(4900L, 5000L);
        assertThat(listed(NAME).optionsOf(ip(2)).timeout().orElseThrow()).isBetween(900L, 1000L);
    }

    @Test
    void leavesWhatIsThereWhenAddingAndRenewsItWhenPutting() {
        ipset.create(FULL);
        ipset.addMembers(NAME, List.of(carrying(1, "one")));
        assertThat(ipset.addMembers(NAME, List.of(carrying(1, "two")))).containsExactly(Outcome.ALREADY_SO);
        assertThat(listed(NAME).optionsOf(ip(1)).comment()).isEqualTo("one");
        assertThat(ipset.putMembers(NAME, List.of(carrying(1, "two"), member(3))))
                .containsOnly(Outcome.DONE);
        assertThat(listed(NAME).optionsOf(ip(1)).comment()).isEqualTo("two");
        assertThat(listed(NAME).entries()).containsExactlyInAnyOrder(ip(1), ip(3));
    }

    @Test
    void refusesWhatTheSetWasCreatedWithout() {
        ipset.create(PLAIN);
        List<Outcome> outcomes =
                ipset.addMembers(NAME, List.of(new SetMember(ip(1), EntryOptions.NONE.withComment("no")), member(2)));
        assertThat(outcomes.get(0))
                .isInstanceOfSatisfying(
                        Outcome.Rejected.class,
                        rejected -> assertThat(rejected.why().errno().number()).isEqualTo(4112));
        assertThat(listed(NAME).entries()).containsExactly(ip(2));
    }

    @Test
    void addsAndDeletesRanges() {
        ipset.create(PLAIN);
        SetMember range = new SetMember(new EntryRange(ip(1), ip(9)));
        assertThat(ipset.addMembers(NAME, List.of(range))).containsExactly(Outcome.DONE);
        assertThat(listed(NAME).entries()).hasSize(9).contains(ip(1), ip(5), ip(9));
        assertThat(ipset.deleteMembers(NAME, List.of(new SetMember(new EntryRange(ip(4), ip(20))), member(1))))
                .allMatch(Outcome::succeeded);
        assertThat(listed(NAME).entries()).containsExactlyInAnyOrder(ip(2), ip(3));
    }

    @Test
    void loadsUntilTheSetIsFull() {
        ipset.create(PLAIN.withMaxElements(1500));
        List<SetMember> failed = new ArrayList<>();
        long added = ipset.load(
                NAME,
                IntStream.rangeClosed(1, 2000)
                        .mapToObj(IpsetMemberContract::member)
                        .iterator(),
                (member, outcome) -> failed.add(member));
        assertThat(added).isEqualTo(1500);
        assertThat(failed).hasSize(500).endsWith(member(2000));
        assertThat(listed(NAME).entries()).hasSize(1500);
    }

    @Test
    void givesASetAnotherName() {
        ipset.create(PLAIN);
        ipset.add(NAME, List.of(ip(1)));
        ipset.rename(NAME, OTHER);
        assertThat(ipset.list(NAME)).isEmpty();
        assertThat(listed(OTHER).entries()).containsExactly(ip(1));
        assertRefused(() -> ipset.rename(NAME, PREFIX + "third"), 2, "ENOENT");
        ipset.create(PLAIN);
        assertRefused(() -> ipset.rename(NAME, OTHER), 4101, "rename");
    }

    @Test
    void letsTwoSetsChangeNames() {
        ipset.create(PLAIN);
        ipset.create(PLAIN.withName(OTHER).withMaxElements(7));
        ipset.add(NAME, List.of(ip(1)));
        ipset.swap(NAME, OTHER);
        assertThat(listed(OTHER).entries()).containsExactly(ip(1));
        assertThat(listed(NAME).definition().matches(PLAIN.withMaxElements(7))).isTrue();
        ipset.create(hash(SetType.HASH_NET).withName(PREFIX + "net"));
        ipset.create(SetDefinition.hashIpPort(PREFIX + "port", IpFamily.IPV4));
        assertRefused(() -> ipset.swap(NAME, PREFIX + "port"), 4102, "swap");
        assertRefused(() -> ipset.swap(NAME, PREFIX + "nobody"), 4101, "swap");
    }

    @Test
    void replacesTheContentsOfASet() {
        IpSet few = IpSet.of(PLAIN, List.of(ip(1), ip(2)));
        IpSet more = few.with(List.of(member(3)), List.of(ip(1)));
        IpSet many = IpSet.of(
                PLAIN.withMaxElements(9),
                IntStream.rangeClosed(20, 28).mapToObj(IpsetMemberContract::ip).toList());
        assertThat(ipset.replace(few).way()).isEqualTo(Replacement.Way.CREATED);
        assertThat(ipset.replace(few).way()).isEqualTo(Replacement.Way.UNCHANGED);
        ipset.replace(few, more);
        assertThat(listed(NAME).entries()).containsExactlyInAnyOrder(ip(2), ip(3));
        // What is to be added is there already, and so the set is read after all.
        ipset.replace(few, few.with(List.of(member(3)), List.of()));
        assertThat(listed(NAME).entries()).containsExactlyInAnyOrder(ip(1), ip(2), ip(3));
        assertThat(ipset.replace(many).way()).isEqualTo(Replacement.Way.SWAPPED);
        assertThat(listed(NAME)).isEqualTo(new IpSet(listed(NAME).definition(), many.entries()));
        assertThat(ipset.names()).noneMatch(name -> name.startsWith("ipvs4j~"));
    }
}
