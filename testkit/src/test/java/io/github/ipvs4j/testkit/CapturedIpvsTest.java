// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.ipvs.Destination;
import io.github.ipvs4j.ipvs.DestinationKey;
import io.github.ipvs4j.ipvs.Granularity;
import io.github.ipvs4j.ipvs.IpvsClient;
import io.github.ipvs4j.ipvs.Scheduler;
import io.github.ipvs4j.ipvs.ServiceKey;
import io.github.ipvs4j.ipvs.VirtualService;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.NetlinkClient;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests that ipvsadm sent to a real kernel get the answers that it gave. */
class CapturedIpvsTest {
    /** What sockets of ipvsadm are like. */
    private static final SocketFeatures PLAIN = new SocketFeatures(false, false, false);

    private final SimulatedKernel kernel =
            SimulatedKernel.builder().features(PLAIN).build();

    private RawSocket socket() {
        return new RawSocket(kernel, NetlinkProtocol.GENERIC);
    }

    private byte[] only(List<byte[]> answers) {
        assertThat(answers).hasSize(1);
        return answers.get(0);
    }

    @ParameterizedTest
    @CsvSource({"genl-getfamily-ipvs", "ipvs-get-info"})
    void answersQuestionsByteForByte(String name) {
        try (RawSocket socket = socket()) {
            List<byte[]> answers = socket.ask(Bytes.vector(name + ".req"));
            byte[] answer = answers.get(0);
            assertThat(Bytes.hex(Bytes.normalised(answer)))
                    .isEqualTo(Bytes.hex(Bytes.normalised(Bytes.vector(name + ".rsp"))));
            assertThat(HostOrder.i32(answer, NetlinkNumbers.HEADER_PORT_ID)).isEqualTo(socket.portId());
            assertThat(answers).hasSize(2);
            assertThat(Bytes.error(answers.get(1)))
                    .as("the acknowledgement that was asked for")
                    .isZero();
        }
    }

    @Test
    void acknowledgesAndRefusesByteForByte() {
        try (RawSocket socket = socket()) {
            byte[] request = Bytes.vector("ipvs-new-service-tcp.req");
            byte[] acknowledgement = only(socket.ask(request));
            assertThat(Bytes.hex(Bytes.normalised(acknowledgement)))
                    .isEqualTo(Bytes.hex(Bytes.normalised(Bytes.vector("nl-ack-ok.rsp"))));
            byte[] refusal = only(socket.ask(request));
            assertThat(Bytes.hex(Bytes.normalised(refusal)))
                    .isEqualTo(Bytes.hex(Bytes.normalised(Bytes.vector("ipvs-new-service-eexist.rsp"))));
        }
    }

    @Test
    void refusesToSetAnUnknownDestinationByteForByte() {
        try (RawSocket socket = socket()) {
            socket.ask(Bytes.vector("ipvs-new-service-tcp.req"));
            byte[] captured = Bytes.vector("ipvs-set-dest-enoent.rsp");
            byte[] refusal = only(socket.ask(Bytes.echoed(captured)));
            assertThat(Bytes.hex(Bytes.normalised(refusal))).isEqualTo(Bytes.hex(Bytes.normalised(captured)));
        }
    }

    @Test
    void takesAllChangesOfIpvsadm() {
        try (RawSocket socket = socket()) {
            for (String name : List.of(
                    "ipvs-new-service-tcp",
                    "ipvs-new-service-v6-persistent",
                    "ipvs-new-service-fwmark-ops",
                    "ipvs-new-service-udp-pe",
                    "ipvs-set-service",
                    "ipvs-new-dest-masq",
                    "ipvs-new-dest-gue")) {
                assertThat(socket.errorsOf(Bytes.vector(name + ".req")))
                        .as(name)
                        .containsExactly(0);
            }
            assertThat(kernel.ipvs().save()).isEqualTo("""
                    -A -t 10.0.0.1:80 -s wlc -p 120 -M 255.255.255.0
                    -a -t 10.0.0.1:80 -r 10.1.0.5:8080 -m -w 3 -x 100 -y 50
                    -a -t 10.0.0.1:80 -r 10.1.0.7:80 -i --tun-type gue --tun-port 6080 --tun-csum -w 1
                    -A -u 10.0.0.1:5060 -s rr -p 60 --pe sip
                    -A -f 4660 -s wrr -o
                    -A -t [fd00::1]:443 -s wlc -p 360 -M 64
                    """);
            assertThat(socket.errorsOf(Bytes.vector("ipvs-del-dest.req"))).containsExactly(ErrorNumbers.ENOENT);
            assertThat(socket.errorsOf(Bytes.vector("ipvs-flush.req"))).containsExactly(0);
        }
        assertThat(kernel.ipvs().save()).isEmpty();
    }

