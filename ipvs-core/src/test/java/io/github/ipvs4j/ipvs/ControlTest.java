// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.KernelRejected;
import io.github.ipvs4j.netlink.MalformedReply;
import io.github.ipvs4j.netlink.MessageReader;
import io.github.ipvs4j.netlink.MessageWriter;
import io.github.ipvs4j.netlink.NetlinkClient;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The verbs beside single services and destinations. */
class ControlTest {
    private static final ServiceKey WEB = ServiceKey.tcp(IpAddress.of("10.96.0.10"), 80);
    private static final VirtualServer SERVER = VirtualServer.of(
            VirtualService.of(WEB, Scheduler.ROUND_ROBIN), Destination.masquerade(IpAddress.of("10.1.0.1"), 8080));
    private static final SyncDaemon MASTER = SyncDaemon.of(SyncRole.MASTER, "eth0", 7);
    private static final SyncDaemon BACKUP = SyncDaemon.of(SyncRole.BACKUP, "eth0", 7)
            .withGroup(IpAddress.of("ff02::81"))
            .withMaxLength(1400)
            .withPort(8849)
            .withTtl(3);

    private static IpvsClient open(TinyKernel kernel) {
        return IpvsClient.open(NetlinkClient.builder(NetlinkProtocol.GENERIC).transport(kernel));
    }

    private static Timeouts seconds(long tcp, long tcpFinWait, long udp) {
        return new Timeouts(Duration.ofSeconds(tcp), Duration.ofSeconds(tcpFinWait), Duration.ofSeconds(udp));
    }

    @Test
    void readsVersionAndTableSize() {
        try (IpvsClient ipvs = open(new TinyKernel())) {
            assertThat(ipvs.info().versionText()).isEqualTo("1.2.1");
            assertThat(ipvs.info().connectionTableSize()).isEqualTo(4096);
        }
    }

    @Test
    void timeoutOfZeroKeepsWhatIsSet() {
        try (IpvsClient ipvs = open(new TinyKernel())) {
            assertThat(ipvs.timeouts()).isEqualTo(seconds(900, 120, 300));

            ipvs.setTimeouts(seconds(0, 60, Timeouts.MAX.toSeconds()));

            assertThat(ipvs.timeouts()).isEqualTo(seconds(900, 60, 2_147_483));
        }
    }

