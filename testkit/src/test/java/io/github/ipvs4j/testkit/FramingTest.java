// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.netlink.SocketFailed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a datagram of several messages is gone through, damage included. */
class FramingTest {
    private final SimulatedKernel kernel = SimulatedKernel.create();

    private static byte[] lookUp(int sequence, int flags, String name) {
        return Bytes.message(
                GenericNumbers.CONTROLLER,
                flags,
                sequence,
                out -> out.genericHeader(GenericNumbers.GET_FAMILY, 1).string(GenericNumbers.FAMILY_NAME, name));
    }

    private static byte[] unknown(int sequence, int flags) {
        return lookUp(sequence, flags | Bytes.REQUEST, "nosuch");
    }

    private List<Integer> answered(byte[]... messages) {
        List<Integer> sequences = new ArrayList<>();
        try (RawSocket socket = new RawSocket(kernel, NetlinkProtocol.GENERIC)) {
            socket.ask(Bytes.join(messages)).forEach(answer -> sequences.add(Bytes.sequence(answer)));
        }
        kernel.assertQuiescent();
        return sequences;
    }

    @Test
    void tellsEveryErrorAndGoesOn() {
        assertThat(answered(unknown(1, 0), lookUp(2, Bytes.REQUEST, "IPVS"), unknown(3, Bytes.ACK)))
                .containsExactly(1, 2, 3);
    }

    @Test
    void staysSilentWithoutAnAcknowledgementWanted() {
        byte[] flush = Bytes.ipvs(IpvsNumbers.FLUSH, Bytes.REQUEST, 1, out -> {});
        byte[] last = Bytes.ipvs(IpvsNumbers.FLUSH, Bytes.REQUEST | Bytes.ACK, 2, out -> {});
        assertThat(answered(flush, flush, flush)).isEmpty();
        assertThat(answered(flush, flush, last)).containsExactly(2);
    }

    @Test
    void dropsTheRestBehindALengthThatIsTooSmallOrTooLarge() {
        for (int length : new int[] {0, 15, -1, 4096, Integer.MAX_VALUE}) {
            byte[] damaged = unknown(2, Bytes.ACK);
            HostOrder.i32(damaged, 0, length);
            assertThat(answered(unknown(1, 0), damaged, unknown(3, Bytes.ACK)))
                    .as("length %d", length)
                    .containsExactly(1);
        }
    }

    @Test
    void takesStrayZerosForTheEnd() {
        assertThat(answered(unknown(1, 0), new byte[4], unknown(2, Bytes.ACK))).containsExactly(1);
    }

    @Test
    void needsNoPaddingBehindTheLastMessage() {
        byte[] message = unknown(2, 0);
        byte[] unpadded = Arrays.copyOf(message, message.length - 1);
        HostOrder.i32(unpadded, 0, unpadded.length);
        assertThat(answered(unknown(1, 0), unpadded)).containsExactly(1, 2);
    }

    @Test
    void acknowledgesWithoutExecutingWhatIsNoRequest() {
        byte[] noRequest = lookUp(1, Bytes.ACK, "nosuch");
        byte[] control = Bytes.message(1, Bytes.REQUEST | Bytes.ACK, 2, out -> {});
        assertThat(answered(noRequest, lookUp(9, 0, "nosuch"), control)).containsExactly(1, 2);
        try (RawSocket socket = new RawSocket(kernel, NetlinkProtocol.GENERIC)) {
            assertThat(socket.errorsOf(noRequest)).containsExactly(0);
        }
    }

    @Test
    void refusesDatagramsThatNoSocketSends() {
        try (RawSocket socket = new RawSocket(kernel, NetlinkProtocol.GENERIC)) {
            assertThatExceptionOfType(SocketFailed.class)
                    .isThrownBy(() -> socket.send(new byte[0]))
                    .withMessageContaining("ENODATA");
            assertThatExceptionOfType(SocketFailed.class)
                    .isThrownBy(() -> socket.send(new byte[(1 << 20) + 1]))
                    .withMessageContaining("EMSGSIZE");
        }
    }

