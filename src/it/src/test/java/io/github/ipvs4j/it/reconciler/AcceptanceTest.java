// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.reconciler;

import static io.github.ipvs4j.it.reconciler.Await.await;
import static io.github.ipvs4j.it.reconciler.Objects.PORT;
import static io.github.ipvs4j.it.reconciler.Objects.name;
import static io.github.ipvs4j.it.reconciler.Objects.nodePort;
import static io.github.ipvs4j.it.reconciler.Objects.putTcp;
import static io.github.ipvs4j.it.reconciler.Objects.service;
import static io.github.ipvs4j.it.reconciler.Objects.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.ipvs.TransportProtocol;
import io.github.ipvs4j.it.lab.Answers;
import io.github.ipvs4j.it.lab.EchoServer;
import io.github.ipvs4j.it.lab.LabTest;
import io.github.ipvs4j.it.lab.NeedsIptables;
import io.github.ipvs4j.it.lab.Place;
import io.github.ipvs4j.it.lab.Pod;
import io.github.ipvs4j.it.lab.Protocol;
import io.github.ipvs4j.it.lab.Requests;
import io.github.ipvs4j.it.lab.Topology;
import io.github.ipvs4j.netlink.IpPrefix;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.reconciler.CommandRunner;
import io.github.ipvs4j.reconciler.Reconciler;
import io.github.ipvs4j.reconciler.ReconcilerBuilder;
import io.github.ipvs4j.reconciler.SyncLoop;
import io.github.ipvs4j.reconciler.SyncTiming;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What users of kube-proxy's IPVS mode have suffered from, on a real kernel; the numbers are kubernetes' issues. */
@LabTest
@NeedsIptables
class AcceptanceTest {
    private static final String WEB = "10.96.0.10";
    private static final String DNS = "10.96.0.53";

    /** #92019, #75283, #131134. */
    @Test
    void aRestartEndsTheDrainedAndGivesTheHealthyTheirWeightBack(Topology topology) {
        Pod healthy = topology.pod("healthy").serve(Protocol.TCP.on(PORT));
        Pod drained = topology.pod("drained").serve(Protocol.TCP.on(PORT));
        Pod busy = topology.pod("busy").serve(Protocol.TCP.on(PORT));
        Pod client = topology.pod("client");
        try (Reconciler earlier = settings().open()) {
            putTcp(earlier, "web", WEB, busy.ipv4());
            assertThat(earlier.sync().failures()).isEmpty();
        }
        try (Requests connection = client.keepAskingOverOneConnection(Protocol.TCP, WEB, 80, Duration.ofMillis(50))) {
            connection.await(2);
            Place.HERE.run("ipvsadm", "-e", "-t", WEB + ":80", "-r", busy.ipv4() + ":8080", "-m", "-w", "0");
            Place.HERE.run("ipvsadm", "-a", "-t", WEB + ":80", "-r", healthy.ipv4() + ":8080", "-m", "-w", "0");
            Place.HERE.run("ipvsadm", "-a", "-t", WEB + ":80", "-r", drained.ipv4() + ":8080", "-m", "-w", "0");

            try (Reconciler restarted =
                    settings().drainTime(Duration.ofSeconds(5)).open()) {
                putTcp(restarted, "web", WEB, healthy.ipv4());
                assertThat(restarted.sync().draining()).isOne();

                assertThat(destinations(WEB + ":80"))
                        .containsExactlyInAnyOrder(healthy.ipv4() + ":8080 -m -w 1", busy.ipv4() + ":8080 -m -w 0");
                connection.await(3);
                assertThat(connection.soFar().failures()).isEmpty();
                assertThat(client.ask(Protocol.TCP, WEB, 80, 4).byName()).containsOnlyKeys("healthy");
                await(() -> restarted.drain().draining() == 0);
                assertThat(destinations(WEB + ":80")).containsExactly(healthy.ipv4() + ":8080 -m -w 1");
            }
        }
    }

    /** #71514, #139628. */
    @Test
    void noPacketReachesAUdpEndpointAfterTheSyncThatRemovesIt(Topology topology) {
        Pod one = topology.pod("one").serve(Protocol.UDP.on(PORT));
        Pod two = topology.pod("two").serve(Protocol.UDP.on(PORT));
        Pod client = topology.pod("client");
        try (Reconciler reconciler = settings().open()) {
            reconciler.put(service("dns", TransportProtocol.UDP, DNS).build());
            reconciler.put(slice("dns", TransportProtocol.UDP, one.ipv4()));
            assertThat(reconciler.sync().failures()).isEmpty();
            try (Requests load = client.keepAskingOverOneConnection(Protocol.UDP, DNS, 53, Duration.ofMillis(20))) {
                load.await(5);
                assertThat(load.soFar().byName()).containsOnlyKeys("one");

                reconciler.put(slice("dns", TransportProtocol.UDP, two.ipv4()));
                assertThat(reconciler.sync().failures()).isEmpty();
                String packets = datagrams(one);
                load.await(20);

                assertThat(datagrams(one)).isEqualTo(packets);
                assertThat(load.soFar().names()).endsWith("two", "two", "two");
            }
        }
    }

