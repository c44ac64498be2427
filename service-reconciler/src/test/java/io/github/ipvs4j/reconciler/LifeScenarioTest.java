// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import static io.github.ipvs4j.reconciler.Samples.name;
import static io.github.ipvs4j.reconciler.Samples.nodePort;
import static io.github.ipvs4j.reconciler.Samples.remote;
import static io.github.ipvs4j.reconciler.Samples.service;
import static io.github.ipvs4j.reconciler.Samples.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ipvs4j.ipvs.Destination;
import io.github.ipvs4j.ipvs.DestinationKey;
import io.github.ipvs4j.ipvs.IpvsClient;
import io.github.ipvs4j.ipvs.Scheduler;
import io.github.ipvs4j.ipvs.ServiceKey;
import io.github.ipvs4j.ipvs.TransportProtocol;
import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpPrefix;
import io.github.ipvs4j.netlink.NetlinkClient;
import io.github.ipvs4j.netlink.NetlinkException;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.testkit.SimulatedKernel;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How virtual servers and destinations come, change and go; see {@link ScenariosTest} for the numbers. */
class LifeScenarioTest extends OnSimulatedNode {
    private static final IpAddress VIP = IpAddress.of("1.1.1.1");
    private static final Destination ONE = Destination.masquerade(IpAddress.of("10.180.0.1"), 8080);
    private static final DestinationKey ONE_KEY = ONE.key();

    private Scheduler scheduler = Scheduler.ROUND_ROBIN;
    private List<IpPrefix> excluded = List.of();

    @Override
    ReconcilerBuilder configure(ReconcilerBuilder settings) {
        return settings.scheduler(scheduler).excludeCidrs(excluded);
    }

    @ParameterizedTest
    @Scenario({61, 64, 65})
    @EnumSource(names = {"TCP", "SCTP"})
    void addsAVirtualServerOnceAndLeavesItAlone(TransportProtocol protocol) {
        put(web(protocol));
        sync();
        assertThat(node.servers()).hasSize(1).allMatch(line -> line.endsWith(" 1.1.1.1:80 -s rr"));

        restart();
        put(web(protocol));
        assertThat(sync().changed()).isZero();
    }

    @ParameterizedTest
    @Scenario({62, 65})
    @EnumSource(names = {"TCP", "SCTP"})
    void makesAVirtualServerPersistentInPlace(TransportProtocol protocol) {
        put(web(protocol), slice("web", protocol, remote("10.180.0.1")));
        sync();

        put(web(protocol).affinity(SessionAffinity.clientIp(Duration.ofSeconds(10_800))));
        SyncReport report = sync();

        assertThat(report.changed()).isOne();
        assertThat(node.servers()).hasSize(2).anyMatch(line -> line.endsWith("-s rr -p 10800"));
    }

    @ParameterizedTest
    @Scenario({63, 65})
    @EnumSource(names = {"TCP", "SCTP"})
    void changesTheSchedulerInPlace(TransportProtocol protocol) {
        put(web(protocol), slice("web", protocol, remote("10.180.0.1")));
        sync();

        scheduler = Scheduler.WEIGHTED_LEAST_CONNECTION;
        restart();
        put(web(protocol), slice("web", protocol, remote("10.180.0.1")));
        SyncReport report = sync();

        assertThat(report.changed()).isOne();
        assertThat(node.servers()).hasSize(2).anyMatch(line -> line.endsWith("1.1.1.1:80 -s wlc"));
    }

    @Test
    @Scenario(66)
    void bindsAnAddressOnce() {
        put(web(TransportProtocol.TCP));
        sync();
        node.steps.clear();

        put(service("other", "1.1.1.1").ports(List.of(ServicePort.of("http", TransportProtocol.TCP, 81))));
        SyncReport report = sync();

        assertThat(report.changes()).doesNotContainKey(ChangeKind.ADDRESS);
        assertThat(node.steps).doesNotContain("ROUTE");
        assertThat(node.addresses()).hasSize(1);
    }

    @Test
    @Scenario({67, 68})
    void givesADestinationItsWeightBackAtTheStartOnly() {
        put(web(TransportProtocol.TCP), slice("web", remote("10.180.0.1")));
        sync();
        tamper(ipvs -> ipvs.updateDestination(ServiceKey.tcp(VIP, 80), ONE.withWeight(0)));

        sync();
        assertThat(node.servers()).anyMatch(line -> line.endsWith("-w 0"));
        restart();
        put(web(TransportProtocol.TCP), slice("web", remote("10.180.0.1")));
        sync();
        assertThat(node.servers()).noneMatch(line -> line.endsWith("-w 0"));
    }

