// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.ipvs4j.ipset.IpsetClient;
import io.github.ipvs4j.ipset.SetDefinition;
import io.github.ipvs4j.ipset.SetEntry;
import io.github.ipvs4j.ipset.SetProtocol;
import io.github.ipvs4j.ipvs.Destination;
import io.github.ipvs4j.ipvs.IpvsClient;
import io.github.ipvs4j.ipvs.ObservedDestination;
import io.github.ipvs4j.ipvs.Scheduler;
import io.github.ipvs4j.ipvs.ServiceKey;
import io.github.ipvs4j.ipvs.VirtualService;
import io.github.ipvs4j.netlink.AddressChange;
import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.KernelRejected;
import io.github.ipvs4j.netlink.Link;
import io.github.ipvs4j.netlink.NetlinkClient;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.netlink.Outcome;
import io.github.ipvs4j.netlink.RouteClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimulatedKernelTest {
    private static final ServiceKey WEB = ServiceKey.tcp(IpAddress.of("10.96.0.1"), 80);
    private static final Destination POD =
            Destination.masquerade(IpAddress.of("10.244.0.5"), 8080).withWeight(1);

    private static NetlinkClient.Builder on(SimulatedKernel kernel, NetlinkProtocol protocol) {
        return NetlinkClient.builder(protocol).transport(kernel.transports());
    }

    @Test
    void keepsServicesThatTheClientAdds() {
        SimulatedKernel kernel = SimulatedKernel.create();
        try (IpvsClient ipvs = IpvsClient.open(on(kernel, NetlinkProtocol.GENERIC))) {
            ipvs.addService(VirtualService.of(WEB, Scheduler.ROUND_ROBIN));
            ipvs.addDestination(WEB, POD);
            assertThat(ipvs.services()).hasSize(1);
            assertThat(ipvs.destinations(WEB))
                    .extracting(ObservedDestination::destination)
                    .containsExactly(POD);
        }
        assertThat(kernel.ipvs().save()).isEqualTo("""
                -A -t 10.96.0.1:80 -s rr
                -a -t 10.96.0.1:80 -r 10.244.0.5:8080 -m -w 1
                """);
        kernel.assertQuiescent();
    }

    @Test
    void keepsSetsThatTheClientFills() {
        SimulatedKernel kernel = SimulatedKernel.create();
        try (IpsetClient ipset = IpsetClient.open(on(kernel, NetlinkProtocol.NETFILTER))) {
            ipset.create(SetDefinition.hashIpPort("web", IpFamily.IPV4));
            SetEntry entry = new SetEntry.IpPort(IpAddress.of("10.0.0.1"), SetProtocol.TCP, 80);
            assertThat(ipset.add("web", List.of(entry, entry))).containsExactly(Outcome.DONE, Outcome.ALREADY_SO);
            assertThat(ipset.list("web").orElseThrow().entries()).containsExactly(entry);
        }
        assertThat(kernel.ipsets().save()).isEqualTo("""
                create web hash:ip,port family inet hashsize 1024 maxelem 65536
                add web 10.0.0.1,tcp:80
                """);
        kernel.assertQuiescent();
    }

    @Test
    void keepsLinksAndAddressesThatTheClientMakes() {
        SimulatedKernel kernel = SimulatedKernel.create();
        try (RouteClient route = RouteClient.open(on(kernel, NetlinkProtocol.ROUTE))) {
            Link link = route.addDummy("kube-ipvs0");
            AddressChange add = new AddressChange(AddressChange.Action.ADD, link, IpAddress.of("10.96.0.1"));
            AddressChange addWide = new AddressChange(AddressChange.Action.ADD, link, IpAddress.of("fd00::1"));
            assertThat(route.change(List.of(add, add, addWide)))
                    .containsExactly(Outcome.DONE, Outcome.ALREADY_SO, Outcome.DONE);
            assertThat(route.addresses(link)).hasSize(2);
        }
        assertThat(kernel.links().save()).isEqualTo("""
                1: lo up
                    127.0.0.1/8
                    ::1/128
                2: kube-ipvs0 dummy down
                    10.96.0.1/32
                    fd00::1/128
                """);
        kernel.assertQuiescent();
    }

    @Test
    void namesTheMissingModule() {
        SimulatedKernel kernel = SimulatedKernel.builder()
                .withoutModule("ip_vs")
                .withoutModule("ip_set")
                .withoutModule("dummy")
                .build();
        assertThatExceptionOfType(KernelRejected.class)
                .isThrownBy(() -> IpvsClient.open(on(kernel, NetlinkProtocol.GENERIC)))
                .withMessageContaining("modprobe ip_vs");
        try (IpsetClient ipset = IpsetClient.open(on(kernel, NetlinkProtocol.NETFILTER));
                RouteClient route = RouteClient.open(on(kernel, NetlinkProtocol.ROUTE))) {
            assertThatExceptionOfType(KernelRejected.class)
                    .isThrownBy(ipset::protocolVersion)
                    .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.EINVAL));
            assertThatExceptionOfType(KernelRejected.class)
                    .isThrownBy(() -> route.addDummy("kube-ipvs0"))
                    .withMessageContaining("modprobe dummy");
        }
        kernel.assertQuiescent();
    }

    @Test
    void missesTheSchedulerThatWasLeftAway() {
        SimulatedKernel kernel =
                SimulatedKernel.builder().withoutModule("ip_vs_mh").build();
        try (IpvsClient ipvs = IpvsClient.open(on(kernel, NetlinkProtocol.GENERIC))) {
            ipvs.addService(VirtualService.of(WEB, Scheduler.SOURCE_HASHING));
            assertThatExceptionOfType(KernelRejected.class)
                    .isThrownBy(() -> ipvs.updateService(VirtualService.of(WEB, Scheduler.MAGLEV_HASHING)))
                    .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT));
        }
    }

    @Test
    void refusesAModuleThatNeverWas() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SimulatedKernel.builder().withoutModule("ip_vs_nosuch"));
    }

    @Test
    void refusesClientsWithoutTheCapability() {
        SimulatedKernel kernel = SimulatedKernel.builder().withoutCapability().build();
        try (IpvsClient ipvs = IpvsClient.open(on(kernel, NetlinkProtocol.GENERIC));
                IpsetClient ipset = IpsetClient.open(on(kernel, NetlinkProtocol.NETFILTER));
                RouteClient route = RouteClient.open(on(kernel, NetlinkProtocol.ROUTE))) {
            for (Runnable call : List.<Runnable>of(ipvs::services, ipset::names, () -> route.addDummy("d0"))) {
                assertThatExceptionOfType(KernelRejected.class)
                        .isThrownBy(call::run)
                        .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.EPERM))
                        .withMessageContaining("CAP_NET_ADMIN");
            }
            assertThat(route.links()).extracting(Link::name).containsExactly("lo");
        }
    }

    @Test
    void tellsWhichSocketWasLeftOpen() {
        SimulatedKernel kernel = SimulatedKernel.create();
        RouteClient route = RouteClient.open(on(kernel, NetlinkProtocol.ROUTE));
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(kernel::assertQuiescent)
                .withMessageContaining("NETLINK_ROUTE socket");
        route.close();
        kernel.assertQuiescent();
    }

    @Test
    void givesBackTheConnectionsOfADestinationThatComesBack() {
        SimulatedKernel kernel = SimulatedKernel.create();
        try (IpvsClient ipvs = IpvsClient.open(on(kernel, NetlinkProtocol.GENERIC))) {
            ipvs.addService(VirtualService.of(WEB, Scheduler.ROUND_ROBIN));
            ipvs.addDestination(WEB, POD);
            kernel.ipvs().setConnections(WEB, POD.key(), 3, 1);
            ipvs.deleteDestination(WEB, POD.key());
            ipvs.addDestination(WEB, POD.withWeight(7));
            ObservedDestination seen = ipvs.destinations(WEB).get(0);
            assertThat(seen.destination().weight()).isEqualTo(7);
            assertThat(seen.activeConnections()).isEqualTo(3);
            assertThat(seen.inactiveConnections()).isEqualTo(1);
        }
    }

    @Test
    void forgetsADestinationThatWasWithoutConnectionsInTheTrashForSomeTime() {
        SimulatedKernel kernel = SimulatedKernel.create();
        try (IpvsClient ipvs = IpvsClient.open(on(kernel, NetlinkProtocol.GENERIC))) {
            ipvs.addService(VirtualService.of(WEB, Scheduler.ROUND_ROBIN));
            ipvs.addDestination(WEB, POD);
            kernel.ipvs().setConnections(WEB, POD.key(), 3, 1);
            ipvs.deleteService(WEB);
            kernel.advance(Duration.ofHours(1));
            kernel.ipvs().setConnections(WEB, POD.key(), 0, 0);
            kernel.advance(Duration.ofSeconds(119));
            kernel.ipvs().setConnections(WEB, POD.key(), 0, 0);
            kernel.advance(Duration.ofSeconds(121));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> kernel.ipvs().setConnections(WEB, POD.key(), 1, 0))
                    .withMessageContaining("tcp 10.96.0.1:80");
        }
    }

    @Test
    void servesManyClientsAtOnce() throws InterruptedException {
        SimulatedKernel kernel = SimulatedKernel.create();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int first = 1 + i * 100;
            Thread thread = new Thread(() -> addServices(kernel, first));
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(kernel.ipvs().save().lines()).hasSize(400);
        kernel.assertQuiescent();
    }

    private static void addServices(SimulatedKernel kernel, int firstPort) {
        try (IpvsClient ipvs = IpvsClient.open(on(kernel, NetlinkProtocol.GENERIC))) {
            for (int port = firstPort; port < firstPort + 100; port++) {
                ServiceKey key = ServiceKey.tcp(IpAddress.of("10.96.0.1"), port);
                ipvs.addService(VirtualService.of(key, Scheduler.ROUND_ROBIN));
                ipvs.services();
            }
        }
    }
}
