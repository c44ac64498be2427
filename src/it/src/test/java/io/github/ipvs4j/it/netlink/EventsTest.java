// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.it.lab.LabTest;
import io.github.ipvs4j.it.lab.Place;
import io.github.ipvs4j.netlink.AddressChange;
import io.github.ipvs4j.netlink.ConntrackClient;
import io.github.ipvs4j.netlink.ConntrackEntry;
import io.github.ipvs4j.netlink.ConntrackEntry.Zone;
import io.github.ipvs4j.netlink.ConntrackEvent;
import io.github.ipvs4j.netlink.ConntrackTuple;
import io.github.ipvs4j.netlink.InterfaceAddress;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpPrefix;
import io.github.ipvs4j.netlink.Link;
import io.github.ipvs4j.netlink.LocalRoute;
import io.github.ipvs4j.netlink.NetlinkClient;
import io.github.ipvs4j.netlink.NetlinkEvents;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.netlink.Outcome;
import io.github.ipvs4j.netlink.RouteClient;
import io.github.ipvs4j.netlink.RouteEvent;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a real kernel tells of links, addresses, local routes and connections, and that losses are told. */
@LabTest
class EventsTest {
    /** Bytes of a receive buffer that hold a few hundred events at most. */
    private static final int FEW_EVENTS = 64 << 10;

    private static final int CHANGES = 2_000;

    /** How many links are made, a second apart, until one of them is told of. */
    private static final int LINKS = 20;

    private final MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final RouteClient client = RouteClient.open(route());
    private final Heard<RouteEvent> heard = new Heard<>();

    private static NetlinkClient.Builder route() {
        return NetlinkClient.builder(NetlinkProtocol.ROUTE);
    }

    private static NetlinkClient.Builder netfilter() {
        return NetlinkClient.builder(NetlinkProtocol.NETFILTER);
    }

