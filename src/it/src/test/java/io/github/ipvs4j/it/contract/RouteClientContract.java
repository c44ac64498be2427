// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.ipvs4j.netlink.AddressChange;
import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.InterfaceAddress;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpPrefix;
import io.github.ipvs4j.netlink.KernelRejected;
import io.github.ipvs4j.netlink.Link;
import io.github.ipvs4j.netlink.LocalRoute;
import io.github.ipvs4j.netlink.NetlinkClient;
import io.github.ipvs4j.netlink.Outcome;
import io.github.ipvs4j.netlink.RouteClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link RouteClient} does on any kernel. Every interface of the tests has a name that begins alike. */
abstract class RouteClientContract {
    private static final String PREFIX = "i4j-";
    private static final String NAME = PREFIX + "dummy";
    private static final IpAddress VIP = IpAddress.of("198.18.80.1");
    private static final IpAddress VIP6 = IpAddress.of("2001:db8:80::1");

    private RouteClient route;

    /** Returns settings for {@code NETLINK_ROUTE}. */
    abstract NetlinkClient.Builder settings();

    @BeforeEach
    void openClient() {
        route = RouteClient.open(settings());
        deleteOurs();
    }

    @AfterEach
    void closeClient() {
        deleteOurs();
        route.close();
    }

    private void deleteOurs() {
        route.links().stream().filter(link -> link.name().startsWith(PREFIX)).forEach(route::deleteLink);
    }

    private static void assertRefused(ThrowingCallable call, int errno, String words) {
        assertThatExceptionOfType(KernelRejected.class)
                .isThrownBy(call)
                .withMessageContaining(words)
                .satisfies(e -> assertThat(e.errno()).isEqualTo(new Errno(errno)));
    }

    private static AddressChange add(Link link, IpAddress address) {
        return new AddressChange(AddressChange.Action.ADD, link, address);
    }

    private static AddressChange delete(Link link, IpAddress address) {
        return new AddressChange(AddressChange.Action.DELETE, link, address);
    }

    private List<IpAddress> addresses(Link link) {
        return route.addresses(link).stream().map(InterfaceAddress::address).toList();
    }

    @Test
    void makesAndDeletesADummy() {
        assertThat(route.link(NAME)).isEmpty();
        Link made = route.addDummy(NAME);
        assertThat(made.name()).isEqualTo(NAME);
        assertThat(made.kind()).isEqualTo("dummy");
        assertThat(made.up()).isFalse();
        assertThat(route.link(NAME)).contains(made);
        assertThat(route.links()).contains(made);
        route.deleteLink(made);
        assertThat(route.link(NAME)).isEmpty();
    }

    @Test
    void switchesALink() {
        Link link = route.addDummy(NAME);
        route.setUp(link, true);
        assertThat(route.link(NAME).orElseThrow().up()).isTrue();
        route.setUp(link, false);
        assertThat(route.link(NAME).orElseThrow().up()).isFalse();
    }

    @Test
    void refusesADummyThatIsThere() {
        Link made = route.addDummy(NAME);
        assertRefused(() -> route.addDummy(NAME), 17, "add dummy interface i4j-dummy: EEXIST");
        assertThat(route.link(NAME)).contains(made);
    }

    @Test
    void refusesNamesThatNoLinkCanHave() {
        assertRefused(() -> route.addDummy("i4j-sixteen-char"), 34, "ERANGE");
        assertRefused(() -> route.addDummy("i4j/slash"), 22, "EINVAL");
        assertRefused(() -> route.addDummy("i4j space"), 22, "EINVAL");
    }

    @Test
    void refusesToDeleteWhatIsGoneOrCannotGo() {
        Link made = route.addDummy(NAME);
        route.deleteLink(made);
        assertRefused(() -> route.deleteLink(made), 19, "delete interface i4j-dummy: ENODEV");
        assertRefused(() -> route.deleteLink(route.link("lo").orElseThrow()), 95, "EOPNOTSUPP");
    }

    @Test
    void findsTheLoopback() {
        Link loopback = route.link("lo").orElseThrow();
        assertThat(loopback.index()).isEqualTo(1);
        assertThat(loopback.up()).isTrue();
        assertThat(route.addresses(loopback)).contains(new InterfaceAddress(1, IpAddress.of("127.0.0.1"), 8));
    }

    @Test
    void bindsAndTakesOffAddressesOfBothFamilies() {
        Link link = route.addDummy(NAME);
        assertThat(route.change(List.of(add(link, VIP), add(link, VIP6), add(link, VIP), add(link, VIP6))))
                .containsExactly(Outcome.DONE, Outcome.DONE, Outcome.ALREADY_SO, Outcome.ALREADY_SO);
        assertThat(route.addresses(link))
                .containsExactlyInAnyOrder(
                        new InterfaceAddress(link.index(), VIP, 32), new InterfaceAddress(link.index(), VIP6, 128));
        assertThat(route.change(List.of(delete(link, VIP), delete(link, VIP6), delete(link, VIP), delete(link, VIP6))))
                .containsExactly(Outcome.DONE, Outcome.DONE, Outcome.ALREADY_SO, Outcome.ALREADY_SO);
        assertThat(route.addresses(link)).isEmpty();
    }

