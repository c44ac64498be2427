// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import static io.github.ipvs4j.reconciler.Samples.name;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.ipvs.Destination;
import io.github.ipvs4j.ipvs.Scheduler;
import io.github.ipvs4j.ipvs.ServiceKey;
import io.github.ipvs4j.ipvs.TransportProtocol;
import io.github.ipvs4j.ipvs.VirtualServer;
import io.github.ipvs4j.ipvs.VirtualService;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What is kept in little memory comes out as it went in. */
class PackedTest {
    private static final Arbitrary<IpAddress> V4 =
            Arbitraries.of("10.244.0.1", "10.244.0.2", "200.1.2.3").map(IpAddress::of);
    private static final Arbitrary<IpAddress> V6 =
            Arbitraries.of("fd00::1", "fd00::2", "2001:db8::ffff").map(IpAddress::of);

    @Property(tries = 300)
    void aSliceComesOutAsItWentInButForItsLabels(@ForAll("slices") EndpointSlice slice) {
        SlicePool pool = new SlicePool();

        PackedSlice packed = PackedSlice.of(slice, pool);

        assertThat(packed.unpack())
                .isEqualTo(new EndpointSlice(
                        slice.name(), slice.serviceName(), slice.family(), slice.ports(), slice.endpoints(), Map.of()));
        packed.release(pool);
        assertThat(pool.isEmpty()).isTrue();
    }

    @Property(tries = 300)
    void slicesAreEqualWhenPackedIfTheyAreOtherwise(
            @ForAll("slices") EndpointSlice one, @ForAll("slices") EndpointSlice other) {
        SlicePool pool = new SlicePool();
        PackedSlice packed = PackedSlice.of(one, pool);

        assertThat(packed.equals(PackedSlice.of(other, pool)))
                .isEqualTo(packed.unpack().equals(PackedSlice.of(other, pool).unpack()));
        assertThat(packed).isEqualTo(PackedSlice.of(one, pool)).hasSameHashCodeAs(PackedSlice.of(one, pool));
    }

    @Property(tries = 500)
    void aVirtualServerComesOutAsItWentIn(@ForAll("servers") VirtualServer server) {
        assertThat(PackedServer.of(server).unpack()).isEqualTo(server);
        assertThat(PackedServer.of(server).key()).isEqualTo(server.key());
    }

    @Property(tries = 500)
    void virtualServersAreEqualWhenPackedIfTheyAreOtherwise(
            @ForAll("servers") VirtualServer one, @ForAll("servers") VirtualServer other) {
        assertThat(PackedServer.of(one).equals(PackedServer.of(other))).isEqualTo(one.equals(other));
        assertThat(PackedServer.of(one)).hasSameHashCodeAs(PackedServer.of(one));
    }

    @Provide
    Arbitrary<EndpointSlice> slices() {
        Arbitrary<List<EndpointPort>> ports = Arbitraries.just(new EndpointPort("http", TransportProtocol.TCP, 65_535))
                .list()
                .ofMaxSize(1);
        return Arbitraries.of(IpFamily.class)
                .flatMap(family -> Combinators.combine(
                                Arbitraries.of("a", "b").map(Samples::name),
                                ports,
                                endpoint(family == IpFamily.IPV4 ? V4 : V6)
                                        .list()
                                        .ofMaxSize(4))
                        .as((name, some, endpoints) ->
                                new EndpointSlice(name, "web", family, some, endpoints, Map.of("app", name.name()))));
    }

    private static Arbitrary<Endpoint> endpoint(Arbitrary<IpAddress> addresses) {
        Arbitrary<Boolean> flag = Arbitraries.of(true, false);
        Arbitrary<Set<String>> hints = Arbitraries.of(Set.of(), Set.of("zone-a"), Set.of("zone-a", "zone-b"));
        return Combinators.combine(addresses, flag, flag, flag, Arbitraries.of("", "node-a"), hints, hints)
                .as(Endpoint::new);
    }

    @Provide
    Arbitrary<VirtualServer> servers() {
        Arbitrary<ServiceKey> keys = Arbitraries.of(
                ServiceKey.tcp(IpAddress.of("10.96.0.1"), 80),
                ServiceKey.udp(IpAddress.of("fd00:96::1"), 53),
                ServiceKey.firewallMark(IpFamily.IPV4, 7));
        Arbitrary<List<Destination>> destinations =
                destination().list().uniqueElements(Destination::key).ofMaxSize(5);
        return Combinators.combine(keys, Arbitraries.of(0, 60), destinations).as((key, seconds, all) -> {
            VirtualService service = VirtualService.of(key, Scheduler.ROUND_ROBIN);
            return new VirtualServer(
                    seconds == 0 ? service : service.withPersistence(Duration.ofSeconds(seconds)), all);
        });
    }

    private static Arbitrary<Destination> destination() {
        Arbitrary<Destination> usual = Combinators.combine(
                        Arbitraries.oneOf(V4, V6),
                        Arbitraries.of(0, 80, 65_535),
                        Arbitraries.of(0, 1, Integer.MAX_VALUE))
                .as((address, port, weight) ->
                        Destination.masquerade(address, port).withWeight(weight));
        Arbitrary<Destination> odd = V4.map(address -> Destination.directRoute(address, 80));
        return Arbitraries.oneOf(usual, usual, odd, usual.map(some -> some.withThresholds(9, 3)));
    }

    @Property(tries = 1)
    void aNameIsKeptOnceForManySlices() {
        SlicePool pool = new SlicePool();
        Endpoint endpoint = Samples.local("10.244.0.1");
        PackedSlice one = PackedSlice.of(Samples.slice("web", endpoint), pool);
        PackedSlice two = PackedSlice.of(Samples.slice("shop", endpoint), pool);

        one.release(pool);

        assertThat(pool.isEmpty()).isFalse();
        assertThat(two.service()).isEqualTo(name("shop"));
        two.release(pool);
        assertThat(pool.isEmpty()).isTrue();
    }
}
