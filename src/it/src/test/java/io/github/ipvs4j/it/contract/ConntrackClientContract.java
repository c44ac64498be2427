// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ipvs4j.netlink.ConntrackClient;
import io.github.ipvs4j.netlink.ConntrackEntry;
import io.github.ipvs4j.netlink.ConntrackEntry.Direction;
import io.github.ipvs4j.netlink.ConntrackEntry.Zone;
import io.github.ipvs4j.netlink.ConntrackEvent;
import io.github.ipvs4j.netlink.ConntrackFilter;
import io.github.ipvs4j.netlink.ConntrackTuple;
import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.KernelRejected;
import io.github.ipvs4j.netlink.NetlinkClient;
import io.github.ipvs4j.netlink.NetlinkEvents;
import io.github.ipvs4j.netlink.Outcome;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link ConntrackClient} does on any kernel: what is deleted is what was asked for, and nothing else. */
abstract class ConntrackClientContract {
    private static final int CONFIRMED = 0x0e;

    private ConntrackClient client;

    /** Returns how to open a client of the kernel that is tested. */
    abstract NetlinkClient.Builder settings();

    @BeforeEach
    void startsWithAnEmptyTable() {
        client = ConntrackClient.open(settings());
        client.deleteAll();
    }

    @AfterEach
    void closeClient() {
        client.deleteAll();
        client.close();
    }

    private static ConntrackEntry udp(String source, int port, String destination, int mark, Zone zone) {
        IpAddress from = IpAddress.of(source);
        IpAddress to = IpAddress.of(destination);
        return new ConntrackEntry(
                ConntrackTuple.udp(from, port, to, 53),
                ConntrackTuple.udp(to, 53, from, port),
                zone,
                CONFIRMED,
                mark,
                Duration.ofMinutes(10),
                0);
    }

    private ConntrackEntry add(String source, int port, String destination, int mark) {
        ConntrackEntry entry = udp(source, port, destination, mark, Zone.DEFAULT);
        client.add(entry);
        return entry;
    }

    private List<ConntrackTuple> originals() {
        return client.list(ConntrackFilter.ALL).stream()
                .map(ConntrackEntry::original)
                .toList();
    }

    @Test
    void deletesTheEntryOfATupleAndNoOther() {
        ConntrackEntry first = add("10.1.0.1", 1001, "10.0.0.10", 0);
        ConntrackEntry second = add("10.1.0.1", 1002, "10.0.0.10", 0);
        ConntrackEntry six = add("fd00::1", 1001, "fd00::10", 0);

        assertThat(client.delete(first.original(), Zone.DEFAULT)).isTrue();
        assertThat(client.delete(first.original(), Zone.DEFAULT)).isFalse();
        assertThat(originals()).containsExactlyInAnyOrder(second.original(), six.original());
    }

    @Test
    void listsAnEntryAsItWasAdded() {
        ConntrackTuple original = ConntrackTuple.udp(IpAddress.of("10.1.0.1"), 1001, IpAddress.of("10.0.0.10"), 53);
        ConntrackTuple reply = ConntrackTuple.udp(IpAddress.of("10.244.0.5"), 5353, IpAddress.of("10.1.0.1"), 1001);
        Duration timeout = Duration.ofMinutes(10);
        client.add(new ConntrackEntry(original, reply, Zone.DEFAULT, CONFIRMED, 0x8001, timeout, 0));

        ConntrackEntry listed = client.list(ConntrackFilter.ALL).get(0);

        assertThat(listed.original()).isEqualTo(original);
        assertThat(listed.reply()).isEqualTo(reply);
        assertThat(listed.mark()).isEqualTo(0x8001);
        assertThat(listed.status() & CONFIRMED).isEqualTo(CONFIRMED);
        assertThat(listed.timeout()).isBetween(Duration.ofMinutes(9), timeout);
        assertThat(listed.id()).isNotZero();
        assertThat(listed.isTranslated()).isTrue();
        assertThat(client.find(original, Zone.DEFAULT).orElseThrow().id()).isEqualTo(listed.id());
    }

    /** The kernel finds an entry by the tuple of its answers as well, and would delete it by that one. */
    @Test
    void doesNotTakeTheTupleOfTheAnswersForAnOriginalOne() {
        ConntrackEntry entry = add("10.1.0.1", 1001, "10.0.0.10", 0);

        assertThat(client.find(entry.reply(), Zone.DEFAULT).orElseThrow().original())
                .isEqualTo(entry.original());
        assertThat(client.delete(entry.reply(), Zone.DEFAULT)).isFalse();
        assertThat(originals()).containsExactly(entry.original());
    }