    @Test
    void refusesTimeoutsThatNotEveryKernelTakesBeforeAskingOne() {
        TinyKernel kernel = new TinyKernel();
        try (IpvsClient ipvs = open(kernel)) {
            assertThatThrownBy(() -> ipvs.setTimeouts(seconds(0, 0, 2_147_484)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("udp timeout PT596H31M24S: expected whole seconds, 0 to 2147483 (0 keeps what is set)");
        }
        assertThat(kernel.changes()).isEmpty();
    }

    @Test
    void refusesTimeoutsThatAreNegativeOrHaveFractions() {
        assertThatThrownBy(() -> seconds(-1, 0, 0)).hasMessageStartingWith("tcp timeout PT-1S: expected whole seconds");
        assertThatThrownBy(() -> new Timeouts(Duration.ZERO, Duration.ofMillis(1500), Duration.ZERO))
                .hasMessageStartingWith("tcp fin wait timeout PT1.5S: expected whole seconds");
        assertThat(seconds(900, 120, 0xffff_ffffL)).hasToString("tcp 900 s, tcp fin wait 120 s, udp 4294967295 s");
    }

    @Test
    void zeroesOneServiceOrAllOfThem() {
        TinyKernel kernel = TinyKernel.with(SERVER);
        try (IpvsClient ipvs = open(kernel)) {
            ipvs.zero(WEB);
            ipvs.zero();
        }

        assertThat(kernel.changes()).containsExactly("zero tcp 10.96.0.10:80", "zero");
    }

    @Test
    void flushDeletesAllServices() {
        try (IpvsClient ipvs = open(TinyKernel.with(SERVER))) {
            ipvs.flush();

            assertThat(ipvs.services()).isEmpty();
        }
    }

    @Test
    void startsListsAndStopsOneDaemonOfEachRole() {
        try (IpvsClient ipvs = open(new TinyKernel())) {
            assertThat(ipvs.daemons()).isEmpty();
            ipvs.startDaemon(MASTER);
            ipvs.startDaemon(BACKUP);
            assertThat(ipvs.daemons()).containsExactly(MASTER, BACKUP);

            ipvs.stopDaemon(SyncRole.MASTER);
            assertThat(ipvs.daemons()).containsExactly(BACKUP);
        }
    }

    @Test
    void stopsADaemonThatTheKernelStopsWithoutAWord() {
        try (IpvsClient ipvs = open(new TinyKernel().stopsInSilence())) {
            ipvs.startDaemon(MASTER);
            ipvs.stopDaemon(SyncRole.MASTER);

            assertThat(ipvs.daemons()).isEmpty();
            assertThatThrownBy(() -> ipvs.stopDaemon(SyncRole.MASTER)).hasMessageContaining("ESRCH");
        }
    }

    @Test
    void leavesOutADaemonOfARoleThatIsUnknownHere() {
        assertThat(DaemonCodec.read(message(out -> {
                            int nest = out.beginNested(IpvsCommands.DAEMON);
                            out.u32(DaemonAttributes.STATE, 3).string(DaemonAttributes.INTERFACE, "lo");
                            out.endNested(nest);
                        })
                        .genericAttributes()))
                .isEmpty();
    }

    @Test
    void refusesAnAnswerWithoutDaemonOrWithOneWithoutInterface() {
        assertThatThrownBy(() -> DaemonCodec.read(message(out -> {}).genericAttributes()))
                .isInstanceOf(MalformedReply.class)
                .hasMessageContaining("the answer holds no sync daemon");
        assertThatThrownBy(() -> DaemonCodec.read(
                        message(out -> DaemonCodec.role(out, SyncRole.BACKUP)).genericAttributes()))
                .isInstanceOf(MalformedReply.class)
                .hasMessageContaining("interface ''");
    }

    private static MessageReader message(Consumer<MessageWriter> attributes) {
        ByteBuf bytes = Unpooled.buffer();
        MessageWriter out = new MessageWriter(bytes)
                .begin(Bytes.FAMILY, 0, 0)
                .genericHeader(IpvsCommands.NEW_DAEMON, IpvsCommands.VERSION);
        attributes.accept(out);
        out.end();
        return Bytes.message(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sixteen-letters!", "two words", "a/b"})
    void refusesWhatCannotBeAnInterface(String name) {
        assertThatThrownBy(() -> SyncDaemon.of(SyncRole.MASTER, name, 1))
                .hasMessage("interface '" + name + "': expected 1 to 15 bytes without spaces and slashes");
    }

    @Test
    void refusesDaemonValuesOutOfRange() {
        assertThatThrownBy(() -> SyncDaemon.of(SyncRole.MASTER, "lo", 256))
                .hasMessage("sync id 256: expected 0 to 255");
        assertThatThrownBy(() -> MASTER.withPort(65_536)).hasMessage("sync daemon's port 65536: expected 1 to 65535");
        assertThatThrownBy(() -> MASTER.withTtl(256)).hasMessage("sync daemon's time to live 256: expected 1 to 255");
        assertThatThrownBy(() -> MASTER.withMaxLength(0))
                .hasMessage("sync daemon's maximal length 0: expected 1 to 65535");
        assertThatThrownBy(() -> MASTER.withGroup(IpAddress.of("10.0.0.1")))
                .hasMessage("group 10.0.0.1: expected a multicast address, such as 224.0.0.81 or ff02::81");
    }

    private interface Verb {
        void run(IpvsClient ipvs);
    }

    private static Arguments refusal(Verb verb, int errno, String message) {
        return Arguments.of(verb, errno, message);
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                refusal(
                        ipvs -> ipvs.startDaemon(MASTER),
                        17,
                        "start master sync daemon on eth0: EEXIST: a master daemon is running already; stop it first"),
                refusal(ipvs -> ipvs.startDaemon(MASTER), 19, "ENODEV: this network namespace has no interface eth0"),
                refusal(ipvs -> ipvs.startDaemon(MASTER), 22, "a destination of the other address family"),
                refusal(ipvs -> ipvs.startDaemon(MASTER), 98, "another program uses the daemon's UDP port"),
                refusal(ipvs -> ipvs.startDaemon(MASTER), 99, "the interface eth0 has no address"),
                refusal(
                        ipvs -> ipvs.stopDaemon(SyncRole.BACKUP),
                        3,
                        "stop backup sync daemon: ESRCH: no backup daemon is running"),
                refusal(
                        ipvs -> ipvs.setTimeouts(seconds(1, 2, 3)),
                        22,
                        "set timeouts (tcp 1 s, tcp fin wait 2 s, udp 3 s): EINVAL: a timeout is too long for this"
                                + " kernel; none was changed"),
                refusal(
                        ipvs -> ipvs.zero(WEB),
                        3,
                        "zero statistics of service tcp 10.96.0.10:80: ESRCH: there is no such service"),
                refusal(IpvsClient::zero, 1, "zero all statistics: EPERM: the process lacks CAP_NET_ADMIN"),
                refusal(IpvsClient::flush, 1, "delete all services: EPERM: the process lacks CAP_NET_ADMIN"));
    }

    @ParameterizedTest(name = "{1} {2}")
    @MethodSource("refusals")
    void refusalSaysWhatItMeansAndWhatToDo(Verb verb, int errno, String message) {
        try (IpvsClient ipvs = open(TinyKernel.with(SERVER).refuse("", new Errno(errno)))) {
            assertThatThrownBy(() -> verb.run(ipvs))
                    .isInstanceOfSatisfying(
                            KernelRejected.class,
                            rejected -> assertThat(rejected.errno().number()).isEqualTo(errno))
                    .hasMessageContaining(message);
        }
    }
}
