// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.ipset.AppliedSetPlan;
import io.github.ipvs4j.ipset.IpSet;
import io.github.ipvs4j.ipset.IpsetClient;
import io.github.ipvs4j.ipset.SetDefinition;
import io.github.ipvs4j.ipset.SetEntry;
import io.github.ipvs4j.ipset.SetPlan;
import io.github.ipvs4j.ipset.SetProtocol;
import io.github.ipvs4j.ipset.SetType;
import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.IpPrefix;
import io.github.ipvs4j.netlink.Outcome;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@link IpsetClient} does on any kernel. */
abstract class IpsetClientContract extends IpsetContract {
    private static final SetDefinition PORTS = SetDefinition.hashIpPort(NAME, IpFamily.IPV4);

    private static IpAddress ip(String text) {
        return IpAddress.of(text);
    }

    private static SetEntry.IpPort web(int last) {
        return new SetEntry.IpPort(ip("198.18.80." + last), SetProtocol.TCP, 80);
    }

    static Stream<Arguments> contents() {
        return Stream.of(
                Arguments.of(
                        SetDefinition.hashIp(NAME, IpFamily.IPV4),
                        List.of(new SetEntry.Ip(ip("198.18.80.1")), new SetEntry.Ip(ip("255.255.255.255")))),
                Arguments.of(
                        SetDefinition.hashIp(NAME, IpFamily.IPV6),
                        List.of(new SetEntry.Ip(ip("2001:db8:80::1")), new SetEntry.Ip(ip("::1")))),
                Arguments.of(PORTS, ofEveryProtocol(ip("198.18.80.1"), SetProtocol.ICMP)),
                Arguments.of(
                        SetDefinition.hashIpPort(NAME, IpFamily.IPV6),
                        ofEveryProtocol(ip("2001:db8:80::1"), SetProtocol.ICMPV6)),
                Arguments.of(
                        SetDefinition.hashIpPortIp(NAME, IpFamily.IPV4),
                        List.of(new SetEntry.IpPortIp(ip("198.18.80.1"), SetProtocol.SCTP, 80, ip("198.18.80.2")))),
                Arguments.of(
                        SetDefinition.hashIpPortIp(NAME, IpFamily.IPV6),
                        List.of(new SetEntry.IpPortIp(
                                ip("2001:db8:80::1"), SetProtocol.UDP, 53, ip("2001:db8:80::2")))),
                Arguments.of(
                        SetDefinition.hash(NAME, SetType.HASH_IP_PORT_NET, IpFamily.IPV4),
                        List.of(
                                allowed("198.18.80.1", SetProtocol.TCP, "198.18.0.0/15"),
                                allowed("198.18.80.1", SetProtocol.TCP, "198.18.0.0/16"),
                                allowed("198.18.80.1", SetProtocol.SCTP, "198.18.80.2/32"))),
                Arguments.of(
                        SetDefinition.hash(NAME, SetType.HASH_IP_PORT_NET, IpFamily.IPV6),
                        List.of(allowed("2001:db8:80::1", SetProtocol.UDP, "8000::/1"))),
                Arguments.of(
                        SetDefinition.bitmapPort(NAME, 30000, 32767),
                        List.of(new SetEntry.Port(30000), new SetEntry.Port(32767))),
                Arguments.of(
                        SetDefinition.bitmapPort(NAME, 0, 65535),
                        List.of(new SetEntry.Port(0), new SetEntry.Port(65535))));
    }

    private static SetEntry allowed(String address, SetProtocol protocol, String network) {
        return new SetEntry.IpPortNet(ip(address), protocol, 443, IpPrefix.of(network));
    }

    private static List<SetEntry> ofEveryProtocol(IpAddress address, SetProtocol icmp) {
        return List.of(
                new SetEntry.IpPort(address, SetProtocol.TCP, 80),
                new SetEntry.IpPort(address, SetProtocol.UDP, 80),
                new SetEntry.IpPort(address, SetProtocol.SCTP, 80),
                new SetEntry.IpPort(address, SetProtocol.UDPLITE, 65535),
                new SetEntry.IpPort(address, icmp, 8 << 8),
                new SetEntry.IpPort(address, new SetProtocol(47), 0));
    }

    @Test
    void speaksTheProtocolOfTheLibrary() {
        assertThat(ipset.protocolVersion()).isEqualTo(7);
    }

