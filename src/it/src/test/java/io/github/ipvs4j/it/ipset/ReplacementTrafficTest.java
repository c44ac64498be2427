// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.ipset;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.ipset.IpSet;
import io.github.ipvs4j.ipset.IpsetClient;
import io.github.ipvs4j.ipset.Replacement;
import io.github.ipvs4j.ipset.SetDefinition;
import io.github.ipvs4j.ipset.SetEntry;
import io.github.ipvs4j.it.lab.LabTest;
import io.github.ipvs4j.it.lab.NeedsIptables;
import io.github.ipvs4j.it.lab.Place;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** While a set is replaced again and again, every packet to an entry that stays is matched by a rule on the set. */
@LabTest
@NeedsIptables
class ReplacementTrafficTest {
    private static final SetDefinition LIVE = SetDefinition.hashIp("live", IpFamily.IPV4);
    private static final String STAYS = "127.0.0.9";
    private static final int PORT = 9;
    private static final int ROUNDS = 60;

    /** Each replacement has at least so many packets around it, beside those that run while it lasts. */
    private static final int PACKETS = 5;

    @Test
    @Timeout(300)
    void rulesNeverMissAnEntryThatStays() throws ExecutionException, InterruptedException {
        IpSet base = contents(0, 400);
        IpSet little = base.with(contents(1000, 1010).members(), contents(0, 10).entries());
        IpSet other = contents(2000, 2400);
        IpSet resized = new IpSet(LIVE.withMaxElements(100_000), base.entries());
        Map<Replacement.Way, Integer> ways = new EnumMap<>(Replacement.Way.class);
        AtomicLong sent = new AtomicLong();
        AtomicBoolean over = new AtomicBoolean();

        try (IpsetClient client = IpsetClient.open()) {
            client.replace(base);
            Place.HERE.feed("""
                    *filter
                    -A OUTPUT -d 127.0.0.9 -p udp --dport 9 -m set --match-set live dst -j ACCEPT
                    -A OUTPUT -d 127.0.0.9 -p udp --dport 9 -j ACCEPT
                    COMMIT
                    """, "iptables-restore");
            FutureTask<Void> traffic = new FutureTask<>(sending(sent, over));
            Thread sender = new Thread(traffic, "traffic");
            sender.start();
            try {
                for (int round = 0; round < ROUNDS; round++) {
                    for (Replacement done : List.of(
                            client.replace(little),
                            client.replace(little, base),
                            client.replace(base, little),
                            client.replace(other),
                            client.replace(resized),
                            client.replace(base))) {
                        ways.merge(done.way(), 1, Integer::sum);
                    }
                    await(sent, sent.get() + PACKETS, traffic);
                }
            } finally {
                over.set(true);
                sender.join();
            }
            traffic.get();
        }

        assertThat(ways)
                .containsEntry(Replacement.Way.CHANGED, 3 * ROUNDS)
                .containsEntry(Replacement.Way.SWAPPED, 3 * ROUNDS);
        List<Long> packets = Place.HERE
                .run("iptables", "-L", "OUTPUT", "-v", "-x", "-n")
                .lines()
                .filter(line -> line.contains(STAYS))
                .map(line -> Long.parseLong(line.strip().split(" +")[0]))
                .toList();
        assertThat(packets).containsExactly(sent.get(), 0L);
        assertThat(sent.get()).isGreaterThanOrEqualTo((long) ROUNDS * PACKETS);
    }

    private static Callable<Void> sending(AtomicLong sent, AtomicBoolean over) {
        return () -> {
            try (DatagramSocket receiver = new DatagramSocket(PORT, InetAddress.getByName(STAYS));
                    DatagramSocket socket = new DatagramSocket()) {
                DatagramPacket packet =
                        new DatagramPacket(new byte[1], 1, receiver.getLocalAddress(), receiver.getLocalPort());
                while (!over.get()) {
                    socket.send(packet);
                    sent.incrementAndGet();
                }
                return null;
            }
        };
    }

    private static void await(AtomicLong sent, long wanted, FutureTask<Void> traffic) {
        while (sent.get() < wanted && !traffic.isDone()) {
            Thread.yield();
        }
    }

    private static IpSet contents(int from, int to) {
        List<SetEntry> entries = new ArrayList<>(IntStream.range(from, to)
                .mapToObj(i -> (SetEntry) new SetEntry.Ip(IpAddress.of("10.0." + (i >> 8) + "." + (i & 255))))
                .toList());
        entries.add(new SetEntry.Ip(IpAddress.of(STAYS)));
        return IpSet.of(LIVE, entries);
    }
}
