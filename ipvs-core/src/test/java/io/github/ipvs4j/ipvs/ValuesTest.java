// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.IpPrefix;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the values of this module refuse, and how they read. */
class ValuesTest {
    private static final IpAddress V4 = IpAddress.of("10.96.0.1");
    private static final IpAddress V6 = IpAddress.of("fd00::1");
    private static final VirtualService WEB = VirtualService.of(ServiceKey.tcp(V4, 80), Scheduler.ROUND_ROBIN);
    private static final VirtualService WEB6 = VirtualService.of(ServiceKey.tcp(V6, 80), Scheduler.ROUND_ROBIN);
    private static final Destination POD = Destination.masquerade(IpAddress.of("10.1.0.1"), 8080);

    @Test
    void keysReadAsOneWouldSayThem() {
        assertThat(ServiceKey.tcp(V4, 80)).hasToString("tcp 10.96.0.1:80");
        assertThat(ServiceKey.udp(V6, 53)).hasToString("udp [fd00::1]:53");
        assertThat(ServiceKey.sctp(V4, 0)).hasToString("sctp 10.96.0.1:0");
        assertThat(ServiceKey.firewallMark(IpFamily.IPV4, -1)).hasToString("fwmark 4294967295");
        assertThat(ServiceKey.firewallMark(IpFamily.IPV6, 7)).hasToString("fwmark 7 (ipv6)");
        assertThat(new ServiceKey.OtherProtocol(47, V4, 1)).hasToString("protocol 47 10.96.0.1:1");
        assertThat(POD.key()).hasToString("10.1.0.1:8080");
    }

