// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Routes, links, addresses and the events about them. */
class RouteDecoderTest {
    private static final int AF_BRIDGE = 7;

    /** A route as the kernel would tell it. */
    private record Told(int table, LocalRoute route) implements Request {
        @Override
        public int type() {
            return RouteLayout.NEW_ROUTE;
        }

        @Override
        public void write(MessageWriter out) {
            out.headerU8(route.destination().family().number())
                    .headerU8(route.destination().length())
                    .headerU16(0)
                    .headerU8(table > 255 ? 252 : table)
                    .headerU8(2)
                    .headerU8(254)
                    .headerU8(route.type().number())
                    .headerU32(0);
            out.u32(RouteLayout.ROUTE_TABLE_NUMBER, table);
            if (route.destination().length() > 0) {
                out.address(RouteLayout.ROUTE_DESTINATION, route.destination().address());
            }
            out.u32(RouteLayout.ROUTE_LINK, route.linkIndex());
        }

        @Override
        public String describe() {
            return "tell " + route;
        }
    }

    /** A link as the kernel would tell it. */
    private record ToldLink(int type, int family, Link link) implements Request {
        @Override
        public void write(MessageWriter out) {
            out.headerU8(family).headerU8(0).headerU16(1).headerU32(link.index());
            out.headerU32(link.up() ? 1 : 0).headerU32(0);
            out.string(RouteLayout.LINK_NAME, link.name());
            int info = out.beginNested(RouteLayout.LINK_INFO);
            out.string(RouteLayout.LINK_INFO_KIND, link.kind()).endNested(info);
        }

        @Override
        public String describe() {
            return "tell " + link;
        }
    }

    /** An address as the kernel would tell it. */
    private record ToldAddress(int type, InterfaceAddress address) implements Request {
        @Override
        public void write(MessageWriter out) {
            RouteLayout.addressHeader(
                    out, address.address().family().number(), address.prefixLength(), address.linkIndex());
            out.address(RouteLayout.ADDRESS_ADDRESS, address.address());
        }