    @ParameterizedTest
    @Scenario({69, 70, 71, 72})
    @CsvSource({
        "3.3.3.0/24 4.4.4.0/24, 3.3.3.3 4.4.4.4 5.5.5.5 6.6.6.6, 1.1.1.1 2.2.2.2, 1.1.1.1 2.2.2.2 3.3.3.3 4.4.4.4",
        "4.4.4.4/32, 4.4.4.4 5.5.5.5, 1.1.1.1, 1.1.1.1 4.4.4.4",
        "3000::/64 4000::/64, 3000::3 4000::4 5000::5, 1000::1, 1000::1 3000::3 4000::4"
    })
    void deletesWhatNobodyWantsButInExcludedBlocks(String blocks, String before, String after, String left) {
        putAll(before);
        sync();
        excluded = Stream.of(blocks.split(" ", -1)).map(IpPrefix::of).toList();
        restart();
        putAll(after);
        sync();

        List<String> expected = new ArrayList<>();
        for (String address : left.split(" ", -1)) {
            expected.add(address.contains(":") ? "[" + address + "]:80" : address + ":80");
        }
        assertThat(node.servers().stream().filter(line -> line.startsWith("-A")))
                .map(line -> line.split(" ", -1)[2])
                .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(expected)
                .allSatisfy(server -> assertThat(node.destinations(server)).hasSize(2));
    }

    @Test
    void servesAServiceThatComesBackToWhatItLeftInAnExcludedBlock() {
        List<String> before = leaveInAnExcludedBlock();

        putAll("1.1.1.1");
        sync();

        assertThat(node.addresses()).hasSize(1);
        assertThat(node.entries()).contains("KUBE-CLUSTER-IP 1.1.1.1,tcp:80");
        assertThat(node.servers()).isEqualTo(before);
    }

    @Test
    void takesWhatAnEarlierRunLeftInAnExcludedBlockForThatOfOthers() {
        List<String> before = leaveInAnExcludedBlock();
        scheduler = Scheduler.WEIGHTED_ROUND_ROBIN;
        restart();

        putAll("1.1.1.1");

        assertThat(reconciler.sync().failures()).isNotEmpty();
        assertThat(node.servers()).isEqualTo(before);
        assertThat(node.addresses()).isEmpty();
    }

    private List<String> leaveInAnExcludedBlock() {
        excluded = List.of(IpPrefix.of("1.1.1.0/24"));
        restart();
        putAll("1.1.1.1");
        sync();
        List<String> servers = node.servers();
        reconciler.removeService(name("s1"));
        sync();
        assertThat(node.servers()).isEqualTo(servers);
        assertThat(node.addresses()).isEmpty();
        return servers;
    }

    @Test
    @Scenario(73)
    void keepsAnAddressBoundAsLongAsAPortIsServed() {
        for (int ports : new int[] {2, 1, 3}) {
            put(ports(ports));
            sync();
            assertThat(node.addresses()).hasSize(1).allMatch(address -> address.contains("172.16.55.4"));
            assertThat(node.servers()).hasSize(ports);
        }
        reconciler.removeService(name("web"));
        sync();
        assertThat(node.addresses()).isEmpty();
    }

    @Test
    @Scenario(74)
    void cleansUpWithoutAnError() {
        put(nodePort("web", TransportProtocol.TCP, 3001, "10.20.30.41"), slice("web", remote("10.180.0.1")));
        sync();

        assertThat(reconciler.cleanup().failures()).isEmpty();
        assertThat(node.servers()).isEmpty();
        assertThat(node.entries()).isEmpty();
    }

    @Test
    @Scenario(75)
    void findsOutThatTheKernelHasTheScheduler() {
        reconciler.checkScheduler();
        assertThat(node.servers()).isEmpty();

        put(web(TransportProtocol.TCP));
        sync();
        node.steps.clear();
        reconciler.checkScheduler();
        assertThat(node.steps).hasSize(1);
    }

    @Test
    @Scenario(75)
    void doesNotStartWithoutIpset() throws IOException {
        SimulatedNode bare = new SimulatedNode(
                proc.resolve("bare"),
                SimulatedKernel.builder().withoutModule("ip_set").build());

        assertThatThrownBy(bare::start).isInstanceOf(NetlinkException.class).hasMessageContaining("ip_set");
    }

    @Test
    @Scenario(75)
    void doesNotStartWithAnIpsetThatSpeaksAnotherProtocol() {
        node.kernel.faults(NetlinkProtocol.NETFILTER).failRequest(1, new Errno(4097));

        assertThatThrownBy(node::start).isInstanceOf(NetlinkException.class);
    }

