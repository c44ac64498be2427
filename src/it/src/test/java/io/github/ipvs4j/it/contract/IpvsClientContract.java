// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.ipvs4j.ipvs.Destination;
import io.github.ipvs4j.ipvs.DestinationKey;
import io.github.ipvs4j.ipvs.Forwarding;
import io.github.ipvs4j.ipvs.Granularity;
import io.github.ipvs4j.ipvs.IpvsClient;
import io.github.ipvs4j.ipvs.IpvsState;
import io.github.ipvs4j.ipvs.ObservedDestination;
import io.github.ipvs4j.ipvs.ObservedService;
import io.github.ipvs4j.ipvs.OnFailure;
import io.github.ipvs4j.ipvs.Ownership;
import io.github.ipvs4j.ipvs.Plan;
import io.github.ipvs4j.ipvs.Scheduler;
import io.github.ipvs4j.ipvs.ServiceFlags;
import io.github.ipvs4j.ipvs.ServiceKey;
import io.github.ipvs4j.ipvs.Snapshot;
import io.github.ipvs4j.ipvs.TransportProtocol;
import io.github.ipvs4j.ipvs.VirtualServer;
import io.github.ipvs4j.ipvs.VirtualService;
import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.KernelRejected;
import io.github.ipvs4j.netlink.NetlinkClient;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What single verbs of {@link IpvsClient} do on any kernel. Everything stands on addresses and marks of
 * {@link TestServices}, so that services of others do not matter.
 */
abstract class IpvsClientContract {
    private static final ServiceKey WEB = ServiceKey.tcp(TestServices.VIP, 80);
    private static final VirtualService WEB_SERVICE = VirtualService.of(WEB, Scheduler.ROUND_ROBIN);
    private static final Destination POD = Destination.masquerade(TestServices.POD, 8080);

    private IpvsClient ipvs;

    /** Returns settings for {@code NETLINK_GENERIC}. */
    abstract NetlinkClient.Builder settings();

    @BeforeEach
    void openClient() {
        ipvs = IpvsClient.open(settings());
        TestServices.deleteAll(ipvs);
    }

    @AfterEach
    void closeClient() {
        TestServices.deleteAll(ipvs);
        ipvs.close();
    }

    private static void assertRefused(ThrowingCallable call, int errno, String words) {
        assertThatExceptionOfType(KernelRejected.class)
                .isThrownBy(call)
                .withMessageContaining(words)
                .satisfies(e -> assertThat(e.errno()).isEqualTo(new Errno(errno)));
    }

    private List<Destination> destinations(ServiceKey service) {
        return ipvs.destinations(service).stream()
                .map(ObservedDestination::destination)
                .toList();
    }

    static Stream<ServiceKey> keys() {
        return Stream.of(TransportProtocol.values())
                .flatMap(protocol -> Stream.of(TestServices.VIP, TestServices.VIP6)
                        .map(address -> ServiceKey.of(protocol, address, 53)));
    }

    static Stream<VirtualService> services() {
        return Stream.of(
                WEB_SERVICE,
                WEB_SERVICE.withScheduler(Scheduler.SOURCE_HASHING).withFlags(ServiceFlags.SOURCE_HASH_PORT),
                WEB_SERVICE.withScheduler(Scheduler.MAGLEV_HASHING).withFlags(ServiceFlags.MAGLEV_FALLBACK),
                WEB_SERVICE.withPersistence(Duration.ofHours(3)),
                WEB_SERVICE.withPersistence(Duration.ofSeconds(1), Granularity.prefix(24)),
                WEB_SERVICE.withScheduler(Scheduler.NONE),
                VirtualService.of(ServiceKey.tcp(TestServices.VIP, 0), Scheduler.LEAST_CONNECTION),
                VirtualService.of(ServiceKey.udp(TestServices.VIP, 53), Scheduler.WEIGHTED_ROUND_ROBIN)
                        .withFlags(ServiceFlags.ONE_PACKET),
                VirtualService.of(ServiceKey.tcp(TestServices.VIP6, 443), Scheduler.WEIGHTED_LEAST_CONNECTION)
                        .withPersistence(Duration.ofMinutes(6), Granularity.prefix(64)),
                VirtualService.of(ServiceKey.firewallMark(IpFamily.IPV4, TestServices.MARK), Scheduler.ROUND_ROBIN),
                VirtualService.of(
                        ServiceKey.firewallMark(IpFamily.IPV6, TestServices.MARK), Scheduler.SHORTEST_EXPECTED_DELAY));
    }

    static Stream<Destination> destinations() {
        return Stream.of(
                POD,
                POD.withWeight(0),
                POD.withWeight(Integer.MAX_VALUE),
                POD.withThresholds(2000, 1000),
                Destination.directRoute(TestServices.POD, 80),
                Destination.of(TestServices.POD, 80, Forwarding.IPIP),
                Destination.of(TestServices.POD, 80, Forwarding.gue(6080, Forwarding.Checksum.FULL)),
                Destination.of(TestServices.POD, 80, Forwarding.gre(Forwarding.Checksum.NONE)),
                Destination.of(TestServices.POD6, 80, Forwarding.IPIP),
                Destination.masquerade(IpAddress.of("127.0.0.1"), 8080));
    }