    @AfterEach
    void closes() {
        client.close();
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private void change(AddressChange.Action action, Link link, String address) {
        assertThat(client.change(List.of(new AddressChange(action, link, IpAddress.of(address)))))
                .containsOnly(Outcome.DONE);
    }

    @Test
    void tellsTheLifeOfALinkAndItsAddresses() throws InterruptedException {
        try (NetlinkEvents events = RouteClient.subscribe(route(), loops, heard)) {
            Link link = client.addDummy("lab0");
            assertThat(events).isNotNull();
            heard.await(new RouteEvent.LinkChanged(link)::equals);

            client.setUp(link, true);
            heard.await(event -> event instanceof RouteEvent.LinkChanged changed
                    && changed.link().equals(new Link(link.index(), "lab0", "dummy", true)));

            for (String address : List.of("10.96.0.1", "fd00:96::1")) {
                IpAddress parsed = IpAddress.of(address);
                InterfaceAddress bound = new InterfaceAddress(
                        link.index(), parsed, parsed.family().maxPrefixLength());
                change(AddressChange.Action.ADD, link, address);
                heard.await(new RouteEvent.AddressChanged(bound)::equals);
                change(AddressChange.Action.DELETE, link, address);
                heard.await(new RouteEvent.AddressRemoved(bound)::equals);
            }

            client.deleteLink(link);
            heard.await(event -> event instanceof RouteEvent.LinkRemoved removed
                    && removed.link().index() == link.index());
        }
    }

    @Test
    void tellsOfIpv6AddressesThatGoWhenTheirLinkIsSwitchedOff() throws InterruptedException {
        Link link = client.addDummy("lab0");
        client.setUp(link, true);
        change(AddressChange.Action.ADD, link, "10.96.0.1");
        change(AddressChange.Action.ADD, link, "fd00:96::1");
        try (NetlinkEvents events = RouteClient.subscribe(route(), loops, heard)) {
            assertThat(events).isNotNull();
            client.setUp(link, false);

            heard.await(new RouteEvent.AddressRemoved(
                    new InterfaceAddress(link.index(), IpAddress.of("fd00:96::1"), 128))::equals);
            assertThat(client.addresses(link))
                    .containsExactly(new InterfaceAddress(link.index(), IpAddress.of("10.96.0.1"), 32));
        }
    }

    /** A bridge tells of a port that leaves it by the message that otherwise means the end of a link. */
    @Test
    void doesNotTakeAPortThatLeavesItsBridgeForARemovedLink() throws InterruptedException {
        Place.HERE.configure("""
                link add lab-bridge type bridge
                link add lab-port type dummy
                """);
        try (NetlinkEvents events = RouteClient.subscribe(route(), loops, heard)) {
            assertThat(events).isNotNull();
            Place.HERE.configure("""
                    link set lab-port master lab-bridge
                    link set lab-port nomaster
                    link set lab-port up
                    link delete lab-bridge
                    """);

            RouteEvent removal = heard.await(RouteEvent.LinkRemoved.class::isInstance);

            assertThat(((RouteEvent.LinkRemoved) removal).link().name()).isEqualTo("lab-bridge");
            assertThat(client.link("lab-port")).isPresent();
        }
    }

    @Test
    void listsLocalRoutesOfBothFamilies() {
        Link link = client.addDummy("lab0");
        client.setUp(link, true);
        Place.HERE.configure("address add 192.0.2.1/24 dev lab0\nroute add 198.51.100.0/24 dev lab0\n");
        change(AddressChange.Action.ADD, link, "fd00:96::1");

        LocalRoute sixth = new LocalRoute(IpPrefix.of("fd00:96::1"), link.index(), LocalRoute.Type.LOCAL);
        // The kernel makes the route of an IPv6 address a moment after the address.
        long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        List<LocalRoute> routes = client.localRoutes();
        while (!routes.contains(sixth) && System.nanoTime() < patience) {
            routes = client.localRoutes();
        }

        assertThat(routes)
                .contains(
                        new LocalRoute(IpPrefix.of("192.0.2.1"), link.index(), LocalRoute.Type.LOCAL),
                        new LocalRoute(IpPrefix.of("192.0.2.255"), link.index(), LocalRoute.Type.BROADCAST),
                        sixth)
                .noneMatch(route -> route.destination().equals(IpPrefix.of("198.51.100.0/24")))
                .noneMatch(route -> route.destination().equals(IpPrefix.of("192.0.2.0/24")));
    }

    @Test
    void tellsThatEventsWereLost() throws InterruptedException {
        try (NetlinkEvents events = RouteClient.subscribe(route().receiveBuffer(FEW_EVENTS), loops, heard)) {
            assertThat(events).isNotNull();
            overrun();

            heard.await(RouteEvent.Lost.class::isInstance);

            // The subscription goes on.
            tellsOfALinkMadeNow();
        }
    }

    @Test
    void goesOnInSilenceAfterALossWhereNobodyWantsToBeTold() throws InterruptedException {
        NetlinkClient.Builder silent = route().receiveBuffer(FEW_EVENTS).reportOverruns(false);
        try (NetlinkEvents events = RouteClient.subscribe(silent, loops, heard)) {
            assertThat(events).isNotNull();
            overrun();

            // Whatever was there before that link, a loss among it, would have been told before it.
            assertThat(tellsOfALinkMadeNow()).hasSizeLessThan(CHANGES).noneMatch(RouteEvent.Lost.class::isInstance);
        }
    }

    /** Makes more events than the subscription's buffer holds, while its loop is kept from taking them. */
    private void overrun() {
        Link link = client.addDummy("lab0");
        List<AddressChange> changes = IntStream.range(0, CHANGES)
                .mapToObj(i -> IpAddress.of("10.100." + i / 250 + "." + (1 + i % 250)))
                .map(address -> new AddressChange(AddressChange.Action.ADD, link, address))
                .toList();
        CountDownLatch gate = new CountDownLatch(1);
        loops.execute(() -> waitFor(gate));
        try {
            assertThat(client.change(changes)).containsOnly(Outcome.DONE);
        } finally {
            gate.countDown();
        }
    }

    /**
     * Makes links until one is told of, and returns what was told before it: as long as the queue is not empty, the
     * kernel may drop what it has to tell.
     */
    private List<RouteEvent> tellsOfALinkMadeNow() throws InterruptedException {
        List<RouteEvent> before = new ArrayList<>();
        for (int i = 1; i <= LINKS; i++) {
            Link link = client.addDummy("probe" + i);
            if (heard.await(new RouteEvent.LinkChanged(link)::equals, Duration.ofSeconds(1), before)
                    .isPresent()) {
                return before;
            }
        }
        throw new AssertionError("none of " + LINKS + " links made after the loss was told of");
    }

    private static void waitFor(CountDownLatch gate) {
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void tellsTheLifeOfAConnection() throws InterruptedException {
        Heard<ConntrackEvent> connections = new Heard<>();
        IpAddress from = IpAddress.of("10.1.0.1");
        IpAddress to = IpAddress.of("10.0.0.10");
        ConntrackTuple original = ConntrackTuple.udp(from, 1001, to, 53);
        ConntrackEntry entry = new ConntrackEntry(
                original, ConntrackTuple.udp(to, 53, from, 1001), Zone.DEFAULT, 0xe, 5, Duration.ofMinutes(1), 0);
        try (ConntrackClient conntrack = ConntrackClient.open(netfilter());
                NetlinkEvents events = ConntrackClient.subscribe(
                        netfilter(), loops, EnumSet.allOf(ConntrackEvent.Kind.class), connections)) {
            assertThat(events).isNotNull();
            conntrack.deleteAll();
            conntrack.add(entry);
            await(connections, ConntrackEvent.Kind.CREATED, original);
            Place.HERE.run("conntrack", "-U", "-p", "udp", "-s", "10.1.0.1", "--mark", "6");
            ConntrackEntry updated = await(connections, ConntrackEvent.Kind.UPDATED, original);
            assertThat(updated.mark()).isEqualTo(6);
            conntrack.delete(original, Zone.DEFAULT);
            await(connections, ConntrackEvent.Kind.DESTROYED, original);
        }
    }

    @Test
    void tellsOnlyTheKindsThatWereAskedFor() throws InterruptedException {
        Heard<ConntrackEvent> connections = new Heard<>();
        IpAddress six = IpAddress.of("fd00::1");
        ConntrackTuple tuple = ConntrackTuple.udp(six, 1, six, 2);
        ConntrackEntry entry = new ConntrackEntry(
                tuple, ConntrackTuple.udp(six, 2, six, 1), Zone.DEFAULT, 0xe, 0, Duration.ofMinutes(1), 0);
        try (ConntrackClient conntrack = ConntrackClient.open(netfilter());
                NetlinkEvents events = ConntrackClient.subscribe(
                        netfilter(), loops, EnumSet.of(ConntrackEvent.Kind.DESTROYED), connections)) {
            assertThat(events).isNotNull();
            conntrack.deleteAll();
            conntrack.add(entry);
            conntrack.delete(tuple, Zone.DEFAULT);

            ConntrackEvent first = connections.await(event -> event instanceof ConntrackEvent.Changed changed
                    && changed.entry().original().equals(tuple));

            assertThat(((ConntrackEvent.Changed) first).kind()).isEqualTo(ConntrackEvent.Kind.DESTROYED);
        }
    }

    private static ConntrackEntry await(Heard<ConntrackEvent> heard, ConntrackEvent.Kind kind, ConntrackTuple original)
            throws InterruptedException {
        ConntrackEvent event = heard.await(candidate -> candidate instanceof ConntrackEvent.Changed changed
                && changed.kind() == kind
                && changed.entry().original().equals(original));
        return ((ConntrackEvent.Changed) event).entry();
    }
}
