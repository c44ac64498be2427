// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.ipset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ipvs4j.ipset.EntryOptions;
import io.github.ipvs4j.ipset.EntryRange;
import io.github.ipvs4j.ipset.EntrySpec;
import io.github.ipvs4j.ipset.IpsetClient;
import io.github.ipvs4j.ipset.SetDefinition;
import io.github.ipvs4j.ipset.SetEntry;
import io.github.ipvs4j.ipset.SetMask;
import io.github.ipvs4j.ipset.SetMember;
import io.github.ipvs4j.ipset.SetType;
import io.github.ipvs4j.it.lab.LabTest;
import io.github.ipvs4j.it.lab.NeedsIptables;
import io.github.ipvs4j.it.lab.Place;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.IpPrefix;
import io.github.ipvs4j.netlink.KernelRejected;
import io.github.ipvs4j.netlink.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the kernel refuses is told apart, with the set, the entry and what to do. */
@LabTest(tidy = true)
class SetErrorsTest {
    private final IpsetClient client = IpsetClient.open();

    static Stream<Arguments> kinds() {
        return SetTypesTest.kinds();
    }

    @BeforeEach
    void createsWhatListsMayHold() {
        RandomSets.LISTABLE.forEach(name -> client.create(SetDefinition.hashIp(name, IpFamily.IPV4)));
    }

