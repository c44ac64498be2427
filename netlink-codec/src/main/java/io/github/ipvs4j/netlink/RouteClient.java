// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import io.netty.channel.IoEventLoopGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Works on network interfaces and their addresses by rtnetlink.
 *
 * <p>Safe for use by many threads; see {@link NetlinkClient} for deadlines and failures. Follows
 * {@code net/core/rtnetlink.c}, {@code net/ipv4/devinet.c} and {@code net/ipv6/addrconf.c}.
 */
public final class RouteClient implements AutoCloseable {
    private static final int ANY_FAMILY = 0;

    private final NetlinkClient client;

    private RouteClient(NetlinkClient client) {
        this.client = client;
    }

    /**
     * Opens a client.
     *
     * @param settings deadline, namespace and the like, for {@link NetlinkProtocol#ROUTE}
     * @return a client that the caller closes
     * @throws SocketFailed if the system refuses the socket
     */
    public static RouteClient open(NetlinkClient.Builder settings) {
        return new RouteClient(settings.open());
    }

    /**
     * Subscribes to changes of interfaces and their addresses, of both families; needs no capability.
     *
     * @param settings namespace and the like, for {@link NetlinkProtocol#ROUTE}
     * @param loops a group made with {@code EpollIoHandler.newFactory()}; it stays the caller's
     * @param listener takes the events, on the event loop; must not block
     * @return the subscription, which the caller closes
     * @throws SocketFailed if the system refuses the socket
     */
    public static NetlinkEvents subscribe(
            NetlinkClient.Builder settings, IoEventLoopGroup loops, Consumer<? super RouteEvent> listener) {
        return NetlinkEvents.open(
                settings,
                loops,
                new TypedListener<>(RouteDecoder::event, new RouteEvent.Lost(), RouteEvent.Ended::new, listener),
                RouteLayout.GROUP_LINK,
                RouteLayout.GROUP_IPV4_ADDRESS,
                RouteLayout.GROUP_IPV6_ADDRESS);
    }

