// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.netlink.NetlinkProtocol;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Requests that ipset and ip sent to a real kernel get the answers that it gave. */
class CapturedIpsetAndRouteTest {
    private final SimulatedKernel kernel = SimulatedKernel.builder()
            .features(new SocketFeatures(false, false, false))
            .build();

    private RawSocket ipset() {
        return new RawSocket(kernel, NetlinkProtocol.NETFILTER);
    }

    private static byte[] create(String name) {
        return Bytes.ipset(
                IpsetNumbers.CREATE,
                Bytes.REQUEST | Bytes.ACK | Bytes.EXCLUSIVE,
                out -> out.string(2, name).string(3, "hash:ip").u8(4, 5).u8(5, 2));
    }

    private static byte[] only(List<byte[]> answers) {
        assertThat(answers).hasSize(1);
        return answers.get(0);
    }

    @Test
    void tellsTheProtocolByteForByte() {
        try (RawSocket socket = ipset()) {
            byte[] answer = only(socket.ask(Bytes.vector("ipset-protocol.req")));
            assertThat(Bytes.hex(Bytes.normalised(answer)))
                    .isEqualTo(Bytes.hex(Bytes.normalised(Bytes.vector("ipset-protocol.rsp"))));
        }
    }

    @Test
    void tellsTheRevisionsOfATypeByteForByte() {
        try (RawSocket socket = ipset()) {
            byte[] answer = only(socket.ask(Bytes.ipset(
                    IpsetNumbers.TYPE,
                    Bytes.REQUEST,
                    out -> out.string(3, "hash:ip,port").u8(5, 2))));
            assertThat(Bytes.hex(Bytes.normalised(answer)))
                    .isEqualTo(Bytes.hex(Bytes.normalised(Bytes.vector("ipset-type.rsp"))));
        }
    }

    @Test
    void refusesWhatIsThereByteForByte() {
        try (RawSocket socket = ipset()) {
            assertThat(socket.errorsOf(create("hip"))).containsExactly(0);
            socket.ask(add(0x0a000001));
            for (String name : List.of("ipset-create-eexist", "ipset-add-exists")) {
                byte[] captured = Bytes.vector(name + ".rsp");
                byte[] refusal = only(socket.ask(Bytes.echoed(captured)));
                assertThat(Bytes.hex(Bytes.normalised(refusal))).isEqualTo(Bytes.hex(Bytes.normalised(captured)));
            }
        }
    }

    @Test
    void tellsTheLineOfABatchThatFailedByteForByte() {
        byte[] captured = Bytes.vector("ipset-restore-lineno-error.rsp");
        try (RawSocket socket = ipset()) {
            socket.ask(create("hip"));
            // The third element of the batch is there already.
            socket.ask(add(0x0a050003));
            byte[] refusal = only(socket.ask(Bytes.echoed(captured)));
            assertThat(Bytes.hex(Bytes.normalised(refusal))).isEqualTo(Bytes.hex(Bytes.normalised(captured)));
        }
        assertThat(kernel.ipsets().save()).contains("10.5.1.2\n").doesNotContain("10.5.1.4\n");
    }

    private static byte[] add(int bits) {
        return Bytes.ipset(IpsetNumbers.ADD, Bytes.REQUEST, out -> {
            out.string(2, "hip");
            int data = out.beginNested(IpsetNumbers.ATTR_DATA);
            int address = out.beginNested(IpsetNumbers.IP);
            out.u32be(IpsetNumbers.ADDRESS_IPV4 | NetlinkNumbers.ATTRIBUTE_NETWORK_ORDER, bits);
            out.endNested(address);
            out.endNested(data);
        });
    }

    @Test
    void takesTheBatchOfARestore() {
        try (RawSocket socket = ipset()) {
            socket.ask(create("hip"));
            assertThat(socket.errorsOf(Bytes.vector("ipset-restore-batch.req"))).containsExactly(0);
        }
        assertThat(kernel.ipsets().save()).isEqualTo("""
                create hip hash:ip family inet hashsize 1024 maxelem 65536
                add hip 10.5.0.1
                add hip 10.5.0.2
                add hip 10.5.0.3
                add hip 10.5.0.4
                """);
    }

    @Test
    void listsASetByteForByteButForInventedNumbers() {
        try (RawSocket socket = ipset()) {
            socket.ask(create("hip"));
            // In the order in which the capture's hash had them.
            for (int last : new int[] {1, 3, 2, 4}) {
                socket.ask(add(0x0a000000 | last));
            }
            List<byte[]> answers = socket.ask(Bytes.vector("ipset-list-one.req"));
            assertThat(answers).hasSize(2);
            byte[] captured = Bytes.vector("ipset-list-hash-ip.rsp");
            assertThat(comparable(answers.get(0))).isEqualTo(comparable(captured));
        }
    }