    @ParameterizedTest
    @MethodSource("services")
    void keepsEveryAttributeOfAService(VirtualService service) {
        ipvs.addService(service);
        assertThat(ipvs.service(service.key()).orElseThrow().service()).isEqualTo(service);
        assertThat(ipvs.services()).extracting(ObservedService::service).contains(service);
    }

    @ParameterizedTest
    @MethodSource("destinations")
    void keepsEveryAttributeOfADestination(Destination destination) {
        ipvs.addService(WEB_SERVICE);
        ipvs.addDestination(WEB, destination);
        assertThat(destinations(WEB)).containsExactly(destination);
    }

    @ParameterizedTest
    @MethodSource("keys")
    void addsUpdatesAndDeletesForEveryProtocolAndFamily(ServiceKey key) {
        Destination pod =
                Destination.masquerade(key.family() == IpFamily.IPV4 ? TestServices.POD : TestServices.POD6, 5353);
        ipvs.addService(VirtualService.of(key, Scheduler.ROUND_ROBIN));
        ipvs.addDestination(key, pod);
        ipvs.updateService(VirtualService.of(key, Scheduler.WEIGHTED_ROUND_ROBIN));
        ipvs.updateDestination(key, pod.withWeight(7));
        assertThat(ipvs.service(key).orElseThrow().service().scheduler()).isEqualTo(Scheduler.WEIGHTED_ROUND_ROBIN);
        assertThat(destinations(key)).containsExactly(pod.withWeight(7));
        ipvs.deleteDestination(key, pod.key());
        assertThat(destinations(key)).isEmpty();
        ipvs.deleteService(key);
        assertThat(ipvs.service(key)).isEmpty();
    }

    @Test
    void tellsServicesOfTheSameAddressApart() {
        ServiceKey dns = ServiceKey.udp(TestServices.VIP, 80);
        ipvs.addService(WEB_SERVICE);
        ipvs.addService(VirtualService.of(dns, Scheduler.LEAST_CONNECTION));
        ipvs.deleteService(WEB);
        assertThat(ipvs.service(dns)).isPresent();
    }

    @Test
    void refusesAServiceThatIsThere() {
        ipvs.addService(WEB_SERVICE);
        assertRefused(
                () -> ipvs.addService(WEB_SERVICE.withScheduler(Scheduler.LEAST_CONNECTION)),
                17,
                "add service tcp 198.18.80.1:80 (lc): EEXIST: there is a service with this key already");
        assertThat(ipvs.service(WEB).orElseThrow().service()).isEqualTo(WEB_SERVICE);
    }

    @Test
    void refusesWhatNeedsAServiceThatIsNotThere() {
        assertRefused(() -> ipvs.updateService(WEB_SERVICE), 3, "there is no such service");
        assertRefused(() -> ipvs.deleteService(WEB), 3, "delete service tcp 198.18.80.1:80: ESRCH");
        assertRefused(() -> ipvs.addDestination(WEB, POD), 3, "add it before its destinations");
        assertRefused(() -> ipvs.updateDestination(WEB, POD), 3, "there is no such service");
        assertRefused(() -> ipvs.deleteDestination(WEB, POD.key()), 3, "there is no such service");
        assertRefused(() -> ipvs.destinations(WEB), 3, "there is no such service");
        assertThat(ipvs.service(WEB)).isEmpty();
    }

    @Test
    void refusesWhatNeedsADestinationThatIsNotThereOrIs() {
        ipvs.addService(WEB_SERVICE);
        assertRefused(() -> ipvs.updateDestination(WEB, POD), 2, "the service has no such destination");
        assertRefused(() -> ipvs.deleteDestination(WEB, POD.key()), 2, "198.18.81.5:8080");
        ipvs.addDestination(WEB, POD);
        assertRefused(() -> ipvs.addDestination(WEB, POD.withWeight(9)), 17, "has this destination already");
        assertThat(destinations(WEB)).containsExactly(POD);
    }

    @Test
    void refusesASchedulerThatNobodyHas() {
        VirtualService odd = WEB_SERVICE.withScheduler(Scheduler.named("ipvs4j"));
        assertRefused(() -> ipvs.addService(odd), 2, "modprobe ip_vs_ipvs4j");
        ipvs.addService(WEB_SERVICE);
        assertRefused(() -> ipvs.updateService(odd), 2, "modprobe ip_vs_ipvs4j");
        assertThat(ipvs.service(WEB).orElseThrow().service()).isEqualTo(WEB_SERVICE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "224.0.0.1", "255.255.255.255", "239.1.2.3"})
    void refusesDestinationsThatAreNoHosts(String address) {
        ipvs.addService(WEB_SERVICE);
        Destination nobody = Destination.masquerade(IpAddress.of(address), 80);
        assertRefused(() -> ipvs.addDestination(WEB, nobody), 22, "the address must be unicast");
    }

