// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.domains.DomainContextBase;

/** Generators of all values of this module. */
final class IpvsArbitraries extends DomainContextBase {
    /** States draw their keys from a few, so that two of them have some in common. */
    static final List<ServiceKey> FEW_SERVICES = List.of(
            ServiceKey.tcp(IpAddress.of("10.96.0.1"), 443),
            ServiceKey.tcp(IpAddress.of("10.96.0.10"), 53),
            ServiceKey.udp(IpAddress.of("10.96.0.10"), 53),
            ServiceKey.tcp(IpAddress.of("fd00::1"), 443),
            ServiceKey.sctp(IpAddress.of("192.168.0.1"), 30000),
            ServiceKey.firewallMark(IpFamily.IPV4, 17));

    static final List<DestinationKey> FEW_DESTINATIONS = List.of(
            new DestinationKey(IpAddress.of("10.1.0.1"), 80),
            new DestinationKey(IpAddress.of("10.1.0.1"), 81),
            new DestinationKey(IpAddress.of("10.1.0.2"), 80),
            new DestinationKey(IpAddress.of("fd00::1:1"), 80),
            new DestinationKey(IpAddress.of("fd00::1:2"), 80));

    @Provide
    Arbitrary<IpAddress> addresses() {
        Arbitrary<byte[]> bytes = Arbitraries.oneOf(
                Arbitraries.bytes().array(byte[].class).ofSize(4),
                Arbitraries.bytes().array(byte[].class).ofSize(16));
        return bytes.map(IpAddress::of);
    }

    @Provide
    Arbitrary<ServiceKey> serviceKeys() {
        Arbitrary<Integer> ports = Arbitraries.integers().between(0, 0xffff);
        Arbitrary<ServiceKey> onAddress = Combinators.combine(
                        Arbitraries.of(TransportProtocol.class), addresses(), ports)
                .as(ServiceKey::of);
        Arbitrary<ServiceKey> onMark = Combinators.combine(
                        Arbitraries.of(IpFamily.class), Arbitraries.integers().filter(mark -> mark != 0))
                .as(ServiceKey::firewallMark);
        Arbitrary<Integer> protocols = Arbitraries.integers()
                .between(0, 0xffff)
                .filter(number -> TransportProtocol.ofNumber(number).isEmpty());
        Arbitrary<ServiceKey> other =
                Combinators.combine(protocols, addresses(), ports).as(ServiceKey.OtherProtocol::new);
        return Arbitraries.frequencyOf(Tuple.of(6, onAddress), Tuple.of(2, onMark), Tuple.of(1, other));
    }

    @Provide
    Arbitrary<VirtualService> services() {
        return serviceKeys().flatMap(IpvsArbitraries::serviceOf);
    }

    private static Arbitrary<VirtualService> serviceOf(ServiceKey key) {
        Arbitrary<Scheduler> schedulers = Arbitraries.oneOf(
                        Arbitraries.of("rr", "wrr", "sh", "mh", "none"),
                        Arbitraries.strings()
                                .withCharRange('a', 'z')
                                .ofMinLength(1)
                                .ofMaxLength(15))
                .map(Scheduler::named);
        Arbitrary<ServiceFlags> flags = Arbitraries.integers().map(bits -> new ServiceFlags(bits & ~0x3));
        Arbitrary<Optional<String>> engines =
                Arbitraries.of("sip", "an-engine-of-16c").optional(0.3);
        return Combinators.combine(schedulers, flags, persistences(key.family()).optional(0.5), engines)
                .as((scheduler, bits, persistence, engine) ->
                        new VirtualService(key, scheduler, bits, persistence, engine));
    }

    private static Arbitrary<Persistence> persistences(IpFamily family) {
        Arbitrary<Duration> timeouts =
                Arbitraries.longs().between(0, 0xffff_ffffL).map(Duration::ofSeconds);
        Arbitrary<Granularity> granularities = family == IpFamily.IPV6
                ? Arbitraries.integers().between(1, 128).map(Granularity::prefix)
                : Arbitraries.oneOf(
                        Arbitraries.integers().between(0, 32).map(Granularity::prefix),
                        Arbitraries.integers().map(Granularity.IrregularMask::orPrefix));
        return Combinators.combine(timeouts, granularities).as(Persistence::new);
    }