    @Test
    void bindsTheSameAddressToTwoLinks() {
        Link first = route.addDummy(NAME);
        Link second = route.addDummy(PREFIX + "second");
        assertThat(route.change(List.of(add(first, VIP), add(second, VIP), add(first, VIP6), add(second, VIP6))))
                .containsOnly(Outcome.DONE);
        route.change(List.of(delete(first, VIP), delete(first, VIP6)));
        assertThat(addresses(first)).isEmpty();
        assertThat(addresses(second)).containsExactlyInAnyOrder(VIP, VIP6);
    }

    @Test
    void goesOnAfterAChangeThatFails() {
        Link gone = route.addDummy(PREFIX + "gone");
        route.deleteLink(gone);
        Link link = route.addDummy(NAME);
        List<Outcome> outcomes = route.change(List.of(add(gone, VIP), add(link, VIP), delete(gone, VIP)));
        assertThat(outcomes).extracting(Outcome::succeeded).containsExactly(false, true, false);
        assertThat(outcomes.get(0))
                .isInstanceOfSatisfying(
                        Outcome.Rejected.class,
                        rejected -> assertThat(rejected.why())
                                .hasMessageContaining(
                                        "add address 198.18.80.1 on i4j-gone: ENODEV: the interface is gone"));
    }

    @Test
    void listsTheAddressesOfOneLinkOrAll() {
        Link first = route.addDummy(NAME);
        Link second = route.addDummy(PREFIX + "second");
        route.change(List.of(add(first, VIP), add(second, VIP6)));
        assertThat(addresses(first)).containsExactly(VIP);
        assertThat(addresses(second)).containsExactly(VIP6);
        assertThat(route.addresses()).extracting(InterfaceAddress::address).contains(VIP, VIP6);
    }

    @Test
    void refusesToListTheAddressesOfALinkThatIsGone() {
        Link gone = route.addDummy(NAME);
        route.deleteLink(gone);
        assertRefused(() -> route.addresses(gone), 19, "ENODEV");
    }

    @Test
    void takesTheAddressesAwayWithTheirLink() {
        Link link = route.addDummy(NAME);
        route.change(List.of(add(link, VIP), add(link, VIP6)));
        route.deleteLink(link);
        assertThat(route.addresses()).extracting(InterfaceAddress::address).doesNotContain(VIP, VIP6);
    }

    @Test
    void takesTheAddressesOfADummyForTheNodesOwn() {
        Link link = route.addDummy(NAME);
        route.setUp(link, true);
        route.change(List.of(add(link, VIP), add(link, VIP6)));
        LocalRoute own = new LocalRoute(IpPrefix.single(VIP), link.index(), LocalRoute.Type.LOCAL);
        LocalRoute own6 = new LocalRoute(IpPrefix.single(VIP6), link.index(), LocalRoute.Type.LOCAL);
        // The kernel looks for duplicates of an IPv6 address before it takes it for its own, if only for a moment.
        long deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (!route.localRoutes().contains(own6) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
        assertThat(route.localRoutes()).contains(own, own6);
        route.change(List.of(delete(link, VIP), delete(link, VIP6)));
        assertThat(route.localRoutes()).doesNotContain(own, own6);
    }

    @Test
    void listsTheLoopbacksRoutes() {
        assertThat(route.localRoutes())
                .contains(
                        new LocalRoute(IpPrefix.of("127.0.0.0/8"), 1, LocalRoute.Type.LOCAL),
                        new LocalRoute(IpPrefix.of("127.0.0.1/32"), 1, LocalRoute.Type.LOCAL),
                        new LocalRoute(IpPrefix.of("127.255.255.255/32"), 1, LocalRoute.Type.BROADCAST));
    }

    @Test
    void takesAThousandAddressesAtOnce() {
        Link link = route.addDummy(NAME);
        List<IpAddress> many = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            many.add(IpAddress.of("198.19." + i / 200 + "." + (1 + i % 200)));
            many.add(IpAddress.of("2001:db8:82::" + Integer.toHexString(1 + i)));
        }
        assertThat(route.change(many.stream().map(address -> add(link, address)).toList()))
                .hasSize(1000)
                .containsOnly(Outcome.DONE);
        assertThat(addresses(link)).containsExactlyInAnyOrderElementsOf(many);
        assertThat(route.change(Stream.concat(many.stream(), many.stream())
                        .map(address -> delete(link, address))
                        .toList()))
                .containsOnly(Outcome.DONE, Outcome.ALREADY_SO);
        assertThat(addresses(link)).isEmpty();
    }
}
