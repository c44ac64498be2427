// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class IpvsadmTextTest {
    private static final IpAddress V4 = IpAddress.of("10.0.0.1");
    private static final IpAddress POD = IpAddress.of("10.1.0.5");
    private static final ServiceKey WEB = ServiceKey.tcp(V4, 80);
    private static final VirtualService WEB_RR = VirtualService.of(WEB, Scheduler.ROUND_ROBIN);

    @Test
    void printsEveryChangeAsALineThatIpvsadmRestores() {
        Destination before = Destination.masquerade(POD, 8080);
        Plan plan = Plan.of(List.of(
                new Change.AddService(WEB_RR),
                new Change.AddDestination(WEB, before.withWeight(3).withThresholds(100, 50)),
                new Change.UpdateService(
                        WEB_RR, VirtualService.of(WEB, Scheduler.MAGLEV_HASHING).withFlags(ServiceFlags.MAGLEV_PORT)),
                new Change.UpdateDestination(WEB, before, before.withWeight(0)),
                new Change.DeleteDestination(WEB, before),
                new Change.DeleteService(VirtualServer.of(WEB_RR))));

        assertThat(plan).hasToString("""
                        -A -t 10.0.0.1:80 -s rr
                        -a -t 10.0.0.1:80 -r 10.1.0.5:8080 -m -w 3 -x 100 -y 50
                        -E -t 10.0.0.1:80 -s mh -b mh-port
                        -e -t 10.0.0.1:80 -r 10.1.0.5:8080 -m -w 0
                        -d -t 10.0.0.1:80 -r 10.1.0.5:8080
                        -D -t 10.0.0.1:80
                        """);
    }

    @Test
    void printsEveryKindOfService() {
        IpvsState state = IpvsState.of(
                server(
                        ServiceKey.udp(V4, 5060),
                        service ->
                                service.withPersistence(Duration.ofSeconds(60)).withPersistenceEngine("sip")),
                server(
                        ServiceKey.sctp(V4, 80),
                        service -> service.withPersistence(Duration.ofSeconds(120), Granularity.prefix(24))),
                server(
                        ServiceKey.tcp(V4, 81),
                        service -> service.withPersistence(
                                Duration.ofSeconds(120), Granularity.mask(IpAddress.of("255.0.255.0")))),
                server(
                        ServiceKey.tcp(IpAddress.of("fd00::1"), 443),
                        service -> service.withPersistence(Duration.ofSeconds(360), Granularity.prefix(64))),
                server(
                        ServiceKey.firewallMark(IpFamily.IPV4, 4660),
                        service -> service.withFlags(ServiceFlags.ONE_PACKET)),
                server(
                        ServiceKey.firewallMark(IpFamily.IPV6, -1),
                        service -> service.withScheduler(Scheduler.SOURCE_HASHING)
                                .withFlags(ServiceFlags.SOURCE_HASH_FALLBACK.plus(ServiceFlags.SOURCE_HASH_PORT))),
                server(ServiceKey.tcp(V4, 82), service -> service.withFlags(new ServiceFlags(0x38))),
                server(new ServiceKey.OtherProtocol(47, V4, 1), service -> service));

        assertThat(state).hasToString("""
                        -A -u 10.0.0.1:5060 -s rr -p 60 --pe sip
                        -A --sctp-service 10.0.0.1:80 -s rr -p 120 -M 255.255.255.0
                        -A -t 10.0.0.1:81 -s rr -p 120 -M 255.0.255.0
                        -A -t [fd00::1]:443 -s rr -p 360 -M 64
                        -A -f 4660 -s rr -o
                        -A -f 4294967295 -6 -s sh -b sh-fallback,sh-port
                        -A -t 10.0.0.1:82 -s rr -b flag-1,flag-2,flag-3
                        # -A protocol 47 10.0.0.1:1 -s rr
                        """);
    }

    private static VirtualServer server(ServiceKey key, UnaryOperator<VirtualService> change) {
        return VirtualServer.of(change.apply(VirtualService.of(key, Scheduler.ROUND_ROBIN)));
    }

    @Test
    void printsEveryKindOfForwarding() {
        IpvsState state = IpvsState.of(VirtualServer.of(
                WEB_RR,
                Destination.masquerade(POD, 1),
                Destination.directRoute(POD, 2),
                Destination.of(IpAddress.of("fd00::5"), 3, Forwarding.IPIP),
                Destination.of(POD, 4, Forwarding.gue(6080, Forwarding.Checksum.FULL)),
                Destination.of(POD, 5, Forwarding.gre(Forwarding.Checksum.NONE)),
                Destination.of(POD, 6, Forwarding.gue(1, Forwarding.Checksum.REMOTE)),
                Destination.of(POD, 7, new Forwarding.Unrecognised(4, 0, 0, 0))));

        assertThat(state).hasToString("""
                        -A -t 10.0.0.1:80 -s rr
                        -a -t 10.0.0.1:80 -r 10.1.0.5:1 -m -w 1
                        -a -t 10.0.0.1:80 -r 10.1.0.5:2 -g -w 1
                        -a -t 10.0.0.1:80 -r [fd00::5]:3 -i -w 1 --tun-type ipip
                        -a -t 10.0.0.1:80 -r 10.1.0.5:4 -i -w 1 --tun-type gue --tun-port 6080 --tun-csum
                        -a -t 10.0.0.1:80 -r 10.1.0.5:5 -i -w 1 --tun-type gre --tun-nocsum
                        -a -t 10.0.0.1:80 -r 10.1.0.5:6 -i -w 1 --tun-type gue --tun-port 1 --tun-remcsum
                        # -a -t 10.0.0.1:80 -r 10.1.0.5:7 forwarding method 4 -w 1
                        """);
    }

    @Test
    void describesEveryChangeInWords() {
        Destination pod = Destination.masquerade(POD, 8080);
        assertThat(List.of(
                        new Change.AddService(WEB_RR),
                        new Change.UpdateService(WEB_RR, WEB_RR),
                        new Change.DeleteService(VirtualServer.of(WEB_RR, pod)),
                        new Change.AddDestination(WEB, pod),
                        new Change.UpdateDestination(WEB, pod, pod.withWeight(0)),
                        new Change.DeleteDestination(WEB, pod)))
                .extracting(Change::describe)
                .containsExactly(
                        "add service tcp 10.0.0.1:80 (rr)",
                        "update service tcp 10.0.0.1:80 (rr)",
                        "delete service tcp 10.0.0.1:80",
                        "add destination 10.1.0.5:8080 (masquerade, weight 1) to service tcp 10.0.0.1:80",
                        "update destination 10.1.0.5:8080 (masquerade, weight 0) of service tcp 10.0.0.1:80",
                        "delete destination 10.1.0.5:8080 of service tcp 10.0.0.1:80");
    }
}
