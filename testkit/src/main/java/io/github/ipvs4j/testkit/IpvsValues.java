// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.ipvs.Change;
import io.github.ipvs4j.ipvs.Destination;
import io.github.ipvs4j.ipvs.DestinationKey;
import io.github.ipvs4j.ipvs.Forwarding;
import io.github.ipvs4j.ipvs.Granularity;
import io.github.ipvs4j.ipvs.IpvsInfo;
import io.github.ipvs4j.ipvs.IpvsState;
import io.github.ipvs4j.ipvs.ObservedDestination;
import io.github.ipvs4j.ipvs.ObservedServer;
import io.github.ipvs4j.ipvs.ObservedService;
import io.github.ipvs4j.ipvs.Ownership;
import io.github.ipvs4j.ipvs.Persistence;
import io.github.ipvs4j.ipvs.Plan;
import io.github.ipvs4j.ipvs.Scheduler;
import io.github.ipvs4j.ipvs.ServiceFlags;
import io.github.ipvs4j.ipvs.ServiceKey;
import io.github.ipvs4j.ipvs.Statistics;
import io.github.ipvs4j.ipvs.SyncDaemon;
import io.github.ipvs4j.ipvs.SyncRole;
import io.github.ipvs4j.ipvs.Timeouts;
import io.github.ipvs4j.ipvs.TransportProtocol;
import io.github.ipvs4j.ipvs.VirtualServer;
import io.github.ipvs4j.ipvs.VirtualService;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.testkit.LibraryValues.Registry;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Generators of the values of ipvs-core. */
final class IpvsValues {
    private static final List<String> SCHEDULERS =
            List.of("rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq", "fo", "ovf", "mh", "twos");

    /** States draw from these. */
    private static final List<ServiceKey> FEW_SERVICES = List.of(
            ServiceKey.tcp(IpAddress.of("198.51.100.1"), 443),
            ServiceKey.udp(IpAddress.of("198.51.100.1"), 53),
            ServiceKey.sctp(IpAddress.of("198.51.100.2"), 36412),
            ServiceKey.tcp(IpAddress.of("2001:db8::1"), 443),
            ServiceKey.firewallMark(IpFamily.IPV6, 7));

    private static final int LARGEST_WEIGHT = 65_535;

    private IpvsValues() {}

    static void register(Registry all) {
        all.add(ServiceKey.class, IpvsValues::serviceKeys);
        all.addKind(ServiceKey.Address.class, IpvsValues::serviceKeys);
        all.addKind(ServiceKey.FirewallMark.class, IpvsValues::serviceKeys);
        all.add(ServiceKey.OtherProtocol.class, IpvsValues::otherProtocols);
        all.add(Scheduler.class, IpvsValues::schedulers);
        all.add(ServiceFlags.class, IpvsValues::flags);
        all.add(Granularity.class, () -> NetlinkValues.families().flatMap(IpvsValues::granularities));
        all.add(
                Granularity.Prefix.class,
                () -> Arbitraries.integers()
                        .between(1, IpFamily.IPV4.maxPrefixLength())
                        .map(Granularity.Prefix::new));
        all.addKind(Granularity.IrregularMask.class, () -> granularities(IpFamily.IPV4));
        all.add(Persistence.class, () -> NetlinkValues.families().flatMap(IpvsValues::persistences));
        all.add(VirtualService.class, () -> serviceKeys().flatMap(IpvsValues::services));
        all.add(DestinationKey.class, IpvsValues::destinationKeys);
        registerForwarding(all);
        all.add(Destination.class, () -> destinationKeys().flatMap(IpvsValues::destinations));
        all.add(VirtualServer.class, () -> serviceKeys().flatMap(IpvsValues::servers));
        all.add(IpvsState.class, IpvsValues::states);
        registerObserved(all);
        all.add(Timeouts.class, IpvsValues::timeouts);
        all.add(SyncDaemon.class, IpvsValues::daemons);
        all.add(Plan.class, IpvsValues::plans);
        registerChanges(all);
    }

    private static void registerForwarding(Registry all) {
        all.add(Forwarding.class, IpvsValues::forwardings);
        all.addKind(Forwarding.Masquerade.class, IpvsValues::forwardings);
        all.addKind(Forwarding.DirectRoute.class, IpvsValues::forwardings);
        all.addKind(Forwarding.Tunnel.class, IpvsValues::forwardings);
        // Method 1, which only other programs set.
        all.add(
                Forwarding.Unrecognised.class,
                () -> Arbitraries.integers().between(4, 7).map(method -> new Forwarding.Unrecognised(method, 0, 0, 0)));
    }

