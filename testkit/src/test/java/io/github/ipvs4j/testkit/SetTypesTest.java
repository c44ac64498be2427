// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.ipvs4j.ipset.EntryOptions;
import io.github.ipvs4j.ipset.IpSet;
import io.github.ipvs4j.ipset.IpsetClient;
import io.github.ipvs4j.ipset.SetDefinition;
import io.github.ipvs4j.ipset.SetEntry;
import io.github.ipvs4j.ipset.SetMember;
import io.github.ipvs4j.ipset.SetType;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.IpPrefix;
import io.github.ipvs4j.netlink.KernelRejected;
import io.github.ipvs4j.netlink.NetlinkClient;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.netlink.Outcome;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** All types of sets with all that their entries can carry. */
class SetTypesTest {
    private static final int PER_TYPE = 3;

    private final SimulatedKernel kernel = SimulatedKernel.create();
    private IpsetClient client;

    @BeforeEach
    void open() {
        client = IpsetClient.open(
                NetlinkClient.builder(NetlinkProtocol.NETFILTER).transport(kernel.transports()));
    }

    @AfterEach
    void close() {
        client.close();
        kernel.assertQuiescent();
    }

    @ParameterizedTest
    @EnumSource(SetType.class)
    void keepsWhatWasPutIntoASetOfAnyType(SetType type) {
        List<IpSet> samples = LibraryValues.of(IpSet.class)
                .sampleStream()
                .filter(set -> set.definition().type() == type && isPlain(set))
                .limit(PER_TYPE)
                .toList();
        for (IpSet set : samples) {
            client.create(set.definition());
            assertThat(client.addMembers(set.name(), set.members())).allMatch(Outcome::succeeded);
            assertThat(client.list()).containsExactly(set);
            client.destroy(set.name());
        }
    }

    /** Lists need sets to hold, and hardware addresses that are not known keep time from running. */
    private static boolean isPlain(IpSet set) {
        SetType type = set.definition().type();
        return type == SetType.LIST_SET
                ? set.entries().isEmpty()
                : type != SetType.BITMAP_IP_MAC
                        || set.definition().extensions().timeout().isEmpty();
    }

    private static SetEntry ip(String address) {
        return new SetEntry.Ip(IpAddress.of(address));
    }

    @Test
    void forgetsEntriesWhenTheirTimeHasPassed() {
        client.create(SetDefinition.hashIp("short", IpFamily.IPV4).withTimeout(60));
        client.addMembers(
                "short",
                List.of(
                        new SetMember(ip("10.0.0.1"), EntryOptions.NONE),
                        new SetMember(ip("10.0.0.2"), EntryOptions.NONE.withTimeout(120)),
                        new SetMember(ip("10.0.0.3"), EntryOptions.NONE.withTimeout(0))));
        kernel.advance(Duration.ofSeconds(59));
        assertThat(kernel.ipsets().save())
                .contains("add short 10.0.0.1 timeout 1\n", "add short 10.0.0.2 timeout 61\n")
                .contains("add short 10.0.0.3 timeout 0\n");
        kernel.advance(Duration.ofSeconds(1));
        assertThat(kernel.ipsets().save()).doesNotContain("10.0.0.1").contains("10.0.0.2");
        kernel.advance(Duration.ofDays(1));
        assertThat(client.list().get(0).entries()).containsExactly(ip("10.0.0.3"));
    }

    private static SetMember host(String prefix) {
        return new SetMember(new SetEntry.Net(IpPrefix.of(prefix)), EntryOptions.NONE);
    }

    @Test
    void letsTheSmallestNetworkDecide() {
        client.create(SetDefinition.hash("nets", SetType.HASH_NET, IpFamily.IPV4));
        SetEntry wide = new SetEntry.Net(IpPrefix.of("10.0.0.0/8"));
        SetEntry hole = new SetEntry.Net(IpPrefix.of("10.1.0.0/16"));
        client.addMembers(
                "nets",
                List.of(
                        new SetMember(wide, EntryOptions.NONE),
                        new SetMember(hole, EntryOptions.NONE.withNomatch(true))));
        assertThat(client.test("nets", host("10.2.0.1/32"))).isTrue();
        assertThat(client.test("nets", host("10.1.0.1/32"))).isFalse();
        assertThat(kernel.ipsets().save()).contains("add nets 10.1.0.0/16 nomatch\n");
    }

    @Test
    void keepsSetsThatAListHolds() {
        client.create(SetDefinition.hashIp("one", IpFamily.IPV4));
        client.create(SetDefinition.hashIp("two", IpFamily.IPV4));
        client.create(SetDefinition.list("all"));
        client.add("all", List.of(new SetEntry.Member("one")));
        assertThatExceptionOfType(KernelRejected.class).isThrownBy(() -> client.destroy("one"));
        assertThatExceptionOfType(KernelRejected.class).isThrownBy(() -> client.rename("one", "three"));
        // The list holds the name, not the contents.
        client.swap("one", "two");
        assertThat(kernel.ipsets().save()).endsWith("create all list:set size 8\nadd all one\n");
        client.flush("all");
        client.destroy("one");
        assertThat(kernel.ipsets().save()).doesNotContain("one");
    }
}