        @Override
        public String describe() {
            return "tell " + address;
        }
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void routeIsReadAsItWasTold(@ForAll("routes") LocalRoute route) {
        assertThat(RouteDecoder.localRoute(Bytes.message(new Told(RouteLayout.TABLE_LOCAL, route), 0)))
                .contains(route);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void linkIsReadAsItWasTold(@ForAll("links") Link link) {
        assertThat(RouteDecoder.event(Bytes.message(new ToldLink(RouteLayout.NEW_LINK, 0, link), 0)))
                .contains(new RouteEvent.LinkChanged(link));
        assertThat(RouteDecoder.event(Bytes.message(new ToldLink(RouteLayout.DELETE_LINK, 0, link), 0)))
                .contains(new RouteEvent.LinkRemoved(link));
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void addressIsReadAsItWasTold(@ForAll("addresses") IpAddress address, @ForAll byte prefix, @ForAll int link) {
        InterfaceAddress own = new InterfaceAddress(link, address, Byte.toUnsignedInt(prefix));

        assertThat(RouteDecoder.event(Bytes.message(new ToldAddress(RouteLayout.NEW_ADDRESS, own), 0)))
                .contains(new RouteEvent.AddressChanged(own));
        assertThat(RouteDecoder.event(Bytes.message(new ToldAddress(RouteLayout.DELETE_ADDRESS, own), 0)))
                .contains(new RouteEvent.AddressRemoved(own));
    }

    @Example
    void portThatLeavesItsBridgeIsNotTakenForARemovedLink() {
        Link port = new Link(3, "veth0", "veth", true);

        assertThat(RouteDecoder.event(Bytes.message(new ToldLink(RouteLayout.DELETE_LINK, AF_BRIDGE, port), 0)))
                .isEmpty();
    }

    @Example
    void messageAboutOtherThingsIsNoEvent() {
        LocalRoute route = new LocalRoute(IpPrefix.of("10.0.0.1"), 1, LocalRoute.Type.LOCAL);

        assertThat(RouteDecoder.event(Bytes.message(new Told(255, route), 0))).isEmpty();
    }

    @Example
    void routesOfOtherTablesAndFamiliesAreLeftOut() {
        LocalRoute route = new LocalRoute(IpPrefix.of("10.0.0.1"), 1, LocalRoute.Type.UNICAST);

        assertThat(RouteDecoder.localRoute(Bytes.message(new Told(254, route), 0)))
                .isEmpty();
        assertThat(RouteDecoder.localRoute(Bytes.message(new Told(4711, route), 0)))
                .isEmpty();
        assertThat(RouteDecoder.localRoute(Bytes.message(header(128, 32), 0))).isEmpty();
    }

    @Example
    void prefixThatDoesNotFitIsMalformed() {
        assertThatThrownBy(() -> RouteDecoder.localRoute(Bytes.message(header(2, 33), 0)))
                .isInstanceOf(MalformedReply.class)
                .hasMessageContaining("33 bits");
        assertThatThrownBy(() -> RouteDecoder.localRoute(Bytes.message(header(2, 32), 0)))
                .isInstanceOf(MalformedReply.class)
                .hasMessageContaining("no address");
    }

    private static Request header(int family, int prefix) {
        return new Request() {
            @Override
            public int type() {
                return RouteLayout.NEW_ROUTE;
            }

            @Override
            public void write(MessageWriter out) {
                out.headerU8(family).headerU8(prefix).headerU16(0).headerU8(255).headerU8(0);
                out.headerU16(0).headerU32(0);
            }

            @Override
            public String describe() {
                return "tell a route";
            }
        };
    }

    @Example
    void routesOfACaptureAreReadToTheLast() {
        MessageReader datagram = new MessageReader().over(Bytes.vector("rt-getroute-local.rsp"));
        List<LocalRoute> routes = new ArrayList<>();
        while (datagram.next()) {
            RouteDecoder.localRoute(datagram).ifPresent(routes::add);
        }

        assertThat(routes)
                .containsExactly(
                        new LocalRoute(IpPrefix.of("10.0.0.1"), 2, LocalRoute.Type.LOCAL),
                        new LocalRoute(IpPrefix.of("127.0.0.0/8"), 1, LocalRoute.Type.LOCAL),
                        new LocalRoute(IpPrefix.of("127.0.0.1"), 1, LocalRoute.Type.LOCAL),
                        new LocalRoute(IpPrefix.of("127.255.255.255"), 1, LocalRoute.Type.BROADCAST));
    }

    @Example
    void localTableIsAskedForAsIproute2Does() {
        assertThat(Bytes.writtenLike(
                        "rt-getroute-local.req", new LocalRouteRequest(IpFamily.IPV4.number()), MessageFlags.DUMP))
                .isEqualTo(Bytes.hexOfFirstMessage("rt-getroute-local.req"));
    }

    @Example
    void addressesOfALinkAreAskedForAsIproute2Does() {
        Request request = new AddressListRequest(IpFamily.IPV4.number(), 2, "list addresses of kube-ipvs0");

        assertThat(Bytes.writtenLike("rt-getaddr-strict.req", request, MessageFlags.DUMP))
                .isEqualTo(Bytes.hexOfFirstMessage("rt-getaddr-strict.req"));
    }

    @Example
    void linkIsSwitchedByItsNumberAndNothingElseOfItIsTouched() {
        Link link = new Link(7, "kube-ipvs0", "dummy", false);

        assertThat(Bytes.written(new LinkRequest.Switch(link, true), MessageFlags.ACK, 1, 0))
                .isEqualTo("20000000" + "1300" + "0500" + "01000000" + "00000000" + "00000000" + "07000000" + "01000000"
                        + "01000000");
        assertThat(Bytes.written(new LinkRequest.Switch(link, false), MessageFlags.ACK, 1, 0))
                .endsWith("07000000" + "00000000" + "01000000");
    }

    @Example
    void unknownRouteTypeIsOther() {
        assertThat(LocalRoute.Type.ofNumber(0)).isEqualTo(LocalRoute.Type.OTHER);
        assertThat(LocalRoute.Type.ofNumber(5)).isEqualTo(LocalRoute.Type.MULTICAST);
        assertThat(LocalRoute.Type.ofNumber(6)).isEqualTo(LocalRoute.Type.OTHER);
        assertThat(LocalRoute.Type.ofNumber(255)).isEqualTo(LocalRoute.Type.OTHER);
    }

    @Example
    void lossesAndTheEndOfASubscriptionAreEventsToo() {
        List<String> heard = new ArrayList<>();
        TypedListener<String> listener = new TypedListener<>(
                message -> message.type() == 100 ? Optional.of("message") : Optional.empty(),
                "lost",
                NetlinkException::getMessage,
                heard::add);

        listener.message(Bytes.message(new ExchangeContract.Number(1), 0));
        listener.message(Bytes.message(header(2, 0), 0));
        listener.overrun();
        listener.failed(new SocketFailed("gone", null));

        assertThat(heard).containsExactly("message", "lost", "gone");
    }

    @Provide
    Arbitrary<IpAddress> addresses() {
        return Arbitraries.of(IpFamily.values())
                .flatMap(family -> Arbitraries.bytes()
                        .array(byte[].class)
                        .ofSize(family.addressLength())
                        .map(IpAddress::of));
    }

    @Provide
    Arbitrary<LocalRoute> routes() {
        Arbitrary<IpPrefix> prefixes = addresses()
                .flatMap(address -> Arbitraries.integers()
                        .between(0, address.family().maxPrefixLength())
                        .map(length -> new IpPrefix(address, length)));
        return Combinators.combine(prefixes, Arbitraries.integers(), Arbitraries.of(LocalRoute.Type.class))
                .as(LocalRoute::new);
    }

    @Provide
    Arbitrary<Link> links() {
        Arbitrary<String> names = Arbitraries.strings()
                .ofMinLength(1)
                .ofMaxLength(15)
                .excludeChars('\0')
                .filter(RouteDecoderTest::isText);
        return Combinators.combine(Arbitraries.integers(), names, names, Arbitraries.of(true, false))
                .as(Link::new);
    }

    /** Lone surrogates have no bytes of their own. */
    private static boolean isText(String text) {
        return text.chars().noneMatch(c -> Character.isSurrogate((char) c));
    }
}