    @ParameterizedTest
    @Scenario(75)
    @ValueSource(ints = {1, 2, 3})
    void doesNotStartWhereTheProbeCannotBeListedMadeOrDeleted(int request) {
        node.kernel.faults(NetlinkProtocol.GENERIC).failRequest(request, Errno.EBUSY);

        assertThatThrownBy(reconciler::checkScheduler)
                .isInstanceOf(NetlinkException.class)
                .hasMessageContaining("EBUSY");
        assertThatCode(reconciler::checkScheduler).doesNotThrowAnyException();
        assertThat(node.servers()).isEmpty();
    }

    @Test
    @Scenario(75)
    void namesTheModuleOfASchedulerThatIsMissing() throws IOException {
        SimulatedNode bare = new SimulatedNode(
                proc.resolve("bare"),
                SimulatedKernel.builder().withoutModule("ip_vs_rr").build());
        try (Reconciler other = bare.start()) {
            assertThatThrownBy(other::checkScheduler)
                    .isInstanceOf(NetlinkException.class)
                    .hasMessageContaining("ip_vs_rr");
        }
    }

    @ParameterizedTest
    @Scenario({76, 77, 78, 79})
    @CsvSource({"TCP, 0, 0, false", "TCP, 10, 0, true", "TCP, 0, 10, true", "UDP, 10, 10, false", "SCTP, 10, 10, false"
    })
    void drainsTcpWhileConnectionsLast(TransportProtocol protocol, int active, int inactive, boolean stays) {
        put(web(protocol), slice("web", protocol, remote("10.180.0.1"), remote("10.180.0.2")));
        sync();
        node.kernel.ipvs().setConnections(ServiceKey.of(protocol, VIP, 80), ONE_KEY, active, inactive);

        reconciler.put(slice("web", protocol, remote("10.180.0.2")));
        sync();

        assertThat(node.servers()).hasSize(stays ? 3 : 2);
        assertThat(node.servers().stream().filter(line -> line.endsWith("-w 0")))
                .hasSize(stays ? 1 : 0);
    }

    @Test
    @Scenario(80)
    void bearsThatADestinationHasGoneAlready() {
        put(web(TransportProtocol.TCP), slice("web", remote("10.180.0.1"), remote("10.180.0.2")));
        sync();
        tamper(ipvs -> ipvs.deleteDestination(ServiceKey.tcp(VIP, 80), ONE_KEY));

        reconciler.put(slice("web", remote("10.180.0.2")));
        sync();

        assertThat(node.destinations("1.1.1.1:80")).containsExactly("10.180.0.2:8080");
    }

    @Test
    @Scenario(81)
    void bearsThatManyThreadsDrainAndPutAtOnce() throws InterruptedException, ExecutionException {
        put(web(TransportProtocol.TCP), slice("web", remote("10.180.0.1"), remote("10.180.0.2")));
        sync();
        node.kernel.ipvs().setConnections(ServiceKey.tcp(VIP, 80), ONE_KEY, 1, 0);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            boolean both = i % 2 == 0;
            running.add(threads.submit(() -> {
                reconciler.put(
                        both
                                ? slice("web", remote("10.180.0.1"), remote("10.180.0.2"))
                                : slice("web", remote("10.180.0.2")));
                reconciler.sync();
                reconciler.drain();
            }));
        }
        threads.shutdown();
        for (Future<?> each : running) {
            each.get();
        }
        reconciler.put(slice("web", remote("10.180.0.2")));
        sync();
        assertThat(node.servers()).contains("-a -t 1.1.1.1:80 -r 10.180.0.1:8080 -m -w 0");

        node.kernel.ipvs().setConnections(ServiceKey.tcp(VIP, 80), ONE_KEY, 0, 0);
        assertThat(reconciler.drain().draining()).isZero();
        assertThat(node.destinations("1.1.1.1:80")).containsExactly("10.180.0.2:8080");
    }

    private void putAll(String addresses) {
        for (String address : addresses.split(" ", -1)) {
            String pods = address.contains(":") ? "fd00::" : "10.180.0.";
            String number = address.substring(address.length() - 1);
            put(service("s" + number, address), slice("s" + number, remote(pods + "1"), remote(pods + "2")));
        }
    }

    private static Service.Builder web(TransportProtocol protocol) {
        return service("web", "1.1.1.1").ports(List.of(ServicePort.of("http", protocol, 80)));
    }

    private static Service.Builder ports(int count) {
        List<ServicePort> ports = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ports.add(ServicePort.of("p" + i, TransportProtocol.TCP, 80 + i));
        }
        return service("web", "172.16.55.4").ports(ports);
    }

    /** Does something behind the reconciler's back. */
    private void tamper(Consumer<IpvsClient> what) {
        try (IpvsClient ipvs =
                IpvsClient.open(NetlinkClient.builder(NetlinkProtocol.GENERIC).transport(node.kernel.transports()))) {
            what.accept(ipvs);
        }
    }
}
