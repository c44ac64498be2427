// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.AddressChange;
import io.github.ipvs4j.netlink.AttributePolicy;
import io.github.ipvs4j.netlink.ConntrackEntry;
import io.github.ipvs4j.netlink.ConntrackEvent;
import io.github.ipvs4j.netlink.ConntrackFilter;
import io.github.ipvs4j.netlink.ConntrackTuple;
import io.github.ipvs4j.netlink.DumpResult;
import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.FamilyDescription;
import io.github.ipvs4j.netlink.FamilyPolicies;
import io.github.ipvs4j.netlink.GenericFamily;
import io.github.ipvs4j.netlink.InterfaceAddress;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.IpPrefix;
import io.github.ipvs4j.netlink.Link;
import io.github.ipvs4j.netlink.LocalRoute;
import io.github.ipvs4j.netlink.Outcome;
import io.github.ipvs4j.netlink.RouteEvent;
import io.github.ipvs4j.testkit.LibraryValues.Registry;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Generators of the values of netlink-codec. */
final class NetlinkValues {
    private static final int LAST_ERRNO = 133;

    private NetlinkValues() {}

    static void register(Registry all) {
        all.add(IpAddress.class, NetlinkValues::addresses);
        all.add(IpPrefix.class, () -> families().flatMap(family -> prefixes(family, 0)));
        all.add(Link.class, NetlinkValues::links);
        all.add(InterfaceAddress.class, NetlinkValues::interfaceAddresses);
        all.add(AddressChange.class, NetlinkValues::addressChanges);
        all.add(LocalRoute.class, NetlinkValues::localRoutes);
        all.add(ConntrackTuple.class, () -> families().flatMap(NetlinkValues::tuples));
        all.add(ConntrackTuple.Selector.class, NetlinkValues::selectors);
        all.addKind(ConntrackTuple.Ports.class, NetlinkValues::selectors);
        all.addKind(ConntrackTuple.Icmp.class, NetlinkValues::selectors);
        all.addKind(ConntrackTuple.None.class, NetlinkValues::selectors);
        all.add(ConntrackEntry.class, NetlinkValues::entries);
        all.add(ConntrackEntry.Zone.class, NetlinkValues::zones);
        all.add(ConntrackEntry.SynProxy.class, NetlinkValues::proxies);
        all.add(ConntrackFilter.class, NetlinkValues::filters);
        registerEvents(all);
        all.add(Errno.class, () -> Arbitraries.integers().between(1, LAST_ERRNO).map(Errno::new));
        all.add(Outcome.class, () -> Arbitraries.of(Outcome.DONE, Outcome.ALREADY_SO));
        all.add(
                DumpResult.class,
                () -> Combinators.combine(booleans(), Arbitraries.integers().between(0, 1000))
                        .as(DumpResult::new));
        all.add(
                GenericFamily.class,
                () -> Combinators.combine(names(15), bytes(), names(60)).as(GenericFamily::new));
        all.add(FamilyDescription.class, NetlinkValues::descriptions);
        all.add(FamilyDescription.Operation.class, NetlinkValues::operations);
        all.add(FamilyDescription.Group.class, NetlinkValues::groups);
        all.add(FamilyPolicies.class, NetlinkValues::policies);
        all.add(FamilyPolicies.Command.class, NetlinkValues::commands);
        all.add(AttributePolicy.class, NetlinkValues::attributePolicies);
    }

    private static void registerEvents(Registry all) {
        all.add(ConntrackEvent.class, NetlinkValues::conntrackEvents);
        all.addKind(ConntrackEvent.Changed.class, NetlinkValues::conntrackEvents);
        all.addKind(ConntrackEvent.Lost.class, NetlinkValues::conntrackEvents);
        all.add(RouteEvent.class, NetlinkValues::routeEvents);
        all.addKind(RouteEvent.LinkChanged.class, NetlinkValues::routeEvents);
        all.addKind(RouteEvent.LinkRemoved.class, NetlinkValues::routeEvents);
        all.addKind(RouteEvent.AddressChanged.class, NetlinkValues::routeEvents);
        all.addKind(RouteEvent.AddressRemoved.class, NetlinkValues::routeEvents);
        all.addKind(RouteEvent.Lost.class, NetlinkValues::routeEvents);
    }

    static Arbitrary<IpFamily> families() {
        return Arbitraries.of(IpFamily.class);
    }

    static Arbitrary<Boolean> booleans() {
        return Arbitraries.of(true, false);
    }

    static Arbitrary<Integer> ports() {
        return Arbitraries.integers().between(0, 0xffff);
    }