    @Provide
    Arbitrary<Destination> destinations() {
        Arbitrary<DestinationKey> keys = Combinators.combine(
                        addresses(), Arbitraries.integers().between(0, 0xffff))
                .as(DestinationKey::new);
        return keys.flatMap(IpvsArbitraries::destinationOf);
    }

    private static Arbitrary<Destination> destinationOf(DestinationKey key) {
        Arbitrary<Integer> weights = Arbitraries.integers().between(0, Integer.MAX_VALUE);
        return Combinators.combine(forwardings(), weights, Arbitraries.integers(), Arbitraries.integers())
                .as((forwarding, weight, one, other) -> {
                    boolean ordered = Integer.compareUnsigned(one, other) >= 0;
                    return new Destination(
                            key.address(),
                            key.port(),
                            forwarding,
                            weight,
                            ordered ? one : other,
                            ordered ? other : one);
                });
    }

    private static Arbitrary<Forwarding> forwardings() {
        Arbitrary<Forwarding> any = Combinators.combine(
                        Arbitraries.integers().between(0, 9),
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.integers().between(0, 0xffff),
                        Arbitraries.integers().between(0, 4))
                .as(ForwardingNumbers::of);
        return Arbitraries.oneOf(Arbitraries.of(Forwarding.MASQUERADE, Forwarding.DIRECT_ROUTE, Forwarding.IPIP), any);
    }

    /** Small states over few keys with few attributes, so that two of them have much in common. */
    @Provide
    Arbitrary<IpvsState> states() {
        return Arbitraries.of(FEW_SERVICES)
                .flatMap(IpvsArbitraries::fewServers)
                .list()
                .ofMaxSize(FEW_SERVICES.size())
                .map(servers -> IpvsState.of(unique(servers, VirtualServer::key)));
    }

    /** Keeps the first of each key; jqwik's own uniqueness does not survive its shrinking. */
    private static <T, K> List<T> unique(List<T> all, Function<T, K> keyOf) {
        Map<K, T> byKey = new LinkedHashMap<>();
        all.forEach(one -> byKey.putIfAbsent(keyOf.apply(one), one));
        return List.copyOf(byKey.values());
    }

    private static Arbitrary<VirtualServer> fewServers(ServiceKey key) {
        Arbitrary<Destination> destinations = Combinators.combine(
                        Arbitraries.of(FEW_DESTINATIONS), Arbitraries.integers().between(0, 2))
                .as((destination, weight) -> destination(key, destination, weight));
        return Combinators.combine(
                        Arbitraries.of(fewServices(key)),
                        destinations
                                .list()
                                .ofMaxSize(FEW_DESTINATIONS.size())
                                .map(list -> unique(list, Destination::key)))
                .as(VirtualServer::new);
    }

    /** Returns the few ways in which a service of the small states balances. */
    static List<VirtualService> fewServices(ServiceKey key) {
        return List.of(
                VirtualService.of(key, Scheduler.ROUND_ROBIN),
                VirtualService.of(key, Scheduler.MAGLEV_HASHING).withFlags(ServiceFlags.MAGLEV_PORT),
                VirtualService.of(key, Scheduler.ROUND_ROBIN).withPersistence(Duration.ofHours(3)));
    }

    /** Makes a destination that the kernel takes for a service. */
    static Destination destination(ServiceKey service, DestinationKey key, int weight) {
        return Destination.of(
                        key.address(),
                        key.port(),
                        key.address().family() == service.family() ? Forwarding.MASQUERADE : Forwarding.IPIP)
                .withWeight(weight);
    }

    /** Which changes of a plan to take, one after the other. */
    @Provide
    Arbitrary<List<Boolean>> choices() {
        return Arbitraries.of(true, true, false).list().ofSize(40);
    }

    @Provide
    Arbitrary<OnFailure> answersToFailure() {
        return Arbitraries.of(OnFailure.class);
    }

    /** Owners of some of the few services. */
    @Provide
    Arbitrary<Ownership> ownerships() {
        return Arbitraries.of(FEW_SERVICES)
                .set()
                .map(keys -> new KeySet(keys.stream().map(ServiceKey::toString).collect(Collectors.toSet())));
    }

    /** An ownership that a report of jqwik can print. */
    private record KeySet(Set<String> keys) implements Ownership {
        @Override
        public boolean test(ServiceKey key) {
            return keys.contains(key.toString());
        }
    }
}
