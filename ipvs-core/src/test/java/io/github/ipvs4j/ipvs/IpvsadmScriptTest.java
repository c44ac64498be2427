// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IpvsadmScriptTest {
    private static final IpAddress V4 = IpAddress.of("10.0.0.1");
    private static final IpAddress POD = IpAddress.of("10.1.0.5");
    private static final ServiceKey WEB = ServiceKey.tcp(V4, 80);
    private static final VirtualService WEB_RR = VirtualService.of(WEB, Scheduler.ROUND_ROBIN);

    @Test
    void readsWhatIpvsadmSaves() {
        String saved = """
                -A -t 10.0.0.1:80 -s rr -p 10800
                -a -t 10.0.0.1:80 -r 10.1.0.5:8080 -m -w 3
                -a -t 10.0.0.1:80 -r [fd00::5]:80 -i -w 1 --tun-type ipip
                -A -u 10.0.0.1:5060 -s mh -p 60 -M 255.255.255.0 --pe sip -o -b mh-fallback,mh-port
                -A --sctp-service [fd00::1]:80 -s rr -p 120 -M 64
                -A -f 4660 -s wlc
                -a -f 4660 -r 10.1.0.5:0 -g -w 0
                -a -f 4660 -r 10.1.0.6:0 -i -w 1 --tun-type gue --tun-port 6080 --tun-csum
                -a -f 4660 -r 10.1.0.7:0 -i -w 1 --tun-type gre --tun-nocsum
                -A -f 17 -6 -s sh -b sh-port,flag-3
                """;

        IpvsState state = IpvsadmScript.parse(saved);

        ServiceKey mark = ServiceKey.firewallMark(IpFamily.IPV4, 4660);
        assertThat(state)
                .isEqualTo(IpvsState.of(
                        VirtualServer.of(
                                WEB_RR.withPersistence(Duration.ofHours(3)),
                                Destination.masquerade(POD, 8080).withWeight(3),
                                Destination.of(IpAddress.of("fd00::5"), 80, Forwarding.IPIP)),
                        VirtualServer.of(VirtualService.of(ServiceKey.udp(V4, 5060), Scheduler.MAGLEV_HASHING)
                                .withPersistence(Duration.ofSeconds(60), Granularity.prefix(24))
                                .withPersistenceEngine("sip")
                                .withFlags(new ServiceFlags(0x1c))),
                        VirtualServer.of(
                                VirtualService.of(ServiceKey.sctp(IpAddress.of("fd00::1"), 80), Scheduler.ROUND_ROBIN)
                                        .withPersistence(Duration.ofSeconds(120), Granularity.prefix(64))),
                        VirtualServer.of(
                                VirtualService.of(mark, Scheduler.WEIGHTED_LEAST_CONNECTION),
                                Destination.directRoute(POD, 0).withWeight(0),
                                Destination.of(
                                        IpAddress.of("10.1.0.6"), 0, Forwarding.gue(6080, Forwarding.Checksum.FULL)),
                                Destination.of(IpAddress.of("10.1.0.7"), 0, Forwarding.gre(Forwarding.Checksum.NONE))),
                        VirtualServer.of(
                                VirtualService.of(ServiceKey.firewallMark(IpFamily.IPV6, 17), Scheduler.SOURCE_HASHING)
                                        .withFlags(new ServiceFlags(0x30)))));
        assertThat(IpvsadmScript.save(state)).isEqualTo(saved);
    }

    @Test
    void readsWhatIsLeftOutAsIpvsadmDoes() {
        assertThat(IpvsadmScript.parse("-A -t 10.0.0.1:80 -p\n-a -t 10.0.0.1:80 -r 10.1.0.5\n-A -u 10.0.0.1"))
                .isEqualTo(IpvsState.of(
                        VirtualServer.of(
                                VirtualService.of(WEB, Scheduler.WEIGHTED_LEAST_CONNECTION)
                                        .withPersistence(Duration.ofSeconds(300)),
                                Destination.directRoute(POD, 80)),
                        VirtualServer.of(
                                VirtualService.of(ServiceKey.udp(V4, 0), Scheduler.WEIGHTED_LEAST_CONNECTION))));
    }

    @Test
    void readsLongOptionsJoinedArgumentsCommentsAndTheNameOfTheProgram() {
        assertThat(IpvsadmScript.parse("# saved\r\n\n/sbin/ipvsadm --add-service --tcp-service=10.0.0.1:80 -srr\r\n"
                        + "\tipvsadm -at10.0.0.1:80 --real-server 10.1.0.5:8080 -mw=3  # a comment\n"))
                .isEqualTo(IpvsState.of(VirtualServer.of(
                        WEB_RR, Destination.masquerade(POD, 8080).withWeight(3))));
    }

    @Test
    void readsALargeFirewallMarkAlsoAsTheNegativeNumberThatIpvsadmSaves() {
        IpvsState state = IpvsState.of(
                VirtualServer.of(VirtualService.of(ServiceKey.firewallMark(IpFamily.IPV4, -2), Scheduler.ROUND_ROBIN)));

        assertThat(IpvsadmScript.parse("-A -f -2 -s rr")).isEqualTo(state);
        assertThat(IpvsadmScript.parse("-A -f 4294967294 -s rr")).isEqualTo(state);
    }

    @Test
    void savesNoThresholdsButPrintsThemForRestore() {
        IpvsState state = IpvsState.of(
                VirtualServer.of(WEB_RR, Destination.masquerade(POD, 8080).withThresholds(100, 50)));

        assertThat(IpvsadmScript.save(state)).doesNotContain("-x").doesNotContain("-y");
        assertThat(IpvsadmScript.parse(state.toString())).isEqualTo(state);
    }

    @Test
    void readsAPlanAgainstTheTableToWhichItApplies() {
        Destination pod = Destination.masquerade(POD, 8080);
        IpvsState actual = IpvsState.of(VirtualServer.of(WEB_RR, pod));
        String lines = """
                -E -t 10.0.0.1:80 -s wrr
                -a -t 10.0.0.1:80 -r 10.1.0.6:8080 -m
                -e -t 10.0.0.1:80 -r 10.1.0.5:8080 -m -w 0
                -d -t 10.0.0.1:80 -r 10.1.0.5:8080
                -D -t 10.0.0.1:80
                """;

        VirtualService weighted = WEB_RR.withScheduler(Scheduler.WEIGHTED_ROUND_ROBIN);
        Destination other = Destination.masquerade(IpAddress.of("10.1.0.6"), 8080);
        assertThat(IpvsadmScript.parsePlan(lines, actual).changes())
                .isEqualTo(List.of(
                        new Change.UpdateService(WEB_RR, weighted),
                        new Change.AddDestination(WEB, other),
                        new Change.UpdateDestination(WEB, pod, pod.withWeight(0)),
                        new Change.DeleteDestination(WEB, pod.withWeight(0)),
                        new Change.DeleteService(VirtualServer.of(weighted, other))));
        assertThat(IpvsadmScript.parsePlan("-C", actual).changes())
                .isEqualTo(List.of(new Change.DeleteService(VirtualServer.of(WEB_RR, pod))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "-Z | 1 | '-Z' is not an option of a command that changes services or destinations",
                "-A -Q | 4 | '-Q' is not an option of a command",
                "-A --set=5 | 4 | '--set' is not an option of a command",
                "-t 10.0.0.1:80 -A | 1 | '-t': expected a command first, one of -A -E -D -C -a -e -d",
                "what | 1 | 'what': expected an option",
                "-A -D | 4 | '-D': there is a command already, -A",
                "-D -t 10.0.0.1:80 -s rr | 19 | '-s' does not go with -D",
                "-A -t 10.0.0.1:80 -s rr -s rr | 25 | '-s' is there twice",
                "-A -t | 4 | '-t' needs an argument",
                "-A --ops=1 | 10 | '--ops' takes no argument",
                "-A -s rr | 1 | -A needs a service, one of -t -u --sctp-service -f",
                "-A -t 10.0.0.1:80 -f 4 | 22 | -f does not go with -t",
                "-A -t 10.0.0.1:80 -6 | 19 | -6 goes with -f alone",
                "-A -t www:80 | 7 | address 'www': expected an IPv4 address",
                "-A -t 10.0.0.1:http | 16 | 'http': expected a number from 0 to 65535",
                "-A -t fd00::1:80 | 7 | 'fd00::1:80': expected an IPv6 address in brackets",
                "-A -t [fd00::1:80 | 7 | '[fd00::1:80': the bracket is not closed",
                "-A -t [10.0.0.1]:80 | 8 | '10.0.0.1': expected an IPv6 address in brackets",
                "-A -t [fd00::1]80 | 16 | '80': expected a colon and a port",
                "-A -f 0 | 7 | '0': expected a number from 1 to 4294967295",
                "-A -f 4294967296 | 7 | '4294967296': expected a number from 1 to 4294967295",
                "-A -t 10.0.0.1:80 -s sixteen-letters! | 22 | scheduler 'sixteen-letters!': expected 1 to 15",
                "-A -t 10.0.0.1:80 -s sh -b sh-port,mh-port | 36 | 'mh-port' is not a flag of the scheduler sh",
                "-A -t 10.0.0.1:80 -p x | 22 | 'x': expected a number from 0 to 4294967295",
                "-A -t [fd00::1]:80 -M 129 | 23 | '129': expected a number from 1 to 128",
                "-A -t 10.0.0.1:80 -M ff02::1 | 22 | mask ff02::1: IPv6 knows prefixes only",
                "-D -t 10.0.0.1:80 | 1 | there is no service tcp 10.0.0.1:80",
                "-a -t 10.0.0.1:80 -r 10.1.0.5 | 1 | there is no service tcp 10.0.0.1:80"
            })
    void saysWhereALineIsWrongAndWhy(String line, int column, String problem) {
        assertThatThrownBy(() -> IpvsadmScript.parse("# first\n" + line))
                .isInstanceOfSatisfying(IpvsadmSyntaxException.class, wrong -> {
                    assertThat(wrong.line()).isEqualTo(2);
                    assertThat(wrong.column()).isEqualTo(column);
                })
                .hasMessageContaining("line 2, column " + column + ": " + problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "-A -t 10.0.0.1:80 | 1 | service tcp 10.0.0.1:80 is there already",
                "-a -t 10.0.0.1:80 | 1 | -a needs -r",
                "-a -t 10.0.0.1:80 -r 10.1.0.5:80 | 22 | service tcp 10.0.0.1:80 has the destination 10.1.0.5:80",
                "-e -t 10.0.0.1:80 -r 10.1.0.5:81 | 22 | service tcp 10.0.0.1:80 has no destination 10.1.0.5:81",
                "-d -t 10.0.0.1:80 -r 10.1.0.5:81 | 22 | service tcp 10.0.0.1:80 has no destination 10.1.0.5:81",
                "-a -t 10.0.0.1:80 -r 10.1.0.6 -m -g | 31 | -m does not go with -g",
                "-a -t 10.0.0.1:80 -r 10.1.0.6 -m --tun-csum | 34 | --tun-csum needs -i",
                "-a -t 10.0.0.1:80 -r 10.1.0.6 -i --tun-csum | 34 | --tun-csum needs --tun-type gue or gre",
                "-a -t 10.0.0.1:80 -r 10.1.0.6 -i --tun-port 5 | 45 | --tun-port needs --tun-type gue",
                "-a -t 10.0.0.1:80 -r 10.1.0.6 -i --tun-type gue | 1 | -a needs --tun-port",
                "-a -t 10.0.0.1:80 -r 10.1.0.6 -i --tun-type vxlan | 45 | 'vxlan': expected ipip, gue or gre",
                "-a -t 10.0.0.1:80 -r 10.1.0.6 -w 2147483648 | 34 | '2147483648': expected a number from 0 to",
                "-a -t 10.0.0.1:80 -r 10.1.0.6 -x 1 -y 2 | 1 | lower threshold 2: expected at most the upper threshold",
                "-e -t 10.0.0.1:80 -r 10.1.0.6 -s rr | 31 | '-s' does not go with -e",
                "-C -r 10.1.0.6 | 4 | '-r' does not go with -C"
            })
    void saysWhereALineDoesNotFitTheTable(String line, int column, String problem) {
        IpvsState table = IpvsState.of(VirtualServer.of(WEB_RR, Destination.masquerade(POD, 80)));

        assertThatThrownBy(() -> IpvsadmScript.parsePlan(line, table))
                .isInstanceOf(IpvsadmSyntaxException.class)
                .hasMessageContaining("line 1, column " + column + ": " + problem);
    }
}