    private static Arbitrary<Integer> bytes() {
        return Arbitraries.integers().between(0, 0xff);
    }

    /** Names as interfaces and sets have. */
    static Arbitrary<String> names(int longest) {
        return Arbitraries.strings()
                .withCharRange('a', 'z')
                .numeric()
                .withChars('-', '.', '_')
                .ofMinLength(1)
                .ofMaxLength(longest)
                .filter(name -> Character.isLetterOrDigit(name.charAt(0)));
    }

    static Arbitrary<IpAddress> addresses() {
        return families().flatMap(NetlinkValues::addresses);
    }

    static Arbitrary<IpAddress> addresses(IpFamily family) {
        return Arbitraries.bytes()
                .array(byte[].class)
                .ofSize(family.addressLength())
                .map(IpAddress::of);
    }

    /** Addresses that a host can have. */
    static Arbitrary<IpAddress> hosts(IpFamily family) {
        return addresses(family).filter(address -> !address.isUnspecified() && !address.isMulticast());
    }

    static Arbitrary<IpPrefix> prefixes(IpFamily family, int shortest) {
        return Combinators.combine(
                        addresses(family), Arbitraries.integers().between(shortest, family.maxPrefixLength()))
                .as(IpPrefix::new);
    }

    private static Arbitrary<Integer> indexes() {
        return Arbitraries.integers().between(1, 10_000);
    }

    private static Arbitrary<Link> links() {
        return Combinators.combine(indexes(), names(15), Arbitraries.of("", "dummy", "veth", "bridge"), booleans())
                .as(Link::new);
    }

    private static Arbitrary<InterfaceAddress> interfaceAddresses() {
        return addresses()
                .flatMap(address -> Combinators.combine(
                                indexes(),
                                Arbitraries.integers()
                                        .between(1, address.family().maxPrefixLength()))
                        .as((index, length) -> new InterfaceAddress(index, address, length)));
    }

    private static Arbitrary<AddressChange> addressChanges() {
        return Combinators.combine(
                        Arbitraries.of(AddressChange.Action.class),
                        links(),
                        families().flatMap(NetlinkValues::hosts))
                .as(AddressChange::new);
    }

    private static Arbitrary<LocalRoute> localRoutes() {
        return Combinators.combine(
                        families().flatMap(family -> prefixes(family, 1)),
                        indexes(),
                        Arbitraries.of(LocalRoute.Type.class))
                .as(LocalRoute::new);
    }

    private static Arbitrary<ConntrackTuple.Selector> selectors() {
        Arbitrary<ConntrackTuple.Selector> some =
                Combinators.combine(ports(), ports()).as(ConntrackTuple.Ports::new);
        Arbitrary<ConntrackTuple.Selector> icmp =
                Combinators.combine(ports(), bytes(), bytes()).as(ConntrackTuple.Icmp::new);
        return Arbitraries.oneOf(some, icmp, Arbitraries.just(ConntrackTuple.Selector.NONE));
    }

    /** Connections of TCP and UDP mostly, and pings. */
    private static Arbitrary<ConntrackTuple> tuples(IpFamily family) {
        Arbitrary<ConntrackTuple> connections = Combinators.combine(
                        addresses(family),
                        addresses(family),
                        Arbitraries.of(TrackedTuple.TCP, TrackedTuple.UDP, TrackedTuple.SCTP),
                        ports(),
                        ports())
                .as((source, destination, protocol, from, to) ->
                        new ConntrackTuple(source, destination, protocol, new ConntrackTuple.Ports(from, to)));
        boolean ipv4 = family == IpFamily.IPV4;
        Arbitrary<ConntrackTuple> pings = Combinators.combine(addresses(family), addresses(family), ports())
                .as((source, destination, id) -> new ConntrackTuple(
                        source,
                        destination,
                        ipv4 ? TrackedTuple.ICMP : TrackedTuple.ICMPV6,
                        new ConntrackTuple.Icmp(id, ipv4 ? 8 : 128, 0)));
        return Arbitraries.oneOf(connections, connections, pings);
    }

    private static Arbitrary<ConntrackEntry.Zone> zones() {
        return Combinators.combine(
                        Arbitraries.oneOf(Arbitraries.just(0), ports()), Arbitraries.of(ConntrackEntry.Direction.class))
                .as(ConntrackEntry.Zone::new);
    }

    private static Arbitrary<ConntrackEntry.SynProxy> proxies() {
        return Combinators.combine(Arbitraries.integers(), Arbitraries.integers(), Arbitraries.integers())
                .as(ConntrackEntry.SynProxy::new);
    }