    private static void registerObserved(Registry all) {
        all.add(Statistics.class, IpvsValues::statistics);
        all.add(ObservedService.class, () -> serviceKeys().flatMap(IpvsValues::observedServices));
        all.add(ObservedDestination.class, () -> destinationKeys().flatMap(IpvsValues::observedDestinations));
        all.add(ObservedServer.class, IpvsValues::observedServers);
        all.add(
                IpvsInfo.class,
                () -> Arbitraries.integers().between(8, 20).map(bits -> new IpvsInfo(0x010201, 1 << bits)));
    }

    private static void registerChanges(Registry all) {
        all.add(Change.class, IpvsValues::changes);
        all.add(
                Change.AddService.class,
                () -> LibraryValues.of(VirtualService.class).map(Change.AddService::new));
        all.add(
                Change.DeleteService.class,
                () -> LibraryValues.of(VirtualServer.class).map(Change.DeleteService::new));
        all.add(
                Change.UpdateService.class,
                () -> serviceKeys()
                        .flatMap(key -> Combinators.combine(services(key), services(key))
                                .as(Change.UpdateService::new)));
        all.add(
                Change.AddDestination.class,
                () -> Combinators.combine(serviceKeys(), LibraryValues.of(Destination.class))
                        .as(Change.AddDestination::new));
        all.add(
                Change.DeleteDestination.class,
                () -> Combinators.combine(serviceKeys(), LibraryValues.of(Destination.class))
                        .as(Change.DeleteDestination::new));
        all.add(
                Change.UpdateDestination.class,
                () -> destinationKeys()
                        .flatMap(key -> Combinators.combine(serviceKeys(), destinations(key), destinations(key))
                                .as(Change.UpdateDestination::new)));
    }

    private static Arbitrary<ServiceKey> serviceKeys() {
        Arbitrary<ServiceKey> ofAddress = Combinators.combine(
                        Arbitraries.of(TransportProtocol.class),
                        NetlinkValues.families().flatMap(NetlinkValues::hosts),
                        NetlinkValues.ports())
                .as(ServiceKey::of);
        Arbitrary<ServiceKey> ofMark = Combinators.combine(
                        NetlinkValues.families(), Arbitraries.integers().between(1, Integer.MAX_VALUE))
                .as(ServiceKey::firewallMark);
        return Arbitraries.oneOf(ofAddress, ofAddress, ofMark);
    }

    private static Arbitrary<ServiceKey.OtherProtocol> otherProtocols() {
        return Combinators.combine(
                        Arbitraries.of(0, 1, 47, 50, 58, 255), NetlinkValues.addresses(), NetlinkValues.ports())
                .as(ServiceKey.OtherProtocol::new);
    }

    private static Arbitrary<Scheduler> schedulers() {
        return Arbitraries.of(SCHEDULERS).map(Scheduler::named);
    }

    private static Arbitrary<ServiceFlags> flags() {
        return Arbitraries.subsetOf(ServiceFlags.ONE_PACKET, ServiceFlags.MAGLEV_FALLBACK, ServiceFlags.MAGLEV_PORT)
                .map(some -> some.stream().reduce(ServiceFlags.NONE, ServiceFlags::plus));
    }

    private static Arbitrary<Granularity> granularities(IpFamily family) {
        Arbitrary<Granularity> prefixes =
                Arbitraries.integers().between(1, family.maxPrefixLength()).map(Granularity::prefix);
        Arbitrary<Granularity> masks = NetlinkValues.addresses(IpFamily.IPV4).map(Granularity::mask);
        return family == IpFamily.IPV6 ? prefixes : Arbitraries.oneOf(prefixes, masks);
    }

    private static Arbitrary<Persistence> persistences(IpFamily family) {
        return Combinators.combine(seconds(Persistence.MAX_TIMEOUT), granularities(family))
                .as(Persistence::new);
    }

    private static Arbitrary<Duration> seconds(Duration longest) {
        return Arbitraries.longs().between(1, longest.toSeconds()).map(Duration::ofSeconds);
    }

    private static Arbitrary<VirtualService> services(ServiceKey key) {
        return Combinators.combine(
                        schedulers(), flags(), persistences(key.family()).optional(0.5))
                .as((scheduler, flags, persistence) ->
                        new VirtualService(key, scheduler, flags, persistence, Optional.empty()));
    }

    private static Arbitrary<DestinationKey> destinationKeys() {
        return NetlinkValues.families()
                .flatMap(family -> Combinators.combine(NetlinkValues.hosts(family), NetlinkValues.ports())
                        .as(DestinationKey::new));
    }