    @ParameterizedTest
    @ValueSource(strings = {"::", "ff02::1", "fe80::1", "::ffff:10.0.0.1"})
    void refusesIpv6DestinationsThatAreNoHosts(String address) {
        ServiceKey key = ServiceKey.tcp(TestServices.VIP6, 80);
        ipvs.addService(VirtualService.of(key, Scheduler.ROUND_ROBIN));
        Destination nobody = Destination.masquerade(IpAddress.of(address), 80);
        assertRefused(() -> ipvs.addDestination(key, nobody), 22, "the address must be unicast");
    }

    @Test
    void tunnelsOnlyBetweenFamilies() {
        ipvs.addService(WEB_SERVICE);
        assertRefused(
                () -> ipvs.addDestination(WEB, Destination.masquerade(TestServices.POD6, 80)), 22, "must be tunnelled");
        Destination tunnelled = Destination.of(TestServices.POD6, 80, Forwarding.IPIP);
        ipvs.addDestination(WEB, tunnelled);
        ipvs.updateDestination(WEB, tunnelled.withWeight(3));
        ipvs.deleteDestination(WEB, tunnelled.key());
        assertThat(destinations(WEB)).isEmpty();
    }

    @Test
    void resetsTheTunnelWhenADestinationIsUpdated() {
        ipvs.addService(WEB_SERVICE);
        Destination gue = Destination.of(TestServices.POD, 80, Forwarding.gue(6080, Forwarding.Checksum.FULL));
        ipvs.addDestination(WEB, gue);
        ipvs.updateDestination(WEB, gue.withForwarding(Forwarding.MASQUERADE));
        assertThat(destinations(WEB)).containsExactly(gue.withForwarding(Forwarding.MASQUERADE));
    }

    @Test
    void keepsDestinationsWhenTheirServiceIsUpdated() {
        ipvs.addService(WEB_SERVICE.withPersistence(Duration.ofSeconds(50)));
        ipvs.addDestination(WEB, POD);
        ipvs.updateService(WEB_SERVICE);
        assertThat(ipvs.service(WEB).orElseThrow().service()).isEqualTo(WEB_SERVICE);
        assertThat(destinations(WEB)).containsExactly(POD);
    }

    @Test
    void keepsThePlaceOfADestinationThatIsUpdated() {
        ipvs.addService(WEB_SERVICE);
        List<Destination> pods = Stream.of(1, 2, 3)
                .map(port -> Destination.masquerade(TestServices.POD, port))
                .toList();
        pods.forEach(pod -> ipvs.addDestination(WEB, pod));
        ipvs.updateDestination(WEB, pods.get(0).withWeight(9));
        assertThat(ipvs.destinations(WEB))
                .extracting(seen -> seen.destination().key())
                .containsExactlyElementsOf(pods.stream().map(Destination::key).toList());
    }

    @Test
    void listsMoreDestinationsThanOneDatagramHolds() {
        ipvs.addService(WEB_SERVICE);
        List<Destination> pods = Stream.iterate(1, port -> port + 1)
                .limit(500)
                .map(port -> Destination.masquerade(TestServices.POD, port))
                .toList();
        pods.forEach(pod -> ipvs.addDestination(WEB, pod));
        assertThat(destinations(WEB)).containsExactlyElementsOf(pods);
    }

    @Test
    void listsAllDestinationsOfEachServiceWhateverTheirNumbers() {
        // Around what a page, 8 KiB and 32 KiB hold of destinations with their statistics, short and long ones in turn.
        int[] numbers = {3, 84, 1, 8, 9, 10, 11, 2, 17, 18, 19, 20, 0, 75, 76, 77, 78, 79, 80, 81, 82, 1};
        List<VirtualServer> servers = IntStream.range(0, numbers.length)
                .mapToObj(place -> withDestinations(ServiceKey.tcp(TestServices.VIP, 1000 + place), numbers[place]))
                .toList();
        IpvsState desired = IpvsState.of(servers);
        ipvs.apply(Plan.between(IpvsState.EMPTY, desired, Ownership.only(TestServices::owns)), OnFailure.ROLL_BACK);

        List<ServiceKey> keys = servers.stream().map(VirtualServer::key).toList();
        Snapshot snapshot = ipvs.snapshot(keys);
        assertThat(snapshot.state()).isEqualTo(desired);
        assertThat(snapshot.consistent()).isTrue();
    }

    private static VirtualServer withDestinations(ServiceKey key, int count) {
        List<Destination> pods = IntStream.rangeClosed(1, count)
                .mapToObj(port -> Destination.masquerade(TestServices.POD, port))
                .toList();
        return new VirtualServer(VirtualService.of(key, Scheduler.ROUND_ROBIN), pods);
    }

    @Test
    void deletesADestinationOfTheOtherFamilyByItsKey() {
        ipvs.addService(WEB_SERVICE);
        ipvs.addDestination(WEB, Destination.of(TestServices.POD6, 80, Forwarding.IPIP));
        ipvs.deleteDestination(WEB, new DestinationKey(TestServices.POD6, 80));
        assertThat(destinations(WEB)).isEmpty();
    }
}