    /** Returns the bytes without initial value, size in memory and references. */
    private static String comparable(byte[] listing) {
        return Bytes.hex(Bytes.normalised(listing))
                .replaceAll("08001140[0-9a-f]{8}", "08001140........")
                .replaceAll("08001a40[0-9a-f]{8}", "08001a40........")
                // The captured set was a member of a list.
                .replace("0800194000000001", "0800194000000000");
    }

    @Test
    void swapsTwoSets() {
        try (RawSocket socket = ipset()) {
            socket.ask(create("hip"));
            socket.ask(add(0x0a000001));
            socket.ask(create("hip2"));
            assertThat(socket.errorsOf(Bytes.vector("ipset-swap.req"))).containsExactly(0);
        }
        assertThat(kernel.ipsets().save()).contains("add hip2 10.0.0.1\n").doesNotContain("add hip ");
    }

    @Test
    void takesExtensionsAndRefusesOtherSubsystems() {
        try (RawSocket socket = ipset()) {
            assertThat(socket.errorsOf(Bytes.vector("ipset-create-hash-ip-port.req")))
                    .containsExactly(0);
            assertThat(kernel.ipsets().save()).contains(" hash:ip,port family inet ", " counters comment");
            assertThat(socket.errorsOf(Bytes.message(11 << 8, Bytes.REQUEST, 1, out -> out.netfilterHeader(2, 0, 0))))
                    .containsExactly(ErrorNumbers.EOPNOTSUPP);
            assertThat(socket.errorsOf(Bytes.vector("ct-dump.req"))).containsExactly(0);
        }
    }

    @Test
    void takesTheLinkAndAddressOfTheIpTool() {
        SimulatedKernel strict = SimulatedKernel.create();
        try (RawSocket socket = new RawSocket(strict, NetlinkProtocol.ROUTE)) {
            assertThat(socket.errorsOf(Bytes.vector("rt-newlink-dummy.req"))).containsExactly(0);
            byte[] link = socket.ask(Bytes.vector("rt-getlink-by-name.req")).get(0);
            assertThat(Bytes.type(link)).isEqualTo(RouteNumbers.NEW_LINK);
            assertThat(HostOrder.i32(link, 20)).isEqualTo(2);
            assertThat(Bytes.hex(link)).contains(Bytes.hex("kube-ipvs0".getBytes(StandardCharsets.US_ASCII)));
            assertThat(socket.errorsOf(Bytes.vector("rt-newaddr.req"))).containsExactly(0);
            List<byte[]> listed = socket.ask(Bytes.vector("rt-getaddr-strict.req"));
            assertThat(listed).hasSize(2);
            byte[] captured = Bytes.vector("rt-getaddr-strict.rsp");
            int timestamps = captured.length - 8;
            assertThat(Bytes.hex(Bytes.blanked(Bytes.normalised(listed.get(0)), timestamps, 8)))
                    .isEqualTo(Bytes.hex(Bytes.blanked(Bytes.normalised(captured), timestamps, 8)));
            assertThat(Bytes.flags(listed.get(1)))
                    .isEqualTo(NetlinkNumbers.FLAG_MULTI | NetlinkNumbers.FLAG_DUMP_FILTERED);
            byte[] routes = socket.ask(Bytes.vector("rt-getroute-local.req")).get(0);
            assertThat(messages(routes)).isEqualTo(messages(Bytes.vector("rt-getroute-local.rsp")));
        }
    }

    /** Returns the messages of a datagram without their port ids. */
    private static List<String> messages(byte[] datagram) {
        List<String> messages = new ArrayList<>();
        for (int at = 0;
                RequestMessage.isAt(datagram, at);
                at = RequestMessage.at(datagram, at).next()) {
            byte[] one = Arrays.copyOfRange(
                    datagram, at, at + RequestMessage.at(datagram, at).length());
            messages.add(Bytes.hex(Bytes.normalised(one)));
        }
        return messages;
    }

    @Test
    void explainsAnUnknownKindOfLinkByteForByte() {
        SimulatedKernel explaining = SimulatedKernel.builder()
                .features(new SocketFeatures(false, true, false))
                .build();
        byte[] captured = Bytes.vector("rt-newlink-extack.rsp");
        try (RawSocket socket = new RawSocket(explaining, NetlinkProtocol.ROUTE)) {
            byte[] refusal = only(socket.ask(Bytes.echoed(captured)));
            assertThat(Bytes.hex(Bytes.normalised(refusal))).isEqualTo(Bytes.hex(Bytes.normalised(captured)));
        }
    }
}