    /**
     * Looks an interface up by name.
     *
     * @param name its name
     * @return empty if there is none
     */
    public Optional<Link> link(String name) {
        try {
            return Optional.of(client.query(new LinkRequest.Get(name), RouteClient::link));
        } catch (KernelRejected e) {
            if (e.errno().equals(Errno.ENODEV)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * Lists all interfaces.
     *
     * @return in the kernel's order
     * @throws ListingDisturbed if others changed the list during each of several attempts
     */
    public List<Link> links() {
        return list(new LinkRequest.List(), message -> Optional.of(link(message)));
    }

    /**
     * Creates a dummy interface, which stays down; its addresses count as the node's own all the same.
     *
     * @param name at most 15 characters
     * @return the new interface
     * @throws KernelRejected with {@code EEXIST} if an interface of that name exists
     */
    public Link addDummy(String name) {
        client.execute(new LinkRequest.AddDummy(name));
        return client.query(new LinkRequest.Get(name), RouteClient::link);
    }

    /**
     * Switches an interface on or off. Switching it off takes its IPv6 addresses away, not its IPv4 ones.
     *
     * @param link the interface
     * @param up whether it is to be on
     */
    public void setUp(Link link, boolean up) {
        client.execute(new LinkRequest.Switch(link, up));
    }

    /**
     * Deletes an interface with its addresses.
     *
     * @param link the interface
     */
    public void deleteLink(Link link) {
        client.execute(new LinkRequest.Delete(link));
    }

    /**
     * Lists the addresses of all interfaces, both families.
     *
     * @return in the kernel's order
     * @throws ListingDisturbed if others changed the list during each of several attempts
     */
    public List<InterfaceAddress> addresses() {
        return list(new AddressListRequest(ANY_FAMILY, 0, "list addresses"), RouteClient::address);
    }

    /**
     * Lists the addresses of one interface, both families; the kernel is asked for that one only.
     *
     * @param link the interface
     * @return in the kernel's order
     * @throws ListingDisturbed if others changed the list during each of several attempts
     */
    public List<InterfaceAddress> addresses(Link link) {
        return addresses(link, ANY_FAMILY, "list addresses of ");
    }

    /**
     * Lists the addresses of one family of one interface; the kernel is asked for those only.
     *
     * @param link the interface
     * @param family the family
     * @return in the kernel's order
     * @throws ListingDisturbed if others changed the list during each of several attempts
     */
    public List<InterfaceAddress> addresses(Link link, IpFamily family) {
        return addresses(link, family.number(), "list " + family + " addresses of ");
    }

    private List<InterfaceAddress> addresses(Link link, int family, String purpose) {
        List<InterfaceAddress> all =
                list(new AddressListRequest(family, link.index(), purpose + link.name()), RouteClient::address);
        // Kernels before 4.20 ignore the filter.
        return all.stream()
                .filter(address -> address.linkIndex() == link.index())
                .toList();
    }

    /**
     * Binds and takes off addresses in few datagrams. An address that is there already, or gone already, is
     * {@link Outcome.AlreadySo}.
     *
     * @param changes what to do
     * @return an outcome for each change, in the same order
     */
    public List<Outcome> change(List<AddressChange> changes) {
        return client.batch(changes.stream().map(AddressChange::request).toList());
    }

    /**
     * Lists the routes of the local table, both families; the kernel is asked for that table only. Those of type
     * {@link LocalRoute.Type#LOCAL} are the addresses that this host takes for its own, whoever set them.
     *
     * @return in the kernel's order
     * @throws ListingDisturbed if others changed the list during each of several attempts
     */
    public List<LocalRoute> localRoutes() {
        return list(new LocalRouteRequest(ANY_FAMILY), RouteDecoder::localRoute);
    }

    /**
     * Lists the routes of one family in the local table; see {@link #localRoutes()}.
     *
     * @param family the family
     * @return in the kernel's order
     * @throws ListingDisturbed if others changed the list during each of several attempts
     */
    public List<LocalRoute> localRoutes(IpFamily family) {
        return list(new LocalRouteRequest(family.number()), RouteDecoder::localRoute);
    }

    /** Closes the socket and frees the buffers; a second call does nothing. */
    @Override
    public void close() {
        client.close();
    }

    private <T> List<T> list(Request request, Function<MessageReader, Optional<T>> decoder) {
        List<T> found = new ArrayList<>();
        DumpResult result = client.dump(request, new DumpConsumer() {
            @Override
            public void accept(MessageReader message) {
                decoder.apply(message).ifPresent(found::add);
            }

            @Override
            public void restart() {
                found.clear();
            }
        });
        if (!result.consistent()) {
            throw new ListingDisturbed(request.describe());
        }
        return found;
    }

    static Link link(MessageReader message) {
        int index = message.headerU32(RouteLayout.LINK_INDEX);
        boolean up = (message.headerU32(RouteLayout.LINK_FLAGS) & RouteLayout.LINK_UP) != 0;
        String name = "";
        String kind = "";
        AttributeReader attributes = message.attributes(RouteLayout.LINK_HEADER);
        while (attributes.next()) {
            switch (attributes.type()) {
                case RouteLayout.LINK_NAME -> name = attributes.string();
                case RouteLayout.LINK_INFO -> kind = kind(attributes);
                default -> {
                    // Statistics, hardware and the like.
                }
            }
        }
        return new Link(index, name, kind, up);
    }

    private static String kind(AttributeReader attributes) {
        String kind = "";
        attributes.enter();
        while (attributes.next()) {
            if (attributes.type() == RouteLayout.LINK_INFO_KIND) {
                kind = attributes.string();
            }
        }
        attributes.leave();
        return kind;
    }

    /** Reads an address; empty for the address families that are neither IPv4 nor IPv6. */
    static Optional<InterfaceAddress> address(MessageReader message) {
        Optional<IpFamily> family = IpFamily.find(message.headerU8(RouteLayout.ADDRESS_FAMILY));
        return family.map(known -> address(message, known));
    }

    private static InterfaceAddress address(MessageReader message, IpFamily family) {
        @Nullable IpAddress local = null;
        @Nullable IpAddress address = null;
        AttributeReader attributes = message.attributes(RouteLayout.ADDRESS_HEADER);
        while (attributes.next()) {
            switch (attributes.type()) {
                case RouteLayout.ADDRESS_LOCAL -> local = attributes.address(family);
                case RouteLayout.ADDRESS_ADDRESS -> address = attributes.address(family);
                default -> {
                    // Label, flags, lifetime.
                }
            }
        }
        // On a point-to-point interface ADDRESS is the other end.
        IpAddress own = local != null ? local : address;
        if (own == null) {
            throw new MalformedReply("an interface address without an address", 0, "IFA_LOCAL");
        }
        return new InterfaceAddress(
                message.headerU32(RouteLayout.ADDRESS_INDEX), own, message.headerU8(RouteLayout.ADDRESS_PREFIX));
    }
}