    /** The kernel's own filter by IPv6 address deletes everything but the match. */
    @Test
    void deletesIpv6EntriesByAddressAndSparesTheOthers() {
        ConntrackEntry other = add("fd00::1", 1001, "fd00::11", 0);
        ConntrackEntry four = add("10.1.0.1", 1001, "10.0.0.10", 0);
        ConntrackEntry hit = add("fd00::1", 1001, "fd00::10", 0);

        List<ConntrackClient.Deletion> deletions = client.deleteIf(
                ConntrackFilter.ALL,
                entry -> entry.original().destination().equals(hit.original().destination()));

        assertThat(deletions).singleElement().satisfies(deletion -> {
            assertThat(deletion.entry().original()).isEqualTo(hit.original());
            assertThat(deletion.outcome()).isEqualTo(Outcome.DONE);
        });
        assertThat(originals()).containsExactlyInAnyOrder(other.original(), four.original());
    }

    /** The kernel ignores the family in a delete whose header has version 0, and empties the table. */
    @Test
    void deletesEntriesOfOneFamilyAndSparesTheOther() {
        ConntrackEntry four = add("10.1.0.1", 1001, "10.0.0.10", 0);
        add("fd00::1", 1001, "fd00::10", 0);
        add("fd00::2", 1001, "fd00::10", 0);

        assertThat(client.deleteIf(ConntrackFilter.ALL.ofFamily(IpFamily.IPV6), entry -> true))
                .hasSize(2)
                .allMatch(deletion -> deletion.outcome().succeeded());
        assertThat(originals()).containsExactly(four.original());
    }

    /** The kernel takes a mask without a mark for no filter at all, and empties the table. */
    @Test
    void deletesEntriesOfAMarkAndSparesTheOthers() {
        add("10.1.0.1", 1001, "10.0.0.10", 0x101);
        ConntrackEntry unmarked = add("10.1.0.1", 1002, "10.0.0.10", 0);
        ConntrackEntry other = add("10.1.0.1", 1003, "10.0.0.10", 0x102);

        assertThat(client.deleteIf(ConntrackFilter.ALL.marked(0x1, 0x3), entry -> true))
                .hasSize(1);
        assertThat(originals()).containsExactlyInAnyOrder(unmarked.original(), other.original());
        assertThat(client.list(ConntrackFilter.ALL.marked(0, -1)))
                .singleElement()
                .extracting(ConntrackEntry::original)
                .isEqualTo(unmarked.original());
    }

    @Test
    void sparesALaterConnectionOfTheSameTuple() {
        ConntrackEntry first = add("10.1.0.1", 1001, "10.0.0.10", 0);
        List<ConntrackEntry> listed = client.list(ConntrackFilter.ALL);
        client.delete(first.original(), Zone.DEFAULT);
        // The number is made of the entry's place in memory, which the next one would take at once otherwise.
        add("10.1.0.1", 999, "10.0.0.10", 0);
        add("10.1.0.1", 1001, "10.0.0.10", 0);

        assertThat(client.delete(listed)).containsExactly(Outcome.ALREADY_SO);
        assertThat(originals()).contains(first.original()).hasSize(2);
    }

    @Test
    void deletesListedEntriesOfAllKindsOfProtocols() {
        for (String[] hosts : new String[][] {{"10.1.0.1", "10.0.0.10"}, {"fd00::1", "fd00::10"}}) {
            IpAddress from = IpAddress.of(hosts[0]);
            IpAddress to = IpAddress.of(hosts[1]);
            boolean four = from.family() == IpFamily.IPV4;
            for (int protocol : new int[] {6, 17, 132, 136}) {
                add(protocol, from, to, new ConntrackTuple.Ports(1000, 53), new ConntrackTuple.Ports(53, 1000));
            }
            add(
                    four ? 1 : 58,
                    from,
                    to,
                    new ConntrackTuple.Icmp(77, four ? 8 : 128, 0),
                    new ConntrackTuple.Icmp(77, four ? 0 : 129, 0));
            add(50, from, to, ConntrackTuple.Selector.NONE, ConntrackTuple.Selector.NONE);
        }

        List<ConntrackClient.Deletion> deletions = client.deleteIf(ConntrackFilter.ALL, entry -> true);

        assertThat(deletions)
                .hasSize(12)
                .allMatch(deletion -> deletion.outcome().equals(Outcome.DONE));
        assertThat(originals()).isEmpty();
    }

    private void add(
            int protocol, IpAddress from, IpAddress to, ConntrackTuple.Selector there, ConntrackTuple.Selector back) {
        client.add(new ConntrackEntry(
                new ConntrackTuple(from, to, protocol, there),
                new ConntrackTuple(to, from, protocol, back),
                Zone.DEFAULT,
                CONFIRMED,
                0,
                Duration.ofMinutes(10),
                0));
    }