    /** #134147. */
    @Test
    void virtualServersOfOthersAndThoseInExcludedBlocksAreNeverTouched(Topology topology) {
        // Two are on addresses that only kube-proxy binds, as an earlier run leaves them: one of these is excluded.
        Place.HERE.configure("""
                link add kube-ipvs0 type dummy
                address add 10.98.0.1/32 dev kube-ipvs0
                address add 10.99.0.1/32 dev kube-ipvs0
                """);
        String foreign = """
                -A -t 203.0.113.9:80 -s wlc -p 77
                -a -t 203.0.113.9:80 -r 10.1.1.1:80 -m -w 5
                -A -t 10.99.0.1:443 -s sh
                -a -t 10.99.0.1:443 -r 10.1.1.2:443 -m -w 0
                -A -f 7 -s rr
                -a -f 7 -r 10.1.1.3:0 -m -w 1
                """;
        Place.HERE.feed(foreign + "-A -t 10.98.0.1:443 -s sh\n", "ipvsadm", "-R");
        List<String> kept = lines("ipvsadm", "-Sn").stream()
                .filter(line -> !line.contains("10.98.0.1"))
                .toList();
        assertThat(kept).hasSize(6);

        try (Reconciler reconciler =
                settings().excludeCidrs(List.of(IpPrefix.of("10.99.0.0/16"))).open()) {
            putTcp(reconciler, "web", WEB, "10.244.1.9");
            reconciler.put(nodePort("np", 30_080, "10.96.0.11").build());
            assertThat(reconciler.sync().failures()).isEmpty();
            assertThat(lines("ipvsadm", "-Sn")).containsAll(kept).noneMatch(line -> line.contains("10.98.0.1"));
            reconciler.resync();
            reconciler.removeService(name("web"));
            reconciler.removeService(name("np"));
            assertThat(reconciler.sync().failures()).isEmpty();
            reconciler.resync();
        }

        assertThat(lines("ipvsadm", "-Sn")).containsExactlyInAnyOrderElementsOf(kept);
    }

    /** #133773. */
    @Test
    void theApiServerAnswersBeforeTheRestOfTwoThousandServicesIsDone(Topology topology) {
        Pod api = topology.pod("api").serve(Protocol.HTTP.on(PORT));
        Pod client = topology.pod("client");
        List<Answers> answers = new ArrayList<>();
        AtomicInteger others = new AtomicInteger(-1);
        TappedTransport.Tap tap = new TappedTransport.Tap() {
            @Override
            public void sent(NetlinkProtocol protocol) {
                List<String> servers = lines("ipvsadm", "-Sn");
                if (others.get() < 0 && servers.stream().anyMatch(line -> line.contains(api.ipv4()))) {
                    others.set((int) servers.stream()
                            .filter(line -> line.startsWith("-A") && !line.contains("10.96.0.1:"))
                            .count());
                    answers.add(client.ask(Protocol.HTTP, "10.96.0.1", 80, 3));
                    answers.add(topology.node().ask(Protocol.HTTP, "10.96.0.1", 80, 3));
                }
            }
        };
        try (Reconciler reconciler =
                settings().transport(TappedTransport.of(tap)).open()) {
            for (int i = 0; i < 2_000; i++) {
                putTcp(reconciler, "s" + i, "10.97." + i / 250 + "." + (i % 250 + 1), "10.244.1.99");
            }
            putTcp(reconciler, "kubernetes", "10.96.0.1", api.ipv4());
            assertThat(reconciler.sync().failures()).isEmpty();
        }

        assertThat(others).hasValue(0);
        assertThat(answers).hasSize(2).allSatisfy(some -> {
            assertThat(some.failures()).isEmpty();
            assertThat(some.names()).containsOnly("api");
        });
        assertThat(lines("ipvsadm", "-Sn")).hasSize(2 * 2_001);
    }