    private static Arbitrary<Forwarding> forwardings() {
        Arbitrary<Forwarding> gue = Combinators.combine(
                        Arbitraries.integers().between(1, 0xffff), Arbitraries.of(Forwarding.Checksum.class))
                .as(Forwarding::gue);
        return Arbitraries.oneOf(
                Arbitraries.of(Forwarding.MASQUERADE, Forwarding.DIRECT_ROUTE, Forwarding.IPIP),
                gue,
                Arbitraries.of(Forwarding.Checksum.NONE, Forwarding.Checksum.FULL)
                        .map(Forwarding::gre));
    }

    private static Arbitrary<Destination> destinations(DestinationKey key) {
        Arbitrary<Integer> thresholds =
                Arbitraries.oneOf(Arbitraries.just(0), Arbitraries.integers().between(0, 1_000_000));
        return Combinators.combine(
                        forwardings(), Arbitraries.integers().between(0, LARGEST_WEIGHT), thresholds, thresholds)
                .as((forwarding, weight, one, other) -> new Destination(
                        key.address(), key.port(), forwarding, weight, Math.max(one, other), Math.min(one, other)));
    }

    private static Arbitrary<VirtualServer> servers(ServiceKey key) {
        Arbitrary<List<Destination>> few = Arbitraries.integers()
                .between(1, 5)
                .flatMap(number -> destinations(few(key.family(), number)))
                .list()
                .ofMaxSize(4)
                .map(IpvsValues::firstOfEachKey);
        return Combinators.combine(services(key), few).as(VirtualServer::new);
    }

    private static DestinationKey few(IpFamily family, int number) {
        String network = family == IpFamily.IPV4 ? "192.0.2." : "2001:db8:1::";
        return new DestinationKey(IpAddress.of(network + number), 8080);
    }

    private static List<Destination> firstOfEachKey(List<Destination> all) {
        Map<DestinationKey, Destination> byKey = new LinkedHashMap<>();
        all.forEach(one -> byKey.putIfAbsent(one.key(), one));
        return List.copyOf(byKey.values());
    }

    private static Arbitrary<IpvsState> states() {
        return Arbitraries.subsetOf(FEW_SERVICES)
                .flatMap(keys -> keys.stream()
                        .map(key -> servers(key).map(IpvsState::of))
                        .reduce(
                                Arbitraries.just(IpvsState.EMPTY),
                                (one, other) -> Combinators.combine(one, other).as(IpvsValues::merged)));
    }

    private static IpvsState merged(IpvsState one, IpvsState other) {
        IpvsState both = one;
        for (VirtualServer server : other.servers()) {
            both = both.with(server);
        }
        return both;
    }

    private static Arbitrary<Statistics> statistics() {
        return Arbitraries.longs()
                .between(0, 1L << 40)
                .array(Long[].class)
                .ofSize(10)
                .map(all ->
                        new Statistics(all[0], all[1], all[2], all[3], all[4], all[5], all[6], all[7], all[8], all[9]));
    }

    private static Arbitrary<ObservedService> observedServices(ServiceKey key) {
        return Combinators.combine(services(key), statistics()).as(ObservedService::new);
    }

    private static Arbitrary<ObservedDestination> observedDestinations(DestinationKey key) {
        Arbitrary<Integer> connections = Arbitraries.integers().between(0, 100_000);
        return Combinators.combine(destinations(key), connections, connections, connections, statistics())
                .as(ObservedDestination::new);
    }

    private static Arbitrary<ObservedServer> observedServers() {
        return serviceKeys()
                .flatMap(key -> Combinators.combine(
                                observedServices(key),
                                observedDestinations(few(key.family(), 1)),
                                observedDestinations(few(key.family(), 2)))
                        .as((service, one, other) -> new ObservedServer(service, List.of(one, other))));
    }

    private static Arbitrary<Timeouts> timeouts() {
        return Combinators.combine(seconds(Timeouts.MAX), seconds(Timeouts.MAX), seconds(Timeouts.MAX))
                .as(Timeouts::new);
    }

    private static Arbitrary<SyncDaemon> daemons() {
        return Combinators.combine(
                        Arbitraries.of(SyncRole.class),
                        NetlinkValues.names(15),
                        Arbitraries.integers().between(0, 255),
                        Arbitraries.integers().between(1, 255))
                .as((role, link, id, ttl) -> SyncDaemon.of(role, link, id).withTtl(ttl));
    }

    private static Arbitrary<Plan> plans() {
        return Combinators.combine(states(), states())
                .as((before, after) -> Plan.between(before, after, Ownership.everything()));
    }

    private static Arbitrary<Change> changes() {
        return Arbitraries.of(
                        Change.AddService.class,
                        Change.DeleteService.class,
                        Change.UpdateService.class,
                        Change.AddDestination.class,
                        Change.DeleteDestination.class,
                        Change.UpdateDestination.class)
                .flatMap(kind -> LibraryValues.of(kind).map(change -> change));
    }
}