    @Test
    void keepsZonesApartOrSaysThatTheKernelHasNone() {
        ConntrackEntry plain = add("10.1.0.1", 1001, "10.0.0.10", 0);
        ConntrackEntry zoned = udp("10.1.0.1", 1001, "10.0.0.10", 0, Zone.of(7));
        ConntrackEntry oneWay = udp("10.1.0.1", 1002, "10.0.0.10", 0, new Zone(8, Direction.ORIGINAL));
        if (!hasZones()) {
            assertThatThrownBy(() -> client.add(zoned))
                    .hasMessageContaining("this kernel was built without conntrack zones");
            return;
        }
        client.add(zoned);
        client.add(oneWay);

        assertThat(client.find(zoned.original(), Zone.of(7)).orElseThrow().zone())
                .isEqualTo(Zone.of(7));
        assertThat(client.find(zoned.original(), Zone.of(9))).isEmpty();
        assertThat(client.find(oneWay.original(), Zone.DEFAULT)).isEmpty();
        assertThat(client.deleteIf(ConntrackFilter.ALL, entry -> !entry.zone().equals(Zone.DEFAULT)))
                .extracting(ConntrackClient.Deletion::outcome)
                .containsExactly(Outcome.DONE, Outcome.DONE);
        assertThat(originals()).containsExactly(plain.original());
    }

    private boolean hasZones() {
        try {
            client.find(udp("10.1.0.9", 1, "10.1.0.9", 0, Zone.of(7)).original(), Zone.of(7));
            return true;
        } catch (KernelRejected e) {
            assertThat(e.errno()).isEqualTo(Errno.EOPNOTSUPP);
            return false;
        }
    }

    @Test
    void choosesAmongThousands() {
        List<ConntrackTuple> spared = new ArrayList<>();
        for (int port = 1; port <= 3000; port++) {
            ConntrackEntry entry = add("10.1.0.1", port, "10.0.0." + port % 10, 0);
            if (port % 10 != 7) {
                spared.add(entry.original());
            }
        }
        IpAddress hit = IpAddress.of("10.0.0.7");

        List<ConntrackClient.Deletion> deletions = client.deleteIf(
                ConntrackFilter.ALL, entry -> entry.original().destination().equals(hit));

        assertThat(deletions)
                .hasSize(300)
                .allMatch(deletion -> deletion.outcome().equals(Outcome.DONE));
        assertThat(originals()).containsExactlyInAnyOrderElementsOf(spared);
    }

    @Test
    void refusesASecondEntryOfTheSameTuple() {
        ConntrackEntry entry = add("10.1.0.1", 1001, "10.0.0.10", 0);

        assertThatThrownBy(() -> client.add(entry))
                .isInstanceOfSatisfying(
                        KernelRejected.class,
                        rejected -> assertThat(rejected.errno()).isEqualTo(Errno.EEXIST));
    }

    @Test
    void handsEntriesOutOneByOne() {
        ConntrackEntry first = add("10.1.0.1", 1001, "10.0.0.10", 0x1);
        ConntrackEntry six = add("fd00::1", 1001, "fd00::10", 0);
        List<ConntrackTuple> seen = new ArrayList<>();
        client.forEach(ConntrackFilter.ALL, entry -> seen.add(entry.original()));
        assertThat(seen).containsExactlyInAnyOrder(first.original(), six.original());
        seen.clear();
        client.forEach(ConntrackFilter.ALL.ofFamily(IpFamily.IPV6), entry -> seen.add(entry.original()));
        assertThat(seen).containsExactly(six.original());
    }

    @Test
    void tellsWhoListensOfWhatIsMadeAndGone() throws InterruptedException {
        BlockingQueue<ConntrackEvent> heard = new LinkedBlockingQueue<>();
        MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        try (NetlinkEvents events = ConntrackClient.subscribe(
                settings(),
                loops,
                EnumSet.of(ConntrackEvent.Kind.CREATED, ConntrackEvent.Kind.DESTROYED),
                heard::add)) {
            assertThat(events).isNotNull();
            ConntrackEntry entry = add("10.1.0.1", 1001, "10.0.0.10", 0x5);
            client.delete(entry.original(), Zone.DEFAULT);
            for (ConntrackEvent.Kind kind : List.of(ConntrackEvent.Kind.CREATED, ConntrackEvent.Kind.DESTROYED)) {
                ConntrackEvent.Changed changed =
                        (ConntrackEvent.Changed) Objects.requireNonNull(heard.poll(20, TimeUnit.SECONDS));
                assertThat(changed.kind()).isEqualTo(kind);
                assertThat(changed.entry().original()).isEqualTo(entry.original());
                assertThat(changed.entry().mark()).isEqualTo(0x5);
            }
        } finally {
            loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }
}