    private static Arbitrary<ConntrackEntry> entries() {
        Arbitrary<Integer> status = Arbitraries.integers()
                .between(0, ConntrackNumbers.SEEN_REPLY | ConntrackNumbers.ASSURED)
                .map(bits -> (bits & ~1) | ConntrackNumbers.CONFIRMED);
        Arbitrary<Duration> timeouts = Arbitraries.longs().between(1, 432_000).map(Duration::ofSeconds);
        return families()
                .flatMap(family -> Combinators.combine(
                                tuples(family), zones(), status, Arbitraries.integers(), timeouts)
                        .as((tuple, zone, bits, mark, timeout) -> new ConntrackEntry(
                                tuple, answer(tuple), zone, bits, mark, timeout, tuple.hashCode() | 1)));
    }

    private static ConntrackTuple answer(ConntrackTuple tuple) {
        ConntrackTuple.Selector back = tuple.selector();
        if (back instanceof ConntrackTuple.Ports ports) {
            back = new ConntrackTuple.Ports(/* source= */ ports.destination(), /* destination= */ ports.source());
        } else if (back instanceof ConntrackTuple.Icmp icmp) {
            back = new ConntrackTuple.Icmp(icmp.id(), icmp.type() == 8 ? 0 : 129, 0);
        }
        return new ConntrackTuple(
                /* source= */ tuple.destination(), /* destination= */ tuple.source(), tuple.protocol(), back);
    }

    private static Arbitrary<ConntrackFilter> filters() {
        return Combinators.combine(families().optional(0.5), Arbitraries.integers(), Arbitraries.integers())
                .as((family, mark, mask) -> new ConntrackFilter(family, mark & mask, mask));
    }

    private static Arbitrary<ConntrackEvent> conntrackEvents() {
        Arbitrary<ConntrackEvent> changes = Combinators.combine(Arbitraries.of(ConntrackEvent.Kind.class), entries())
                .as(ConntrackEvent.Changed::new);
        return Arbitraries.oneOf(changes, changes, Arbitraries.create(ConntrackEvent.Lost::new));
    }

    private static Arbitrary<RouteEvent> routeEvents() {
        return Arbitraries.oneOf(
                links().map(RouteEvent.LinkChanged::new),
                links().map(RouteEvent.LinkRemoved::new),
                interfaceAddresses().map(RouteEvent.AddressChanged::new),
                interfaceAddresses().map(RouteEvent.AddressRemoved::new),
                Arbitraries.create(RouteEvent.Lost::new));
    }

    private static Arbitrary<FamilyDescription.Operation> operations() {
        return Combinators.combine(bytes(), Arbitraries.integers().between(0, 0x1f))
                .as(FamilyDescription.Operation::new);
    }

    private static Arbitrary<FamilyDescription.Group> groups() {
        return Combinators.combine(names(15), indexes()).as(FamilyDescription.Group::new);
    }

    private static Arbitrary<FamilyDescription> descriptions() {
        return Combinators.combine(
                        names(15),
                        Arbitraries.integers().between(16, 1023),
                        bytes(),
                        bytes(),
                        bytes(),
                        operations().list().ofMaxSize(4),
                        groups().list().ofMaxSize(2))
                .as(FamilyDescription::new);
    }

    private static Arbitrary<OptionalInt> indexesIfAny() {
        return Arbitraries.integers()
                .between(0, 9)
                .map(index -> index == 0 ? OptionalInt.empty() : OptionalInt.of(index));
    }

    private static Arbitrary<FamilyPolicies.Command> commands() {
        return Combinators.combine(indexesIfAny(), indexesIfAny()).as(FamilyPolicies.Command::new);
    }

    private static Arbitrary<AttributePolicy> attributePolicies() {
        Arbitrary<OptionalLong> limits = Arbitraries.longs()
                .between(0, 0xffff)
                .map(limit -> limit == 0 ? OptionalLong.empty() : OptionalLong.of(limit));
        return Combinators.combine(Arbitraries.integers().between(1, 15), limits, limits, limits, indexesIfAny())
                .as(AttributePolicy::new);
    }

    private static Arbitrary<FamilyPolicies> policies() {
        return Combinators.combine(
                        Arbitraries.maps(bytes(), commands()).ofMaxSize(3),
                        Arbitraries.maps(
                                        bytes(),
                                        Arbitraries.maps(bytes(), attributePolicies())
                                                .ofMaxSize(3))
                                .ofMaxSize(2))
                .as(FamilyPolicies::new);
    }
}
