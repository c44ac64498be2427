// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.IpPrefix;
import io.github.ipvs4j.netlink.NetlinkClient;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.netlink.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EntryVerbsTest {
    private static final SetDefinition VIPS =
            SetDefinition.hashIp("vips", IpFamily.IPV4).withComment();

    private final FakeIpset kernel = new FakeIpset();
    private final IpsetClient client =
            IpsetClient.open(NetlinkClient.builder(NetlinkProtocol.NETFILTER).transport(kernel));

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void triesOneByOneWhereBadOnesLieClose() {
        List<SetMember> members =
                IntStream.range(0, 50).mapToObj(i -> member(i)).toList();
        kernel.refusedEntry = text -> text.length() == 9;
        client.create(VIPS);

        List<Outcome> outcomes = client.putMembers("vips", members);

        assertThat(outcomes.stream().filter(Outcome::succeeded)).hasSize(10);
        assertThat(outcomes.stream().filter(outcome -> outcome instanceof Outcome.Rejected))
                .hasSize(40);
    }

    @Test
    void bringsAllGoodEntriesInAndNamesAllBadOnes() {
        Set<String> bad = Set.of("10.0.0.7", "10.0.1.7", "10.0.1.8");
        kernel.refusedEntry = bad::contains;
        client.create(VIPS);
        List<SetMember> members =
                IntStream.range(0, 450).mapToObj(EntryVerbsTest::member).toList();

        List<Outcome> outcomes = client.putMembers("vips", members);

        assertThat(outcomes).hasSameSizeAs(members);
        for (int i = 0; i < members.size(); i++) {
            String text = members.get(i).toString();
            assertThat(outcomes.get(i).succeeded()).as(text).isEqualTo(!bad.contains(text));
            if (outcomes.get(i) instanceof Outcome.Rejected rejected) {
                assertThat(rejected.why()).hasMessageStartingWith("add " + text + " to set vips: errno 4353");
            }
        }
        assertThat(kernel.sets.get("vips").entries()).hasSize(447);
        // One for each message of 100, then for what stands behind a bad entry.
        assertThat(kernel.commands.stream().filter(command -> command == IpsetCommands.ADD))
                .hasSize(5 + 3);
    }

    @Test
    void loadsManyEntriesAndHandsOnThoseThatAreRefused() {
        kernel.refusedEntry = "10.0.0.7"::equals;
        client.create(VIPS);
        List<SetMember> refused = new ArrayList<>();

        long added = client.load(
                "vips", IntStream.range(0, 250).mapToObj(EntryVerbsTest::member).iterator(), (member, outcome) -> {
                    assertThat(outcome).isInstanceOf(Outcome.Rejected.class);
                    refused.add(member);
                });

        assertThat(added).isEqualTo(249);
        assertThat(refused).containsExactly(member(7));
        assertThat(client.load("vips", List.<SetMember>of().iterator(), (member, outcome) -> {}))
                .isZero();
    }

    @Test
    void replacesOptionsOnlyWhereThatIsAskedFor() {
        client.create(VIPS);
        client.addMembers("vips", List.of(member(1, "first")));

        assertThat(client.addMembers("vips", List.of(member(1, "second")))).containsExactly(Outcome.ALREADY_SO);
        assertThat(comment(1)).isEqualTo("first");
        assertThat(client.putMembers("vips", List.of(member(1, "second")))).containsExactly(Outcome.DONE);
        assertThat(comment(1)).isEqualTo("second");
        assertThat(client.deleteMembers("vips", List.of(member(1)))).containsExactly(Outcome.DONE);
    }

    @Test
    void streamsEntriesWithWhatTheyCarry() {
        client.create(VIPS);
        List<SetMember> members =
                IntStream.range(0, 50).mapToObj(i -> member(i, "n" + i)).toList();
        client.putMembers("vips", members);
        List<SetMember> seen = new ArrayList<>();

        ObservedSet set = client.stream("vips", seen::add).orElseThrow();

        assertThat(seen).isEqualTo(members);
        assertThat(set.contents()).isEmpty();
        assertThat(set.definition()).contains(VIPS);
        assertThat(client.stream("none", seen::add)).isEmpty();
        assertThat(client.describe("vips").orElseThrow().definition()).contains(VIPS);
    }

    @Test
    void testsForEntries() {
        client.create(VIPS);
        client.putMembers("vips", List.of(member(1)));

        assertThat(client.test("vips", member(1))).isTrue();
        assertThat(client.test("vips", member(2))).isFalse();
        assertThatThrownBy(() -> client.test("vips", new SetMember(new SetEntry.Net(IpPrefix.of("10.0.0.0/8")))))
                .hasMessage("entry 10.0.0.0/8 does not fit into set vips (hash:ip, address family 2)");
        assertThatThrownBy(() -> client.test("none", member(1))).hasMessageContaining("ENOENT");
    }

    @Test
    void renamesAndSwaps() {
        client.create(VIPS);
        client.create(VIPS.withName("other"));
        client.putMembers("vips", List.of(member(1)));

        client.swap("vips", "other");
        assertThat(client.list("other").orElseThrow().entries()).hasSize(1);
        client.rename("other", "third");
        assertThat(client.names()).containsExactlyInAnyOrder("vips", "third");
        assertThatThrownBy(() -> client.rename("third", "vips"))
                .hasMessageContaining("rename set third to vips: errno 4101: a set vips exists already");
        assertThatThrownBy(() -> client.swap("third", "none"))
                .hasMessageContaining("swap set third with none: errno 4101: there is no set none");
        client.create(SetDefinition.bitmapPort("ports", 0, 9));
        assertThatThrownBy(() -> client.swap("third", "ports")).hasMessageContaining("errno 4102: the sets are of");
        kernel.referenced.add("third");
        assertThatThrownBy(() -> client.rename("third", "fourth"))
                .hasMessageContaining("errno 4108: the set is in use");
    }

    @Test
    void looksUpNumbersAndRevisions() {
        client.create(VIPS);
        client.create(VIPS.withName("other"));

        assertThat(client.index("other")).isEqualTo(OptionalInt.of(1));
        assertThat(client.nameOf(1)).contains("other");
        assertThat(client.index("none")).isEmpty();
        assertThat(client.nameOf(7)).isEmpty();
        assertThat(client.revisions(SetType.HASH_IP, Optional.of(IpFamily.IPV4)))
                .contains(new TypeRevisions(0, 5));
    }

    @Test
    void rangesAreWhatTheKernelTakes() {
        SetEntry one = new SetEntry.Ip(IpAddress.of("10.0.0.1"));
        SetEntry six = new SetEntry.Ip(IpAddress.of("fd00::1"));

        assertThat(new EntryRange(one, one)).hasToString("10.0.0.1");
        assertThatThrownBy(() -> new EntryRange(new SetEntry.Ip(IpAddress.of("10.0.0.2")), one))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new EntryRange(one, six)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new EntryRange(six, new SetEntry.Ip(IpAddress.of("fd00::2"))))
                .hasMessageContaining("range from fd00::1 to fd00::2");
        assertThatThrownBy(() -> new EntryRange(one, new SetEntry.Port(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> IpSet.ofMembers(VIPS, List.of(new SetMember(new EntryRange(one, one)))))
                .hasMessageContaining("a set consists of single entries");
    }

    private String comment(int number) {
        return client.list("vips")
                .orElseThrow()
                .optionsOf(member(number).entry())
                .comment();
    }

    private static SetMember member(int number, String comment) {
        return new SetMember(member(number).spec(), EntryOptions.NONE.withComment(comment));
    }

    private static SetMember member(int number) {
        return new SetMember(new SetEntry.Ip(IpAddress.of("10.0." + (number >> 8) + "." + (number & 255))));
    }
}