    @AfterEach
    void closesClient() {
        SetTypesTest.destroyAllAndClose(client);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void saysWhichExtensionASetLacks(SetType type, IpFamily family) {
        RandomSet some = plain(type, family, 1);
        EntrySpec entry = some.members().get(0).spec();
        client.create(some.definition());

        expect(some, entry, EntryOptions.NONE.withTimeout(5), 4107, "without timeout", "withTimeout");
        expect(some, entry, EntryOptions.NONE.withCounters(1, 2), 4111, "without counters", "withCounters");
        expect(some, entry, EntryOptions.NONE.withComment("x"), 4112, "without comment", "withComment");
        expect(some, entry, EntryOptions.NONE.withMark(1, 1), 4114, "without skbinfo", "withPacketInfo");
        assertThat(client.describe(some.name()).orElseThrow().elements()).isZero();
    }

    private void expect(RandomSet set, EntrySpec entry, EntryOptions options, int errno, String... words) {
        SetMember member = new SetMember(entry, options);
        for (List<Outcome> outcomes : List.of(
                client.addMembers(set.name(), List.of(member)), client.putMembers(set.name(), List.of(member)))) {
            KernelRejected why = ((Outcome.Rejected) outcomes.get(0)).why();
            assertThat(why).hasMessageStartingWith("add " + member + " to set " + set.name());
            // This one type answers the same whatever is wrong, on some kernels.
            if (set.definition().type() == SetType.HASH_IP_MAC && why.errno().number() == 1) {
                assertThat(why).hasMessageContaining("leave out what the set was created without");
            } else {
                assertThat(why.errno().number()).isEqualTo(errno);
                assertThat(why).hasMessageContainingAll(words);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void tellsWhatWasSoAlready(SetType type, IpFamily family) {
        RandomSet some = plain(type, family, 2);
        List<SetMember> members = some.members();
        SetMember one = members.get(0);
        client.create(some.definition());

        assertThat(client.deleteMembers(some.name(), List.of(one))).containsExactly(Outcome.ALREADY_SO);
        assertThat(client.addMembers(some.name(), List.of(one))).containsExactly(Outcome.DONE);
        assertThat(client.addMembers(some.name(), members))
                .startsWith(Outcome.ALREADY_SO)
                .allMatch(Outcome::succeeded);
        assertThat(client.test(some.name(), one)).isTrue();
        assertThat(client.deleteMembers(some.name(), members)).containsOnly(Outcome.DONE);
        assertThat(client.test(some.name(), one)).isFalse();
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void saysHowMuchRoomAFullSetHas(SetType type, IpFamily family) {
        if (!type.isHash()) {
            assertThat(type).isIn(SetType.BITMAP_IP, SetType.BITMAP_IP_MAC, SetType.BITMAP_PORT, SetType.LIST_SET);
            return;
        }
        RandomSet some = plain(type, family, 40);
        SetDefinition small = some.definition().withMaxElements(30);
        client.create(small);

        List<Outcome> outcomes = client.putMembers(some.name(), some.members());

        assertThat(outcomes.subList(0, 30)).containsOnly(Outcome.DONE);
        for (int i = 30; i < some.members().size(); i++) {
            assertThat(((Outcome.Rejected) outcomes.get(i)).why())
                    .hasMessage("add " + some.members().get(i) + " to set " + some.name()
                            + ": errno 4352: the set is full (maxelem 30); delete entries, or replace the set by one"
                            + " with a higher maxElements");
        }
    }

    private RandomSet plain(SetType type, IpFamily family, int entries) {
        RandomSet some = new RandomSets(entries, type, family, false).set("some", entries, 0);
        SetDefinition definition = switch (type) {
            case BITMAP_IP, BITMAP_IP_MAC ->
                SetDefinition.bitmap("some", type, IpAddress.of("10.7.0.0"), IpAddress.of("10.7.255.255"));
            case BITMAP_PORT -> SetDefinition.bitmapPort("some", 0, 65535);
            case HASH_MAC -> SetDefinition.hashMac("some");
            case LIST_SET -> SetDefinition.list("some");
            default -> SetDefinition.hash("some", type, family);
        };
        List<SetMember> members = new ArrayList<>();
        some.members().forEach(member -> members.add(new SetMember(member.spec())));
        return new RandomSet(definition, members);
    }

    @Test
    void saysWhyAnEntryIsNoneForTheSet() {
        SetEntry nowhere = new SetEntry.Ip(IpAddress.of("0.0.0.0"));
        client.create(SetDefinition.bitmap(
                "some-ips", SetType.BITMAP_IP, IpAddress.of("10.0.0.1"), IpAddress.of("10.0.0.9")));
        client.create(SetDefinition.bitmapPort("some-ports", 10, 20));
        client.create(SetDefinition.hash("nets", SetType.HASH_NET, IpFamily.IPV4));
        client.create(SetDefinition.list("list"));

        refuses("some-ips", ip("10.0.0.10"), "4352", "outside the set's range (10.0.0.1-10.0.0.9)", "wider");
        refuses("some-ports", new SetEntry.Port(21), "4352", "the port is outside the set's range (10-20)");
        refuses("one", nowhere, "4353", "no unspecified address");
        refuses("nets", new EntryRange(net("0.0.0.0"), net("255.255.255.255")), "4357", "add two halves");
        refuses("list", new SetEntry.Member("missing"), "4352", "there is no set missing; create it first");
        refuses("list", new SetEntry.Member("list"), "4353", "list is a list:set itself");
        assertThatThrownBy(() -> client.add("one", List.of(new SetEntry.Port(1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("does not fit into set one (hash:ip, address family 2)");
        assertThatThrownBy(() -> client.add("one", List.of(ip("fd00::1")))).hasMessageContaining("does not fit");
    }

    private void refuses(String set, EntrySpec entry, String errno, String... words) {
        Outcome outcome = client.addMembers(set, List.of(new SetMember(entry))).get(0);
        assertThat(((Outcome.Rejected) outcome).why())
                .hasMessageStartingWith("add " + entry + " to set " + set + ": errno " + errno)
                .hasMessageContainingAll(words);
    }

    @Test
    void saysWhereAPlaceInAListIsMissing() {
        client.create(SetDefinition.list("list"));
        client.add("list", List.of(new SetEntry.Member("one")));

        refusesPlace(new EntryOptions.Placement(true, "two"), "4357", "set two is not on the list at that place");
        refusesPlace(new EntryOptions.Placement(false, "missing"), "4355", "there is no set missing to go next to");
    }

    private void refusesPlace(EntryOptions.Placement place, String errno, String words) {
        SetMember member = new SetMember(new SetEntry.Member("three"), EntryOptions.NONE.withPlacement(place));
        Outcome outcome = client.addMembers("list", List.of(member)).get(0);
        assertThat(((Outcome.Rejected) outcome).why()).hasMessageContainingAll("errno " + errno, words);
    }

    @Test
    void saysWhatStandsInTheWayOfASet() {
        SetDefinition one = SetDefinition.hashIp("one", IpFamily.IPV4);

        fails(() -> client.create(one), "EEXIST", "createIfAbsent");
        fails(() -> client.createIfAbsent(one.withMaxElements(9)), "EEXIST", "maxelem 65536");
        fails(() -> client.createIfAbsent(SetDefinition.bitmapPort("one", 1, 2)), "EEXIST", "exists as hash:ip");
        fails(() -> client.destroy("missing"), "ENOENT", "destroyIfPresent");
        fails(() -> client.flush("missing"), "ENOENT", "create it first");
        fails(() -> client.add("missing", List.of(ip("10.0.0.1"))), "ENOENT", "create it first");
        fails(() -> client.rename("one", "two"), "errno 4101", "a set two exists already");
        fails(() -> client.swap("one", "missing"), "errno 4101", "there is no set missing");
        client.create(SetDefinition.hash("nets", SetType.HASH_NET, IpFamily.IPV4));
        fails(() -> client.swap("one", "nets"), "errno 4102", "different types");
    }

    @Test
    void saysWhichKernelANewMaskNeeds() {
        SetDefinition masked = SetDefinition.hashIpPort("masked", IpFamily.IPV4).withMask(new SetMask.Netmask(24));

        if (client.revisions(SetType.HASH_IP_PORT, Optional.of(IpFamily.IPV4))
                        .orElseThrow()
                        .highest()
                >= 7) {
            client.create(masked);
            assertThat(client.list("masked").orElseThrow().definition().options())
                    .isEqualTo(masked.options());
        } else {
            fails(() -> client.create(masked), "errno 4097", "needs Linux 6.3 or newer");
        }
    }

    @Test
    void namesTheListsThatASetIsOn() {
        client.create(SetDefinition.list("first"));
        client.create(SetDefinition.list("second"));
        client.add("first", List.of(new SetEntry.Member("one"), new SetEntry.Member("two")));
        client.add("second", List.of(new SetEntry.Member("one")));

        fails(() -> client.destroy("one"), "errno 4100", "a member of list:set first, second;", "replace or swap");
        fails(() -> client.destroyIfPresent("two"), "errno 4100", "a member of list:set first;");
        fails(() -> client.rename("one", "new"), "errno 4108", "a member of list:set first, second;");
    }

    @Test
    @NeedsIptables
    void countsTheRulesThatReferToASet() {
        client.create(SetDefinition.list("first"));
        client.add("first", List.of(new SetEntry.Member("one")));
        List<String> rules = List.of(
                "-p tcp --dport 80 -m set --match-set one src",
                "-p tcp --dport 81 -m set --match-set one src",
                "-m set --match-set two src");
        rules.forEach(rule -> iptables("-A", rule));

        try {
            fails(() -> client.destroy("one"), "4100", "list:set first, and 2 rules refer to it", "iptables-save");
            fails(() -> client.rename("two", "new"), "4108", "in use: one rule refers to it");
        } finally {
            rules.forEach(rule -> iptables("-D", rule));
        }
    }

    private static void iptables(String verb, String rule) {
        Place.HERE.run(("iptables " + verb + " INPUT " + rule + " -j DROP").split(" "));
    }

    @Test
    void saysWhichTypeTheKernelLacks() {
        List<SetType> missing = Stream.of(SetType.values())
                .filter(type -> kinds().noneMatch(kind -> kind.get()[0] == type))
                .toList();

        for (SetType type : missing) {
            SetDefinition definition = type == SetType.HASH_MAC
                    ? SetDefinition.hashMac("lacking")
                    : SetDefinition.hash("lacking", type, IpFamily.IPV4);
            fails(() -> client.create(definition), "4098", "this kernel has no " + type, "modprobe ip_set_hash_");
        }
        assertThat(missing).allMatch(SetType::isHash);
    }

    private static void fails(ThrowingCallable attempt, String... words) {
        assertThatThrownBy(attempt).isInstanceOf(KernelRejected.class).hasMessageContainingAll(words);
    }

    private static SetEntry ip(String address) {
        return new SetEntry.Ip(IpAddress.of(address));
    }

    private static SetEntry net(String address) {
        return new SetEntry.Net(IpPrefix.single(IpAddress.of(address)));
    }
}
