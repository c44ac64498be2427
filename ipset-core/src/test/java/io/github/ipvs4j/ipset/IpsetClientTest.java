// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.KernelRejected;
import io.github.ipvs4j.netlink.NetlinkClient;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.netlink.Outcome;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IpsetClientTest {
    private static final SetDefinition VIPS =
            SetDefinition.hashIp("vips", IpFamily.IPV4).withMaxElements(100);
    private static final SetDefinition PORTS = SetDefinition.bitmapPort("ports", 100, 199);

    private final FakeIpset kernel = new FakeIpset();
    private final IpsetClient client =
            IpsetClient.open(NetlinkClient.builder(NetlinkProtocol.NETFILTER).transport(kernel));

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void createsSetsAndAsksForTheRevisionOfATypeOnlyOnce() {
        client.create(VIPS);
        client.create(VIPS.withName("more"));
        client.create(PORTS);

        assertThat(kernel.sets.values())
                .containsExactly(IpSet.empty(VIPS), IpSet.empty(VIPS.withName("more")), IpSet.empty(PORTS));
        assertThat(kernel.commands)
                .containsExactly(
                        IpsetCommands.TYPE,
                        IpsetCommands.CREATE,
                        IpsetCommands.CREATE,
                        IpsetCommands.TYPE,
                        IpsetCommands.CREATE);
    }

    @Test
    void refusesToCreateSetTwice() {
        client.create(VIPS);

        assertThatThrownBy(() -> client.create(VIPS))
                .isInstanceOf(KernelRejected.class)
                .hasMessageContaining("create set vips hash:ip family inet hashsize 1024 maxelem 100: EEXIST");
    }

    @Test
    void createsSetIfAbsentAndTellsWhetherItWas() {
        assertThat(client.createIfAbsent(VIPS)).isTrue();
        assertThat(client.createIfAbsent(VIPS)).isFalse();
        assertThat(client.createIfAbsent(VIPS.withHashSize(4096))).isFalse();
    }

    @Test
    void saysWhatStandsInTheWayOfADifferentDefinition() {
        client.create(VIPS);

        assertThatThrownBy(() -> client.createIfAbsent(VIPS.withMaxElements(200)))
                .isInstanceOf(KernelRejected.class)
                .hasMessage("create set vips hash:ip family inet hashsize 1024 maxelem 200: EEXIST: a set of this name"
                        + " exists as hash:ip family inet hashsize 1024 maxelem 100; destroy or rename that set, or"
                        + " take another name");
    }

    @Test
    void saysWhichUnknownTypeStandsInTheWay() {
        kernel.foreign.put("vips", "hash:future");

        assertThatThrownBy(() -> client.createIfAbsent(VIPS)).hasMessageContaining("exists as hash:future;");
    }

    @Test
    void destroysSets() {
        client.create(VIPS);

        client.destroy("vips");

        assertThat(kernel.sets).isEmpty();
        assertThat(client.destroyIfPresent("vips")).isFalse();
        assertThatThrownBy(() -> client.destroy("vips"))
                .hasMessage("destroy set vips: ENOENT: there is no set of this name; allow for that with"
                        + " destroyIfPresent");
    }

    @Test
    void saysThatSetInUseCannotBeDestroyed() {
        client.create(VIPS);
        kernel.referenced.add("vips");

        assertThatThrownBy(() -> client.destroyIfPresent("vips"))
                .hasMessageContaining("destroy set vips: errno 4100: the set is in use");
    }

    @Test
    void tellsOutcomeOfEachEntryInTheOrderGiven() {
        client.create(VIPS.withMaxElements(2));

        List<Outcome> added = client.add("vips", addresses(1, 1, 2, 3));
        List<Outcome> deleted = client.delete("vips", addresses(3, 2, 2));

        assertThat(added.subList(0, 3)).containsExactly(Outcome.DONE, Outcome.ALREADY_SO, Outcome.DONE);
        assertThat(why(added.get(3)))
                .hasMessage("add 10.0.0.3 to set vips: errno 4352: the set is full (maxelem 2); delete entries, or"
                        + " replace the set by one with a higher maxElements");
        assertThat(deleted).containsExactly(Outcome.ALREADY_SO, Outcome.DONE, Outcome.ALREADY_SO);
        assertThat(kernel.sets.get("vips").entries()).containsExactly(address(1));
    }

    @Test
    void namesTheRangeThatPortsLieOutside() {
        client.create(PORTS);

        assertThat(why(client.add("ports", List.of(new SetEntry.Port(99))).get(0)))
                .hasMessage("add 99 to set ports: errno 4352: the port is outside the set's range (100-199); create the"
                        + " set again with a wider one");
    }

    @Test
    void addsAndDeletesManyEntriesInManyDatagrams() {
        client.create(VIPS);
        kernel.maxPendingAnswers = 7;
        List<SetEntry> entries = addresses(IntStream.range(0, 100).toArray());

        assertThat(client.add("vips", entries)).hasSize(100).containsOnly(Outcome.DONE);
        assertThat(client.list("vips")).contains(IpSet.of(VIPS, entries));
        assertThat(client.delete("vips", entries)).hasSize(100).containsOnly(Outcome.DONE);
        assertThat(client.list("vips")).contains(IpSet.empty(VIPS));
    }

    @Test
    void sendsNothingIfOneEntryIsOfAnotherTypeOrFamily() {
        client.create(VIPS);
        List<SetEntry> otherType = List.of(address(1), new SetEntry.Port(100));
        List<SetEntry> otherFamily = List.of(address(1), new SetEntry.Ip(IpAddress.of("fd00::1")));

        assertThatThrownBy(() -> client.add("vips", otherType))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("entry 100 does not fit into set vips (hash:ip, address family 2)");
        assertThatThrownBy(() -> client.delete("vips", otherFamily))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("entry fd00::1 does not fit into set vips (hash:ip, address family 2)");
        assertThat(kernel.sets.get("vips").entries()).isEmpty();
    }

    @Test
    void addsNothingToSetThatIsMissingOrOfUnknownType() {
        kernel.foreign.put("list", "list:future");

        assertThatThrownBy(() -> client.add("vips", addresses(1)))
                .hasMessage("look up set vips: ENOENT: there is no set of this name; create it first");
        assertThatThrownBy(() -> client.add("list", addresses(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("entry 10.0.0.1 does not fit into set list (list:future, address family 0)");
    }

    @Test
    void flushesSets() {
        client.create(VIPS);
        client.add("vips", addresses(1, 2));

        client.flush("vips");

        assertThat(client.list("vips")).contains(IpSet.empty(VIPS));
        assertThatThrownBy(() -> client.flush("none")).hasMessageContaining("flush set none: ENOENT");
    }

    @Test
    void listsWhatItKnowsAndObservesTheRest() {
        kernel.with(List.of(IpSet.of(VIPS, addresses(1, 2, 3, 4)), IpSet.of(PORTS, List.of(new SetEntry.Port(150)))));
        kernel.foreign.put("list", "list:future");

        assertThat(client.names()).containsExactly("vips", "ports", "list");
        assertThat(client.list())
                .containsExactly(
                        IpSet.of(VIPS, addresses(1, 2, 3, 4)), IpSet.of(PORTS, List.of(new SetEntry.Port(150))));
        assertThat(client.observe())
                .extracting(ObservedSet::name, ObservedSet::unread)
                .contains(tuple("list", List.of("type list:future")));
        assertThat(client.observe("list").orElseThrow().contents()).isEmpty();
        assertThatThrownBy(() -> client.list("list"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("list set list: this library does not know type list:future; use observe instead");
    }

    @Test
    void findsNothingUnderNameThatIsNotThere() {
        assertThat(client.list("none")).isEmpty();
        assertThat(client.observe("none")).isEmpty();
        assertThat(client.header("none")).isEmpty();
        assertThat(client.names()).isEmpty();
        assertThat(client.list()).isEmpty();
    }

    @Test
    void looksUpHeaderOfAnyType() {
        client.create(VIPS);
        kernel.foreign.put("list", "list:future");

        assertThat(client.header("vips")).contains(new SetHeader("vips", "hash:ip", 2, 5));
        assertThat(client.header("list")).contains(new SetHeader("list", "list:future", 0, 5));
    }

    @Test
    void refusesNamesThatNoSetCanHave() {
        Set<String> names = Set.of("", "x".repeat(32), "a\0b");

        assertThat(names).allSatisfy(name -> {
            assertThatThrownBy(() -> client.destroy(name)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> client.list(name)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> client.add(name, List.of())).isInstanceOf(IllegalArgumentException.class);
        });
        assertThat(kernel.commands).isEmpty();
    }

    @Test
    void saysWhichCapabilityIsMissing() {
        kernel.refusal = Errno.EPERM.number();

        assertThatThrownBy(client::list)
                .hasMessage("list sets: EPERM: the process lacks CAP_NET_ADMIN; run it as root or grant that"
                        + " capability");
        assertThatThrownBy(() -> client.createIfAbsent(VIPS)).hasMessageContaining("EPERM: the process lacks");
    }

    @Test
    void saysWhichModuleIsMissing() {
        kernel.refusal = Errno.EINVAL.number();

        assertThatThrownBy(client::names)
                .hasMessage(
                        "list sets: EINVAL: the kernel's ip_set is not available; load it with 'modprobe ip_set', or"
                                + " use a kernel that has it");
        assertThatThrownBy(client::protocolVersion).hasMessageContaining("modprobe ip_set");
    }

    @Test
    void saysWhichTypeIsMissing() {
        kernel.refusal = IpsetErrors.FIND_TYPE;

        assertThatThrownBy(() -> client.create(VIPS))
                .hasMessage("create set vips hash:ip family inet hashsize 1024 maxelem 100: errno 4098: this kernel has"
                        + " no hash:ip for family inet; load it with 'modprobe ip_set_hash_ip',"
                        + " or use a kernel that has it");
    }

    private static KernelRejected why(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Rejected.class);
        return ((Outcome.Rejected) outcome).why();
    }

    private static List<SetEntry> addresses(int... numbers) {
        return IntStream.of(numbers).mapToObj(IpsetClientTest::address).toList();
    }

    private static SetEntry address(int number) {
        return new SetEntry.Ip(IpAddress.of("10.0.0." + number));
    }
}
