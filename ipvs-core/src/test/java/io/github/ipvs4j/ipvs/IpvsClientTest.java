// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.KernelRejected;
import io.github.ipvs4j.netlink.NetlinkClient;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.netlink.SocketFailed;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class IpvsClientTest {
    private static final ServiceKey WEB = ServiceKey.tcp(IpAddress.of("10.96.0.10"), 80);
    private static final ServiceKey WEB6 = ServiceKey.tcp(IpAddress.of("fd00::10"), 80);
    private static final VirtualService SERVICE = VirtualService.of(WEB, Scheduler.ROUND_ROBIN);
    private static final Destination FIRST = Destination.masquerade(IpAddress.of("10.1.0.1"), 8080);
    private static final Destination SECOND = Destination.masquerade(IpAddress.of("10.1.0.2"), 8080);
    private static final VirtualServer SERVER = VirtualServer.of(SERVICE, FIRST, SECOND);

    private static IpvsClient open(TinyKernel kernel) {
        return IpvsClient.open(NetlinkClient.builder(NetlinkProtocol.GENERIC).transport(kernel));
    }

    @Test
    void saysInOneSentenceThatTheKernelHasNoIpvsAndLeavesNothingOpen() {
        TinyKernel kernel = new TinyKernel().withoutFamily();

        assertThatThrownBy(() -> open(kernel))
                .isInstanceOf(KernelRejected.class)
                .hasMessage("look up generic-netlink family IPVS: ENOENT: the kernel has no IPVS; load the module with"
                        + " 'modprobe ip_vs', or use a kernel built with CONFIG_IP_VS");
        assertThat(kernel.open()).isZero();
    }

    @Test
    void leavesNothingOpenWhereTheSecondSocketIsRefused() {
        TinyKernel kernel = new TinyKernel().withSockets(1);

        assertThatThrownBy(() -> open(kernel)).isInstanceOf(SocketFailed.class);
        assertThat(kernel.open()).isZero();
    }

    @Test
    void addsUpdatesAndDeletesServicesAndDestinations() {
        TinyKernel kernel = new TinyKernel();
        try (IpvsClient ipvs = open(kernel)) {
            ipvs.addService(SERVICE);
            ipvs.addDestination(WEB, FIRST);
            ipvs.addDestination(WEB, SECOND);
            assertThat(kernel.state()).isEqualTo(IpvsState.of(SERVER));

            ipvs.updateService(SERVICE.withScheduler(Scheduler.SOURCE_HASHING));
            ipvs.updateDestination(WEB, FIRST.withWeight(0));
            assertThat(kernel.state())
                    .isEqualTo(IpvsState.of(VirtualServer.of(
                            SERVICE.withScheduler(Scheduler.SOURCE_HASHING), FIRST.withWeight(0), SECOND)));

            ipvs.deleteDestination(WEB, FIRST.key());
            assertThat(ipvs.destinations(WEB))
                    .extracting(ObservedDestination::destination)
                    .containsExactly(SECOND);
            ipvs.deleteService(WEB);
            assertThat(ipvs.services()).isEmpty();
            assertThat(ipvs.service(WEB)).isEmpty();
        }
        assertThat(kernel.open()).isZero();
    }

    @Test
    void listsDestinationsInTheOrderInWhichTheyWereAdded() {
        try (IpvsClient ipvs = open(TinyKernel.with(SERVER))) {
            assertThat(ipvs.destinations(WEB))
                    .extracting(ObservedDestination::destination)
                    .containsExactly(FIRST, SECOND);
        }
    }

    @Test
    void tellsAnUnknownServiceFromOneWithoutDestinations() {
        try (IpvsClient ipvs = open(TinyKernel.with(VirtualServer.of(SERVICE)))) {
            assertThat(ipvs.destinations(WEB)).isEmpty();
            assertThatThrownBy(() -> ipvs.destinations(WEB6))
                    .hasMessage("list destinations of service tcp [fd00::10]:80: ESRCH: there is no such service");
        }
    }

    @Test
    void updateMadeFromWhatWasReadLosesNothing() {
        VirtualService service = VirtualService.of(
                        ServiceKey.firewallMark(IpFamily.IPV6, 0x8000_0001), Scheduler.named("brandnew"))
                .withFlags(new ServiceFlags(0x4000_0014))
                .withPersistence(Duration.ofSeconds(77), Granularity.prefix(48))
                .withPersistenceEngine("sip");
        Destination tunnelled = Destination.of(
                        IpAddress.of("10.9.9.9"), 81, Forwarding.gue(6080, Forwarding.Checksum.REMOTE))
                .withThresholds(10, 5);
        Destination strange = Destination.of(IpAddress.of("fd00::9"), 81, new Forwarding.Unrecognised(9, 8, 7, 6));
        TinyKernel kernel = TinyKernel.with(VirtualServer.of(service, tunnelled, strange));
        try (IpvsClient ipvs = open(kernel)) {
            ipvs.services().forEach(read -> ipvs.updateService(read.service().withScheduler(Scheduler.ROUND_ROBIN)));
            ipvs.destinations(service.key())
                    .forEach(read -> ipvs.updateDestination(
                            service.key(), read.destination().withWeight(9)));
        }

        assertThat(kernel.state())
                .isEqualTo(IpvsState.of(VirtualServer.of(
                        service.withScheduler(Scheduler.ROUND_ROBIN), tunnelled.withWeight(9), strange.withWeight(9))));
    }

    static Stream<Arguments> refusals() {
        return Stream.concat(refusalsOfServices(), refusalsOfDestinations());
    }

    private static Stream<Arguments> refusalsOfServices() {
        return Stream.of(
                refusal(
                        ipvs -> ipvs.addService(SERVICE.withScheduler(Scheduler.MAGLEV_HASHING)),
                        "ENOENT",
                        "add service tcp 10.96.0.10:80 (mh): ENOENT: scheduler module ip_vs_mh is not loaded; load it"
                                + " with 'modprobe ip_vs_mh', or use a kernel built with it"),
                refusal(
                        ipvs -> ipvs.updateService(SERVICE.withPersistenceEngine("sip")),
                        "ENOENT",
                        "update service tcp 10.96.0.10:80 (rr): ENOENT: scheduler module ip_vs_rr or persistence engine"
                                + " module ip_vs_pe_sip is not loaded; load them with"),
                refusal(ipvs -> ipvs.addService(SERVICE), "EEXIST", "there is a service with this key already"),
                refusal(ipvs -> ipvs.addService(SERVICE), "EINVAL", "the scheduler rr does not take this service"),
                refusal(ipvs -> ipvs.addService(SERVICE), "ENOPROTOOPT", "ip_vs is being unloaded"),
                refusal(
                        ipvs -> ipvs.addService(VirtualService.of(WEB6, Scheduler.ROUND_ROBIN)),
                        "EAFNOSUPPORT",
                        "add service tcp [fd00::10]:80 (rr): EAFNOSUPPORT: the kernel has no IPv6, or it is disabled"),
                refusal(ipvs -> ipvs.updateService(SERVICE), "ESRCH", "there is no such service; add it first"),
                refusal(
                        ipvs -> ipvs.deleteService(WEB),
                        "ESRCH",
                        "delete service tcp 10.96.0.10:80: ESRCH: there is no such service"),
                refusal(
                        ipvs -> ipvs.addService(SERVICE),
                        "EPERM",
                        "add service tcp 10.96.0.10:80 (rr): EPERM: the process lacks CAP_NET_ADMIN"));
    }

    private static Stream<Arguments> refusalsOfDestinations() {
        Destination foreign = Destination.masquerade(IpAddress.of("fd00::5"), 80);
        Destination high = new Destination(FIRST.address(), 80, Forwarding.MASQUERADE, 1, -1, 0);
        return Stream.of(
                refusal(
                        ipvs -> ipvs.addDestination(WEB, FIRST),
                        "EINVAL",
                        "add destination 10.1.0.1:8080 (masquerade, weight 1) to service tcp 10.96.0.10:80: EINVAL: the"
                                + " address must be unicast by the routing table of this network namespace, which is"
                                + " empty as long as the loopback device is down; check the address, and run"
                                + " 'ip link set lo up'"),
                refusal(ipvs -> ipvs.addDestination(WEB6, foreign), "EINVAL", "not link-local, multicast"),
                refusal(ipvs -> ipvs.addDestination(WEB, foreign), "EINVAL", "address family must be tunnelled"),
                refusal(
                        ipvs -> ipvs.addDestination(WEB, foreign.withForwarding(Forwarding.IPIP)),
                        "EINVAL",
                        "while a sync daemon runs"),
                refusal(ipvs -> ipvs.addDestination(WEB, high), "EINVAL", "thresholds up to 2147483647"),
                refusal(ipvs -> ipvs.addDestination(WEB, FIRST), "ESRCH", "add it before its destinations"),
                refusal(ipvs -> ipvs.addDestination(WEB, FIRST), "EEXIST", "has this destination already"),
                refusal(ipvs -> ipvs.addDestination(WEB, FIRST), "ERANGE", "does not take this weight"),
                refusal(ipvs -> ipvs.addDestination(WEB6, foreign), "EAFNOSUPPORT", "the kernel has no IPv6"),
                refusal(
                        ipvs -> ipvs.updateDestination(WEB, FIRST.withWeight(0)),
                        "ENOENT",
                        "update destination 10.1.0.1:8080 (masquerade, weight 0) of service tcp 10.96.0.10:80: ENOENT:"
                                + " the service has no such destination; add it first"),
                refusal(ipvs -> ipvs.updateDestination(WEB, FIRST), "EINVAL", "EINVAL: invalid argument"),
                refusal(ipvs -> ipvs.updateDestination(WEB, FIRST), "ESRCH", "there is no such service"),
                refusal(
                        ipvs -> ipvs.deleteDestination(WEB, FIRST.key()),
                        "ENOENT",
                        "delete destination 10.1.0.1:8080 of service tcp 10.96.0.10:80: ENOENT: the service has no such"
                                + " destination"),
                refusal(ipvs -> ipvs.deleteDestination(WEB, FIRST.key()), "ESRCH", "there is no such service"),
                refusal(ipvs -> ipvs.deleteDestination(WEB, foreign.key()), "EAFNOSUPPORT", "no IPv6"));
    }

    private interface Verb {
        void run(IpvsClient ipvs);
    }

    private static Arguments refusal(Verb verb, String errno, String message) {
        Errno number = Stream.of(1, 2, 3, 17, 22, 34, 92, 97)
                .map(Errno::new)
                .filter(candidate -> candidate.name().equals(errno))
                .findFirst()
                .orElseThrow();
        return Arguments.of(verb, number, message);
    }

    @ParameterizedTest(name = "{1} {2}")
    @MethodSource("refusals")
    void refusalSaysWhatItMeansAndWhatToDo(Verb verb, Errno errno, String message) {
        try (IpvsClient ipvs = open(TinyKernel.with(SERVER).refuse("", errno))) {
            ThrowingCallable call = () -> verb.run(ipvs);
            assertThatThrownBy(call)
                    .isInstanceOfSatisfying(
                            KernelRejected.class,
                            rejected -> assertThat(rejected.errno()).isEqualTo(errno))
                    .hasMessageContaining(message);
            assertThat(List.copyOf(ipvs.services())).hasSize(1);
        }
    }
}