    @Test
    void keysKnowTheirFamily() {
        assertThat(ServiceKey.tcp(V6, 80).family()).isEqualTo(IpFamily.IPV6);
        assertThat(ServiceKey.firewallMark(IpFamily.IPV4, 1).family()).isEqualTo(IpFamily.IPV4);
        assertThat(new ServiceKey.OtherProtocol(47, V6, 1).family()).isEqualTo(IpFamily.IPV6);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65536})
    void portsOutOfRangeAreRefused(int port) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServiceKey.tcp(V4, port))
                .withMessage("service port " + port + ": expected 0 to 65535");
        assertThatIllegalArgumentException().isThrownBy(() -> new ServiceKey.OtherProtocol(47, V4, port));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Destination.masquerade(V4, port))
                .withMessage("destination port " + port + ": expected 0 to 65535");
        assertThatIllegalArgumentException().isThrownBy(() -> new DestinationKey(V4, port));
        assertThatIllegalArgumentException().isThrownBy(() -> Forwarding.gue(port, Forwarding.Checksum.NONE));
    }

    @Test
    void markZeroIsRefusedBecauseTheKernelTakesItForAnAddress() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServiceKey.firewallMark(IpFamily.IPV4, 0))
                .withMessage("firewall mark 0: expected any other 32 bits");
    }

    @ParameterizedTest
    @ValueSource(ints = {6, 17, 132, -1, 65536})
    void otherProtocolIsNoneOfThoseWithAName(int protocol) {
        assertThatIllegalArgumentException().isThrownBy(() -> new ServiceKey.OtherProtocol(protocol, V4, 80));
    }

    @ParameterizedTest
    @CsvSource({"TCP,6,tcp", "UDP,17,udp", "SCTP,132,sctp"})
    void protocolsKnowTheirNumbersAndNames(TransportProtocol protocol, int number, String text) {
        assertThat(protocol.number()).isEqualTo(number);
        assertThat(protocol.text()).isEqualTo(text);
        assertThat(TransportProtocol.ofNumber(number)).contains(protocol);
        assertThat(TransportProtocol.ofNumber(number + 1)).isEmpty();
    }

    @Test
    void schedulersAreEqualByName() {
        assertThat(Scheduler.named("rr")).isSameAs(Scheduler.ROUND_ROBIN);
        assertThat(Scheduler.named("future")).isEqualTo(new Scheduler("future")).hasToString("future");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sixteen-letters-", "a b", "ü", "nul\0"})
    void namesThatNoModuleCanHaveAreRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Scheduler.named(name))
                .withMessageContaining("expected 1 to 15 ASCII characters");
        assertThatIllegalArgumentException().isThrownBy(() -> WEB.withPersistenceEngine(name + name));
    }

    @Test
    void flagsThatAreSaidElsewhereAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ServiceFlags(0x1));
        assertThatIllegalArgumentException().isThrownBy(() -> new ServiceFlags(0x2));
        assertThat(ServiceFlags.ofKernel(0x7)).isEqualTo(ServiceFlags.ONE_PACKET);
        assertThat(ServiceFlags.ofKernel(0x3)).isSameAs(ServiceFlags.NONE);
    }

    @Test
    void flagsAddUp() {
        ServiceFlags both = ServiceFlags.MAGLEV_PORT.plus(ServiceFlags.ONE_PACKET);

        assertThat(both.bits()).isEqualTo(0x14);
        assertThat(both.contains(ServiceFlags.MAGLEV_PORT)).isTrue();
        assertThat(both.contains(ServiceFlags.MAGLEV_FALLBACK)).isFalse();
        assertThat(both.minus(ServiceFlags.ONE_PACKET)).isEqualTo(ServiceFlags.MAGLEV_PORT);
        assertThat(both).hasToString("0x14");
    }

    @ParameterizedTest
    @CsvSource({"255.255.255.255,32", "255.255.255.0,24", "128.0.0.0,1", "0.0.0.0,0"})
    void aMaskThatIsAPrefixIsOne(String mask, int length) {
        assertThat(Granularity.mask(IpAddress.of(mask))).isEqualTo(Granularity.prefix(length));
        assertThat(new Granularity.Prefix(length).mask())
                .isEqualTo(IntStream.range(0, length).map(bit -> 1 << 31 - bit).sum());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Granularity.IrregularMask(new Granularity.Prefix(length).mask()))
                .withMessage("mask " + mask + " is a prefix: use Granularity.prefix");
    }

    @Test
    void anIrregularMaskIsCarried() {
        assertThat(Granularity.mask(IpAddress.of("255.0.255.1"))).hasToString("255.0.255.1");
        assertThatIllegalArgumentException().isThrownBy(() -> Granularity.mask(V6));
    }

    @Test
    void granularityMustFitTheFamily() {
        Duration hour = Duration.ofHours(1);
        assertThat(WEB.withPersistence(hour)).isEqualTo(WEB.withPersistence(hour, Granularity.prefix(32)));
        assertThat(WEB6.withPersistence(hour)).isEqualTo(WEB6.withPersistence(hour, Granularity.prefix(128)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WEB.withPersistence(hour, Granularity.prefix(33)))
                .withMessage("persistence granularity /33: expected a mask, or a prefix of 0 to 32");
        assertThatIllegalArgumentException().isThrownBy(() -> WEB6.withPersistence(hour, Granularity.prefix(0)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WEB6.withPersistence(hour, Granularity.mask(IpAddress.of("255.0.255.0"))))
                .withMessage("persistence granularity 255.0.255.0: expected a prefix of 1 to 128");
        assertThatIllegalArgumentException().isThrownBy(() -> Granularity.prefix(129));
        assertThatIllegalArgumentException().isThrownBy(() -> Granularity.prefix(-1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT0.5S", "PT4294968S"})
    void timesThatSomeKernelLosesAreRefused(String time) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WEB.withPersistence(Duration.parse(time)))
                .withMessageEndingWith("to 4294967");
    }

    @Test
    void aTimeThatAKernelKeptIsCarried() {
        assertThat(new Persistence(Duration.ofSeconds(0xffff_ffffL), Granularity.prefix(32)).timeout())
                .isEqualTo(Duration.ofSeconds(4_294_967_295L));
        for (Duration unfit :
                List.of(Duration.ofSeconds(0x1_0000_0000L), Duration.ofMillis(1500), Duration.ofSeconds(-1))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new Persistence(unfit, Granularity.prefix(32)))
                    .withMessage("persistence " + unfit + ": expected whole seconds, 0 to 4294967295");
        }
    }

    @Test
    void serviceChangesInOneThingAtATime() {
        VirtualService full = WEB.withFlags(ServiceFlags.ONE_PACKET)
                .withPersistence(Duration.ofSeconds(5))
                .withPersistenceEngine("sip");

        assertThat(full.withScheduler(Scheduler.MAGLEV_HASHING))
                .isEqualTo(new VirtualService(
                        full.key(), Scheduler.MAGLEV_HASHING, full.flags(), full.persistence(), Optional.of("sip")));
        assertThat(full.withoutPersistence().persistence()).isEmpty();
        assertThat(full.withoutPersistence().persistenceEngine()).contains("sip");
    }

    @Test
    void destinationChecksWeightAndThresholds() {
        assertThat(POD).isEqualTo(new Destination(POD.address(), 8080, Forwarding.MASQUERADE, 1, 0, 0));
        assertThat(Destination.directRoute(V4, 80).forwarding()).isEqualTo(Forwarding.DIRECT_ROUTE);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> POD.withWeight(-1))
                .withMessage("weight -1: expected 0 to 2147483647");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> POD.withThresholds(10, 11))
                .withMessage("lower threshold 11: expected at most the upper threshold, 10");
        assertThatIllegalArgumentException().isThrownBy(() -> POD.withThresholds(-1, 0));
        assertThat(new Destination(V4, 80, Forwarding.IPIP, 0, -1, -2).upperThreshold())
                .isEqualTo(-1);
    }

    @Test
    void forwardingReadsAsOneWouldSayIt() {
        assertThat(List.of(
                        Forwarding.MASQUERADE,
                        Forwarding.DIRECT_ROUTE,
                        Forwarding.IPIP,
                        Forwarding.gue(6080, Forwarding.Checksum.FULL),
                        Forwarding.gre(Forwarding.Checksum.NONE),
                        new Forwarding.Unrecognised(4, 0, 0, 0)))
                .extracting(Object::toString)
                .containsExactly(
                        "masquerade",
                        "direct route",
                        "tunnel ipip",
                        "tunnel gue port 6080",
                        "tunnel gre",
                        "forwarding method 4");
    }

    @Test
    void whatHasATypeOfItsOwnIsNotUnrecognised() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Forwarding.Unrecognised(0, 0, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Forwarding.Unrecognised(2, 1, 6080, 2));
        assertThatIllegalArgumentException().isThrownBy(() -> new Forwarding.Unrecognised(9, 256, 0, 0));
        assertThat(new Forwarding.Unrecognised(2, 1, 0, 0)).isEqualTo(ForwardingNumbers.of(2, 1, 0, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Forwarding.gue(0, Forwarding.Checksum.NONE))
                .withMessage("tunnel port 0: GUE needs a port from 1 to 65535");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 40})
    void serverRefusesTheSameDestinationTwice(int count) {
        Destination[] destinations = IntStream.range(0, count)
                .mapToObj(i -> Destination.masquerade(V4, 1 + i % (count - 1)).withWeight(i))
                .toArray(Destination[]::new);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> VirtualServer.of(WEB, destinations))
                .withMessage("service tcp 10.96.0.1:80: destination 10.96.0.1:1 is there twice");
    }

    @Test
    void serversWithTheSameDestinationsInAnotherOrderAreEqual() {
        Destination other = POD.withWeight(2);
        Destination third = Destination.masquerade(V4, 1);
        VirtualServer server = VirtualServer.of(WEB, POD, third);

        assertThat(VirtualServer.of(WEB, third, POD)).isEqualTo(server).hasSameHashCodeAs(server);
        assertThat(VirtualServer.of(WEB, third, other)).isNotEqualTo(server);
        assertThat(VirtualServer.of(WEB, third)).isNotEqualTo(server);
        assertThat(VirtualServer.of(WEB6, third, POD)).isNotEqualTo(server);
    }

    @Test
    void stateRefusesTheSameServiceTwiceAndIgnoresTheOrder() {
        VirtualServer server = VirtualServer.of(WEB, POD);
        VirtualServer server6 = VirtualServer.of(WEB6);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> IpvsState.of(server, VirtualServer.of(WEB)))
                .withMessage("service tcp 10.96.0.1:80 is there twice");
        IpvsState state = IpvsState.of(server, server6);
        assertThat(IpvsState.of(server6, server)).isEqualTo(state).hasSameHashCodeAs(state);
        assertThat(IpvsState.EMPTY.with(server).with(server6)).isEqualTo(state);
        assertThat(state.without(server6.key())).isEqualTo(IpvsState.of(Arrays.asList(server)));
        assertThat(state.size()).isEqualTo(2);
        assertThat(state.find(WEB6.key())).contains(server6);
    }

    @Test
    void ownershipLeavesOutForeignBlocks() {
        Ownership ours = Ownership.everything().excluding(List.of(IpPrefix.of("10.96.0.0/16"), IpPrefix.of("fd00::1")));

        assertThat(ours.test(WEB.key())).isFalse();
        assertThat(ours.test(WEB6.key())).isFalse();
        assertThat(ours.test(new ServiceKey.OtherProtocol(47, V4, 0))).isFalse();
        assertThat(ours.test(ServiceKey.tcp(IpAddress.of("10.97.0.1"), 80))).isTrue();
        assertThat(ours.test(ServiceKey.firewallMark(IpFamily.IPV4, 1))).isTrue();
        assertThat(Ownership.only(WEB.key()::equals).test(WEB6.key())).isFalse();
    }

    @Test
    void updateOfOneThingCannotBecomeAnother() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Change.UpdateService(WEB, WEB6))
                .withMessage("update of service tcp 10.96.0.1:80: cannot become tcp [fd00::1]:80");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Change.UpdateDestination(WEB.key(), POD, Destination.masquerade(V4, 80)))
                .withMessage("update of destination 10.1.0.1:8080 of service tcp 10.96.0.1:80: cannot become"
                        + " 10.96.0.1:80");
    }
}