    @ParameterizedTest
    @MethodSource("contents")
    void keepsTheEntriesOfEveryType(SetDefinition definition, List<SetEntry> entries) {
        ipset.create(definition);
        assertThat(ipset.add(NAME, entries)).hasSize(entries.size()).containsOnly(Outcome.DONE);
        IpSet listed = ipset.list(NAME).orElseThrow();
        assertThat(listed.definition().matches(definition))
                .as(listed.definition().toString())
                .isTrue();
        assertThat(listed.entries()).containsExactlyInAnyOrderElementsOf(entries);
        assertThat(ipset.add(NAME, entries)).hasSize(entries.size()).containsOnly(Outcome.ALREADY_SO);
        assertThat(ipset.delete(NAME, entries)).hasSize(entries.size()).containsOnly(Outcome.DONE);
        assertThat(ipset.delete(NAME, entries)).hasSize(entries.size()).containsOnly(Outcome.ALREADY_SO);
        assertThat(ipset.list(NAME).orElseThrow().entries()).isEmpty();
        ipset.destroy(NAME);
        assertThat(ipset.list(NAME)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("contents")
    void knowsASetByNameWithoutLookingIntoIt(SetDefinition definition, List<SetEntry> entries) {
        ipset.create(definition);
        ipset.add(NAME, entries);
        assertThat(ipset.names()).contains(NAME);
        assertThat(ipset.header(NAME)).hasValueSatisfying(header -> {
            assertThat(header.name()).isEqualTo(NAME);
            assertThat(header.typeName()).isEqualTo(definition.type().toString());
            assertThat(header.family())
                    .isEqualTo(definition.family().map(IpFamily::number).orElse(0));
        });
        assertThat(ipset.header(PREFIX + "other")).isEmpty();
    }

    @Test
    void createsASetOnceOnly() {
        ipset.create(PORTS);
        assertRefused(() -> ipset.create(PORTS), 17, "create set ipvs4j-set hash:ip,port");
        assertThat(ipset.createIfAbsent(PORTS)).isFalse();
        assertThat(ipset.createIfAbsent(PORTS.withHashSize(4096))).isFalse();
        assertThat(ipset.createIfAbsent(PORTS.withName(PREFIX + "other"))).isTrue();
    }

    static Stream<SetDefinition> others() {
        return Stream.of(
                PORTS.withMaxElements(7),
                SetDefinition.hashIp(NAME, IpFamily.IPV4),
                SetDefinition.hashIpPortIp(NAME, IpFamily.IPV4),
                SetDefinition.bitmapPort(NAME, 1, 2));
    }

    @ParameterizedTest
    @MethodSource("others")
    void takesNoOtherSetForTheWantedOne(SetDefinition other) {
        ipset.create(PORTS);
        assertRefused(() -> ipset.createIfAbsent(other), 17, "a set of this name exists as hash:ip,port");
    }

    static Stream<Arguments> familyPairs() {
        return Stream.of(
                Arguments.of(SetDefinition.hashIp(NAME, IpFamily.IPV4), SetDefinition.hashIp(NAME, IpFamily.IPV6)),
                Arguments.of(PORTS, SetDefinition.hashIpPort(NAME, IpFamily.IPV6)),
                Arguments.of(
                        SetDefinition.hashIpPortIp(NAME, IpFamily.IPV6),
                        SetDefinition.hashIpPortIp(NAME, IpFamily.IPV4)));
    }

    /** The kernel itself does not see the difference where the type has no netmask. */
    @ParameterizedTest
    @MethodSource("familyPairs")
    void takesNoSetOfTheOtherFamilyForTheWantedOne(SetDefinition present, SetDefinition wanted) {
        ipset.create(present);
        assertRefused(() -> ipset.createIfAbsent(wanted), 17, "exists as hash:ip");
    }

    @Test
    void refusesToDestroyWhatIsNotThere() {
        assertRefused(() -> ipset.destroy(NAME), 2, "there is no set of this name");
        assertThat(ipset.destroyIfPresent(NAME)).isFalse();
        ipset.create(PORTS);
        assertThat(ipset.destroyIfPresent(NAME)).isTrue();
    }

    @Test
    void refusesToChangeWhatIsNotThere() {
        assertRefused(() -> ipset.add(NAME, List.of(web(1))), 2, "there is no set of this name");
        assertRefused(() -> ipset.delete(NAME, List.of(web(1))), 2, "there is no set of this name");
        assertRefused(() -> ipset.flush(NAME), 2, "there is no set of this name");
        assertThat(ipset.list(NAME)).isEmpty();
    }

    @Test
    void removesAllEntriesAtOnce() {
        ipset.create(PORTS);
        ipset.add(NAME, List.of(web(1), web(2)));
        ipset.flush(NAME);
        assertThat(ipset.list(NAME).orElseThrow().entries()).isEmpty();
    }

    @Test
    void goesOnAfterEntriesThatDoNotFitAnyMore() {
        ipset.create(PORTS.withMaxElements(2));
        List<Outcome> outcomes = ipset.add(NAME, List.of(web(1), web(2), web(3), web(1)));
        assertThat(outcomes).extracting(Outcome::succeeded).containsExactly(true, true, false, true);
        assertThat(outcomes.get(2))
                .isInstanceOfSatisfying(
                        Outcome.Rejected.class,
                        rejected -> assertThat(rejected.why())
                                .hasMessageContaining("add 198.18.80.3,tcp:80 to set ipvs4j-set")
                                .hasMessageContaining("the set is full (maxelem 2)"));
        assertThat(ipset.list(NAME).orElseThrow().entries()).containsExactlyInAnyOrder(web(1), web(2));
    }

    @Test
    void refusesTheUnspecifiedAddress() {
        ipset.create(SetDefinition.hashIp(NAME, IpFamily.IPV4));
        SetEntry good = new SetEntry.Ip(ip("198.18.80.1"));
        List<Outcome> outcomes = ipset.add(NAME, List.of(new SetEntry.Ip(ip("0.0.0.0")), good));
        assertThat(outcomes.get(0))
                .isInstanceOfSatisfying(
                        Outcome.Rejected.class,
                        rejected -> assertThat(rejected.why().errno()).isEqualTo(new Errno(4353)));
        assertThat(outcomes.get(1)).isEqualTo(Outcome.DONE);
    }

    @Test
    void listsFiveThousandEntries() {
        ipset.create(SetDefinition.hashIpPortIp(NAME, IpFamily.IPV6));
        List<SetEntry> entries = IntStream.rangeClosed(1, 5000)
                .<SetEntry>mapToObj(i -> new SetEntry.IpPortIp(
                        ip("2001:db8:80::" + Integer.toHexString(i)), SetProtocol.TCP, i, ip("2001:db8:81::1")))
                .toList();
        assertThat(ipset.add(NAME, entries)).hasSize(5000).containsOnly(Outcome.DONE);
        assertThat(ipset.list(NAME).orElseThrow().entries()).isEqualTo(new HashSet<>(entries));
        assertThat(ipset.list())
                .filteredOn(set -> isOurs(set.name()))
                .extracting(set -> set.entries().size())
                .containsExactly(5000);
        assertThat(ipset.delete(NAME, entries)).hasSize(5000).containsOnly(Outcome.DONE);
    }

    @Test
    void listsManySets() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 70; i++) {
            names.add(PREFIX + i);
            ipset.create(PORTS.withName(PREFIX + i));
            ipset.add(PREFIX + i, List.of(web(i)));
        }
        assertThat(ipset.names()).containsAll(names);
        assertThat(ipset.list())
                .filteredOn(set -> isOurs(set.name()))
                .allSatisfy(set -> assertThat(set.entries()).hasSize(1))
                .hasSize(70);
    }