    /** #101506. */
    @Test
    void familiesAreNotConfusedThoughPortsAndBitsAreTheSame(Topology topology) {
        // The IPv6 addresses begin with the bits of the IPv4 ones: 10.96.0.10 is 0a60:000a.
        String web = "a60:a::";
        try (Reconciler reconciler = settings().open()) {
            putTcp(reconciler, "four", WEB, "10.244.1.9");
            putTcp(reconciler, "six", web, "af4:109::");
            assertThat(reconciler.sync().failures()).isEmpty();
            List<String> both = List.of(
                    "-A -t 10.96.0.10:80 -s rr",
                    "-a -t 10.96.0.10:80 -r 10.244.1.9:8080 -m -w 1",
                    "-A -t [a60:a::]:80 -s rr",
                    "-a -t [a60:a::]:80 -r [af4:109::]:8080 -m -w 1");
            assertThat(lines("ipvsadm", "-Sn")).containsExactlyInAnyOrderElementsOf(both);
            assertThat(reconciler.resync().changed()).isZero();

            reconciler.removeService(name("four"));
            assertThat(reconciler.sync().failures()).isEmpty();

            assertThat(lines("ipvsadm", "-Sn")).containsExactlyInAnyOrderElementsOf(both.subList(2, 4));
            assertThat(lines("ip", "-brief", "address", "show", "dev", "kube-ipvs0"))
                    .singleElement()
                    .satisfies(line -> assertThat(line).contains("a60:a::/128").doesNotContain("10.96"));
        }
    }

    /** #121042. */
    @Test
    void recoversWhenTheModuleIsUnloadedAndLoadedAgain(Topology topology) {
        try (Reconciler reconciler = settings().open()) {
            putTcp(reconciler, "web", WEB, "10.244.1.9");
            assertThat(reconciler.sync().failures()).isEmpty();
            List<String> before = lines("ipvsadm", "-Sn");
            Place.HERE.run("ipvsadm", "-C");
            Place.HERE.run("iptables", "-t", "filter", "-F");
            Place.HERE.run("ip6tables", "-t", "filter", "-F");
            Place.HERE.run(
                    "sh",
                    "-c",
                    "rmmod xt_ipvs 2>/dev/null; rmmod $(lsmod | sed -n 's/^\\(ip_vs_[a-z]*\\) .*/\\1/p') ip_vs");
            putTcp(reconciler, "web", WEB, "10.244.1.9", "10.244.1.10");
            // The kernel loads the module again as soon as it is asked for what that offers; its settings are new then.
            await(() -> reconciler.sync().succeeded());
            await(() -> reconciler.resync().succeeded());

            assertThat(lines("ipvsadm", "-Sn"))
                    .containsAll(before)
                    .contains("-a -t 10.96.0.10:80 -r 10.244.1.10:8080 -m -w 1")
                    .hasSize(3);
            assertThat(Place.HERE.run("cat", "/proc/sys/net/ipv4/vs/conntrack").strip())
                    .isEqualTo("1");
        }
    }

    /** #71071. */
    @Test
    void aLostAnswerNeitherHangsNorIsTakenForAnother(Topology topology) {
        boolean[] deaf = {false};
        TappedTransport.Tap tap = new TappedTransport.Tap() {
            @Override
            public boolean receives(NetlinkProtocol protocol) {
                boolean lost = deaf[0] && protocol == NetlinkProtocol.GENERIC;
                deaf[0] &= !lost;
                return !lost;
            }
        };
        try (Reconciler reconciler = settings()
                .transport(TappedTransport.of(tap))
                .deadline(Duration.ofSeconds(1))
                .open()) {
            putTcp(reconciler, "web", WEB, "10.244.1.9");
            assertThat(reconciler.sync().failures()).isEmpty();
            putTcp(reconciler, "web", WEB, "10.244.1.9", "10.244.1.10");
            deaf[0] = true;

            reconciler.sync();
            assertThat(deaf[0]).isFalse();
            assertThat(reconciler.sync().failures()).isEmpty();

            assertThat(destinations(WEB + ":80"))
                    .containsExactlyInAnyOrder("10.244.1.9:8080 -m -w 1", "10.244.1.10:8080 -m -w 1");
            assertThat(reconciler.resync().changed()).isZero();
        }
    }