    @Test
    void setsAndTellsTheTimeouts() {
        try (RawSocket socket = socket()) {
            assertThat(socket.errorsOf(Bytes.vector("ipvs-set-config.req"))).containsExactly(0);
            byte[] answer = only(socket.ask(Bytes.ipvs(IpvsNumbers.GET_CONFIG, Bytes.REQUEST, 1, out -> {})));
            assertThat(Bytes.hex(Bytes.normalised(answer)))
                    .isEqualTo(Bytes.hex(Bytes.normalised(Bytes.vector("ipvs-get-config.rsp"))));
        }
    }

    @Test
    void startsAndListsADaemonByteForByte() {
        try (RawSocket socket = socket()) {
            assertThat(socket.errorsOf(Bytes.vector("ipvs-new-daemon.req"))).containsExactly(0);
            byte[] listed = socket.ask(Bytes.ipvs(IpvsNumbers.GET_DAEMON, Bytes.REQUEST | Bytes.DUMP, 1, out -> {}))
                    .get(0);
            assertThat(Bytes.hex(Bytes.blanked(Bytes.normalised(listed), 4, 2)))
                    .isEqualTo(Bytes.hex(Bytes.blanked(Bytes.normalised(Bytes.vector("ipvs-get-daemon.rsp")), 4, 2)));
        }
    }

    @ParameterizedTest
    @CsvSource({"true, ipvs-get-services-pad", "false, ipvs-get-services-nopad"})
    void listsServicesByteForByteButForStatistics(boolean aligned, String captured) {
        SimulatedKernel.Builder builder = SimulatedKernel.builder();
        SimulatedKernel one = aligned ? builder.aligned().build() : builder.build();
        addPersistentDns(one);
        try (RawSocket socket = new RawSocket(one, NetlinkProtocol.GENERIC)) {
            List<byte[]> answers = socket.ask(Bytes.vector("ipvs-get-services.req"));
            assertThat(answers).hasSize(2);
            // The captures are of kernels with different family numbers.
            assertThat(comparable(answers.get(0))).isEqualTo(comparable(Bytes.vector(captured + ".rsp")));
            assertThat(Bytes.hex(Bytes.normalised(answers.get(1))))
                    .isEqualTo(Bytes.hex(Bytes.normalised(Bytes.vector("nl-dump-done.rsp"))));
            byte[] single = socket.ask(Bytes.vector("ipvs-get-service-one.req")).get(0);
            assertThat(Bytes.flags(single)).isZero();
            assertThat(comparable(single).substring(16))
                    .isEqualTo(comparable(answers.get(0)).substring(16));
        }
    }

    @Test
    void listsDestinationsByteForByteButForStatistics() {
        SimulatedKernel one = SimulatedKernel.builder().aligned().build();
        addPersistentDns(one);
        try (RawSocket socket = new RawSocket(one, NetlinkProtocol.GENERIC)) {
            List<byte[]> answers = socket.ask(Bytes.vector("ipvs-get-dests.req"));
            assertThat(answers).hasSize(2);
            assertThat(comparable(answers.get(0))).isEqualTo(comparable(Bytes.vector("ipvs-get-dests-pad.rsp")));
        }
    }

    private static void addPersistentDns(SimulatedKernel kernel) {
        ServiceKey dns = ServiceKey.udp(IpAddress.of("10.0.0.1"), 53);
        NetlinkClient.Builder settings =
                NetlinkClient.builder(NetlinkProtocol.GENERIC).transport(kernel.transports());
        try (IpvsClient ipvs = IpvsClient.open(settings)) {
            ipvs.addService(VirtualService.of(dns, Scheduler.WEIGHTED_LEAST_CONNECTION)
                    .withPersistence(Duration.ofMinutes(5), Granularity.prefix(24)));
            ipvs.addDestination(
                    dns,
                    Destination.masquerade(IpAddress.of("10.9.0.1"), 5353)
                            .withWeight(7)
                            .withThresholds(2000, 1000));
        }
        kernel.ipvs().setConnections(dns, new DestinationKey(IpAddress.of("10.9.0.1"), 5353), 0, 3, 1);
    }

    /** Returns the bytes with family, sequence, port id and all statistics cleared. */
    private static String comparable(byte[] message) {
        byte[] copy = Bytes.blanked(Bytes.normalised(message), 4, 2);
        int end = 20 + HostOrder.u16(copy, 20);
        for (int at = 24; at < end; at += NetlinkNumbers.align(HostOrder.u16(copy, at))) {
            int type = HostOrder.u16(copy, at + 2);
            if (type == IpvsNumbers.SVC_STATS || type == IpvsNumbers.SVC_STATS64) {
                clearValues(copy, at + 4, at + HostOrder.u16(copy, at));
            }
        }
        return Bytes.hex(copy);
    }

    private static void clearValues(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at += HostOrder.u16(bytes, at)) {
            Arrays.fill(bytes, at + 4, at + HostOrder.u16(bytes, at), (byte) 0);
        }
    }
}