    private AppliedSetPlan reach(SetPlan.OnFailure onFailure, IpSet... desired) {
        return ipset.apply(SetPlan.between(ipset.list(), List.of(desired), IpsetContract::isOurs), onFailure);
    }

    private List<IpSet> ours() {
        return ipset.list().stream().filter(set -> isOurs(set.name())).toList();
    }

    @Test
    void reachesTheDesiredSetsFromAnyOthers() {
        IpSet ports = new IpSet(PORTS, Set.of(web(1), web(2)));
        IpSet fewerPorts = new IpSet(PORTS, Set.of(web(2), web(3)));
        IpSet nodes =
                new IpSet(SetDefinition.bitmapPort(PREFIX + "nodes", 30000, 32767), Set.of(new SetEntry.Port(30080)));
        assertThat(reach(SetPlan.OnFailure.ROLL_BACK, ports, nodes).succeeded()).isTrue();
        assertThat(ours()).containsExactlyInAnyOrder(ports, nodes);
        assertThat(reach(SetPlan.OnFailure.ROLL_BACK, fewerPorts).succeeded()).isTrue();
        assertThat(ours()).containsExactly(fewerPorts);
        assertThat(SetPlan.between(ipset.list(), List.of(fewerPorts), IpsetContract::isOurs)
                        .isEmpty())
                .isTrue();
        assertThat(reach(SetPlan.OnFailure.ROLL_BACK).succeeded()).isTrue();
        assertThat(ours()).isEmpty();
    }

    @Test
    void rollsBackWhenAChangeFails() {
        IpSet before = new IpSet(PORTS, Set.of(web(1)));
        reach(SetPlan.OnFailure.ROLL_BACK, before);
        IpSet nothing = new IpSet(
                SetDefinition.hashIp(PREFIX + "nothing", IpFamily.IPV4), Set.of(new SetEntry.Ip(ip("0.0.0.0"))));
        AppliedSetPlan failed = reach(SetPlan.OnFailure.ROLL_BACK, new IpSet(PORTS, Set.of(web(1), web(2))), nothing);
        assertThat(failed.succeeded()).isFalse();
        assertThat(failed.rolledBack()).isTrue();
        assertThat(failed.firstFailure())
                .hasValueSatisfying(why -> assertThat(why).hasMessageContaining("0.0.0.0"));
        assertThat(ours()).containsExactly(before);
    }

    @Test
    void leavesWhatWasCarriedOutWhenAskedTo() {
        IpSet nothing = new IpSet(
                SetDefinition.hashIp(PREFIX + "nothing", IpFamily.IPV4), Set.of(new SetEntry.Ip(ip("0.0.0.0"))));
        IpSet ports = new IpSet(PORTS, Set.of(web(1)));
        AppliedSetPlan failed = reach(SetPlan.OnFailure.CONTINUE, nothing, ports);
        assertThat(failed.succeeded()).isFalse();
        assertThat(ours()).contains(ports);
    }
}