    /** #72236. */
    @Test
    void aPortOfTheNodeIsNotReachedThroughTheAddressOfAService(Topology topology) {
        Pod pod = topology.pod("pod").serve(Protocol.HTTP.on(PORT));
        Pod client = topology.pod("client");
        EchoServer.start(topology.node(), "host", Protocol.HTTP.on(8088));
        try (Reconciler reconciler = settings().open()) {
            putTcp(reconciler, "web", WEB, pod.ipv4());
            assertThat(reconciler.sync().failures()).isEmpty();

            assertThat(client.ask(Protocol.HTTP, WEB, 80, 2).names()).containsOnly("pod");
            assertThat(client.curl("http://" + topology.node().ipv4() + ":8088"))
                    .isEqualTo("host\n");
            for (Place from : List.of(client, topology.node())) {
                assertThat(from.attempt("curl", "-sS", "--max-time", "20", "--noproxy", "*", "http://" + WEB + ":8088")
                                .status())
                        .as("curl's status when a connection is refused, not timed out")
                        .isEqualTo(7);
            }
        }
    }

    /** #65461, kops#17915. */
    @Test
    void noProgramRunsButThoseOfIptablesAndNoneWhereTheRulesStay(Topology topology) {
        List<String> programs = new ArrayList<>();
        try (Reconciler reconciler = settings().commands(recording(programs)).open()) {
            IntStream.rangeClosed(1, 200).forEach(i -> putTcp(reconciler, "s" + i, "10.97.0." + i, "10.244.1." + i));
            reconciler.put(nodePort("np", 30_080, "10.96.0.11").build());
            reconciler.put(slice("np", TransportProtocol.TCP, "10.244.1.8"));
            assertThat(reconciler.sync().failures()).isEmpty();
            assertThat(programs)
                    .containsExactlyInAnyOrder(
                            "iptables-save", "iptables-restore", "ip6tables-save", "ip6tables-restore");
            programs.clear();

            IntStream.rangeClosed(1, 100).forEach(i -> reconciler.removeService(name("s" + i)));
            reconciler.put(service("udp", TransportProtocol.UDP, DNS).build());
            reconciler.put(slice("udp", TransportProtocol.UDP, "10.244.1.8"));
            assertThat(reconciler.sync().failures()).isEmpty();
            reconciler.put(slice("udp", TransportProtocol.UDP));
            assertThat(reconciler.sync().failures()).isEmpty();

            assertThat(programs).isEmpty();
        }
    }

    /** Rules that somebody flushes are seen to be gone, without a program being run for that. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "iptables -t nat -F",
                "iptables -t filter -F",
                "ip6tables -t filter -F",
                "iptables -t nat -F KUBE-SERVICES",
                "iptables -t nat -F KUBE-POSTROUTING"
            })
    void rulesThatSomebodyFlushesComeBack(String flush, Topology topology) {
        List<String> programs = new ArrayList<>();
        try (Reconciler reconciler = settings().commands(recording(programs)).open()) {
            putTcp(reconciler, "web", WEB, "10.244.1.9");
            reconciler.put(nodePort("np", 30_080, "10.96.0.11").build());
            assertThat(reconciler.sync().failures()).isEmpty();
            List<String> rules = rules();
            programs.clear();
            assertThat(reconciler.isDisturbed()).isFalse();

            Place.HERE.run(flush.split(" "));

            assertThat(reconciler.isDisturbed()).isTrue();
            assertThat(programs).isEmpty();
            SyncLoop loop = SyncLoop.of(
                    reconciler,
                    SyncTiming.defaults().withMinPeriod(Duration.ZERO).withWatchPeriod(Duration.ofMillis(1)));
            loop.loaded();
            assertThat(loop.turn()).isPresent();
            await(() -> loop.turn().isPresent());
            assertThat(rules()).containsExactlyInAnyOrderElementsOf(rules);
            assertThat(reconciler.isDisturbed()).isFalse();
        }
    }

    private static List<String> rules() {
        return Stream.of("iptables-save", "ip6tables-save")
                .flatMap(program -> lines(program).stream().filter(line -> line.startsWith("-A")))
                .toList();
    }

    private static CommandRunner recording(List<String> programs) {
        return (command, input) -> {
            programs.add(command.get(0));
            return new CommandRunner.Result(0, Place.HERE.feed(input, command.toArray(String[]::new)), "");
        };
    }

    private static ReconcilerBuilder settings() {
        return Reconciler.builder().nodeName(Objects.NODE);
    }

    private static List<String> lines(String... command) {
        return Place.HERE.run(command).lines().map(String::strip).toList();
    }

    /** Returns the destinations of a TCP virtual server as ipvsadm saves them. */
    private static List<String> destinations(String server) {
        String start = "-a -t " + server + " -r ";
        return lines("ipvsadm", "-Sn").stream()
                .filter(line -> line.startsWith(start))
                .map(line -> line.substring(start.length()))
                .toList();
    }

    private static String datagrams(Pod pod) {
        return pod.run("sh", "-c", "grep ^Udp: /proc/net/snmp | tail -1 | cut -d' ' -f2");
    }
}