    @Test
    void refusesToWorkAfterItWasClosed() {
        RawSocket socket = new RawSocket(kernel, NetlinkProtocol.ROUTE);
        socket.close();
        socket.close();
        assertThatExceptionOfType(SocketFailed.class)
                .isThrownBy(socket::receive)
                .withMessageContaining("EBADF");
    }

    @Test
    void echoesTheHeaderOrAllAsTheSocketWants() {
        byte[] request = unknown(1, 0);
        for (boolean capped : new boolean[] {true, false}) {
            SimulatedKernel one = SimulatedKernel.builder()
                    .features(new SocketFeatures(capped, false, false))
                    .build();
            try (RawSocket socket = new RawSocket(one, NetlinkProtocol.GENERIC)) {
                byte[] error = socket.ask(request).get(0);
                assertThat(Bytes.flags(error)).isEqualTo(capped ? NetlinkNumbers.FLAG_CAPPED : 0);
                assertThat(Bytes.echoed(error)).hasSize(capped ? NetlinkNumbers.HEADER_SIZE : request.length);
            }
        }
    }

    @Test
    void explainsBehindTheWholeEchoWhatHasNoFullWords() {
        SimulatedKernel one = SimulatedKernel.builder()
                .features(new SocketFeatures(false, true, false))
                .build();
        // A family name without NUL: 16 + 4 + 4 + 3 bytes, one of padding, then the explanation.
        byte[] request = Bytes.message(
                GenericNumbers.CONTROLLER,
                Bytes.REQUEST,
                1,
                out -> out.genericHeader(GenericNumbers.GET_FAMILY, 1)
                        .bytes(GenericNumbers.FAMILY_NAME, new byte[] {'a', 'b', 'c'}));
        HostOrder.i32(request, 0, 27);
        try (RawSocket socket = new RawSocket(one, NetlinkProtocol.GENERIC)) {
            byte[] error = socket.ask(request).get(0);
            assertThat(Bytes.error(error)).isEqualTo(ErrorNumbers.EINVAL);
            int explanation = 20 + 28;
            assertThat(HostOrder.u16(error, explanation + 2)).isEqualTo(NetlinkNumbers.ACK_MESSAGE);
            int offset = explanation + NetlinkNumbers.align(HostOrder.u16(error, explanation));
            assertThat(HostOrder.u16(error, offset + 2)).isEqualTo(NetlinkNumbers.ACK_OFFSET);
            assertThat(HostOrder.i32(error, offset + 4)).isEqualTo(20);
        }
    }

    @Test
    void warnsOfLeftoverBytesInTheAcknowledgement() {
        byte[] request = Bytes.ipvs(IpvsNumbers.FLUSH, Bytes.REQUEST | Bytes.ACK, 1, out -> out.headerU16(1));
        try (RawSocket socket = new RawSocket(kernel, NetlinkProtocol.GENERIC)) {
            byte[] acknowledgement = socket.ask(request).get(0);
            assertThat(Bytes.error(acknowledgement)).isZero();
            assertThat(new String(acknowledgement, StandardCharsets.US_ASCII))
                    .contains("bytes leftover after parsing attributes");
        }
    }

    @Test
    void answersOnlyTheFirstMessageWithoutTheCapabilityInNetfilter() {
        SimulatedKernel poor = SimulatedKernel.builder().withoutCapability().build();
        byte[] ask = Bytes.vector("ipset-protocol.req");
        try (RawSocket socket = new RawSocket(poor, NetlinkProtocol.NETFILTER)) {
            assertThat(socket.errorsOf(Bytes.join(ask, ask))).containsExactly(ErrorNumbers.EPERM);
        }
        byte[] flush = Bytes.ipvs(IpvsNumbers.FLUSH, Bytes.REQUEST, 1, out -> {});
        try (RawSocket socket = new RawSocket(poor, NetlinkProtocol.GENERIC)) {
            assertThat(socket.errorsOf(Bytes.join(flush, flush)))
                    .containsExactly(ErrorNumbers.EPERM, ErrorNumbers.EPERM);
        }
    }
}
