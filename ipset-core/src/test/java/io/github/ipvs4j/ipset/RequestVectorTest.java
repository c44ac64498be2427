// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.IpPrefix;
import io.github.ipvs4j.netlink.MessageFlags;
import io.github.ipvs4j.netlink.MessageWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Our requests against those that the program ipset was seen to send. What is made equal before comparing:
 *
 * <ul>
 *   <li>sequence number and port id, which every run chooses anew;
 *   <li>the flag ACK on LIST: the program sets it, and the kernel then answers an unknown name twice, so we do not;
 *   <li>the LINENO attribute, of value 0 and last in the DATA of ADD and DEL: it numbers the lines of a file for the
 *       program's own error messages, so we leave these 8 bytes out.
 * </ul>
 */
class RequestVectorTest {
    private static final int ACK = MessageFlags.ACK;
    private static final int DUMP = MessageFlags.DUMP;

    private static final SetDefinition PORTS_WITH_ALL = SetDefinition.hashIpPort("ipp", IpFamily.IPV4)
            .withHashSize(2048)
            .withMaxElements(100_000)
            .withExtensions(new SetExtensions(OptionalLong.of(300), true, true, true));
    private static final SetMember WEB_WITH_ALL = new SetMember(
            new SetEntry.IpPort(IpAddress.of("10.0.0.1"), SetProtocol.TCP, 80),
            EntryOptions.NONE
                    .withTimeout(60)
                    .withCounters(5, 500)
                    .withComment("web one")
                    .withMark(0x11, 0xff)
                    .withPriority(1, 2)
                    .withQueue(3));
    private static final EntryRange RANGE =
            new EntryRange(new SetEntry.Ip(IpAddress.of("10.0.0.2")), new SetEntry.Ip(IpAddress.of("10.0.0.5")));
    private static final IpAddress VIP_6 = IpAddress.of("fd00:10:96::1");
    private static final IpAddress POD_6 = IpAddress.of("fd00:10:244::5");

    static Stream<Arguments> requests() {
        return Stream.of(
                Arguments.of("protocol.req", Hex.vector("protocol.req"), new SetRequest.Protocol(), 0),
                Arguments.of("list-one.req", Hex.vector("list-one.req"), new SetRequest.Listing("hip", 0), DUMP),
                Arguments.of(
                        "echo of add-exists.rsp",
                        Hex.echoedRequest(Hex.vector("add-exists.rsp")),
                        entry(true, "hip", SetType.HASH_IP, new SetEntry.Ip(IpAddress.of("10.0.0.1"))),
                        ACK),
                Arguments.of(
                        "echo of destroy-busy.rsp",
                        Hex.echoedRequest(Hex.vector("destroy-busy.rsp")),
                        new SetRequest.Destroy("hip"),
                        ACK),
                Arguments.of(
                        "create-hash-ip-port.req",
                        Hex.vector("create-hash-ip-port.req"),
                        new SetRequest.Create(PORTS_WITH_ALL, 6, true),
                        ACK),
                Arguments.of(
                        "add-ipport-ext.req",
                        Hex.vector("add-ipport-ext.req"),
                        new SetRequest.Entry(true, "ipp", SetType.HASH_IP_PORT, null, WEB_WITH_ALL),
                        ACK),
                Arguments.of(
                        "add-range.req",
                        Hex.vector("add-range.req"),
                        new SetRequest.Entry(true, "hip", SetType.HASH_IP, null, new SetMember(RANGE)),
                        ACK),
                Arguments.of(
                        "add-net6-nomatch.req",
                        Hex.vector("add-net6-nomatch.req"),
                        new SetRequest.Entry(
                                true,
                                "net6",
                                SetType.HASH_NET,
                                null,
                                new SetMember(
                                        new SetEntry.Net(IpPrefix.of("fd00:1::/32")),
                                        EntryOptions.NONE.withNomatch(true))),
                        ACK),
                Arguments.of(
                        "restore-batch.req",
                        Hex.vector("restore-batch.req"),
                        new EntriesRequest(true, true, "hip", addresses(1, 2, 3, 4), 1),
                        ACK),
                Arguments.of(
                        "swap.req", Hex.vector("swap.req"), new NamesRequest(IpsetCommands.SWAP, "hip", "hip2"), ACK));
    }

    static Stream<Arguments> goldenRequests() {
        SetDefinition clusterIps = SetDefinition.hashIpPort("KUBE-CLUSTER-IP", IpFamily.IPV4);
        return Stream.of(
                golden(
                        "create-hash-ip-inet6.req",
                        new SetRequest.Create(SetDefinition.hashIp("KUBE-6-IPVS-IPS", IpFamily.IPV6), 6, true)),
                golden("create-hash-ip-port-tolerant.req", new SetRequest.Create(clusterIps, 7, false)),
                golden(
                        "create-hash-ip-port-ip-inet6.req",
                        new SetRequest.Create(SetDefinition.hashIpPortIp("KUBE-6-LOOP-BACK", IpFamily.IPV6), 6, true)),
                golden(
                        "create-bitmap-port.req",
                        new SetRequest.Create(SetDefinition.bitmapPort("KUBE-NODE-PORT-TCP", 0, 65535), 3, true)),
                golden(
                        "type-hash-ip-port.req",
                        new SetRequest.Type(SetType.HASH_IP_PORT, Optional.of(IpFamily.IPV4)),
                        0),
                golden("type-bitmap-port.req", new SetRequest.Type(SetType.BITMAP_PORT, Optional.empty()), 0),
                golden("header.req", new SetRequest.Header("KUBE-CLUSTER-IP"), 0),
                golden("add-ip-inet6.req", entry(true, "KUBE-6-IPVS-IPS", SetType.HASH_IP, new SetEntry.Ip(VIP_6))),
                golden("add-ip-port-udp.req", clusterIp(true, "10.96.0.10", SetProtocol.UDP, 53)),
                golden("delete-ip-port.req", clusterIp(false, "10.96.0.1", SetProtocol.TCP, 443)),
                golden(
                        "add-ip-port-ip-inet6-sctp.req",
                        entry(
                                true,
                                "KUBE-6-LOOP-BACK",
                                SetType.HASH_IP_PORT_IP,
                                new SetEntry.IpPortIp(POD_6, SetProtocol.SCTP, 8080, POD_6))),
                golden(
                        "add-port.req",
                        entry(true, "KUBE-NODE-PORT-TCP", SetType.BITMAP_PORT, new SetEntry.Port(30080))),
                golden("flush.req", new SetRequest.Flush("KUBE-CLUSTER-IP")),
                golden("destroy.req", new SetRequest.Destroy("KUBE-NODE-PORT-TCP")),
                golden("list-all.req", new SetRequest.Listing(null, 0), DUMP),
                golden("list-names.req", new SetRequest.Listing(null, IpsetMessage.FLAG_LIST_NAMES), DUMP),
                golden(
                        "list-header-of-one.req",
                        new SetRequest.Listing("KUBE-CLUSTER-IP", IpsetMessage.FLAG_LIST_HEADERS),
                        DUMP));
    }

    private static List<SetMember> addresses(int... numbers) {
        return IntStream.of(numbers)
                .mapToObj(number -> new SetMember(new SetEntry.Ip(IpAddress.of("10.5.0." + number))))
                .toList();
    }

    private static Arguments golden(String name, SetRequest request) {
        return golden(name, request, ACK);
    }

    private static Arguments golden(String name, SetRequest request, int clientFlags) {
        return Arguments.of(name, Hex.golden(name), request, clientFlags);
    }

    private static SetRequest clusterIp(boolean adds, String address, SetProtocol protocol, int port) {
        SetEntry entry = new SetEntry.IpPort(IpAddress.of(address), protocol, port);
        return entry(adds, "KUBE-CLUSTER-IP", SetType.HASH_IP_PORT, entry);
    }

    private static SetRequest entry(boolean adds, String set, SetType type, SetEntry entry) {
        return new SetRequest.Entry(adds, set, type, null, entry);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"requests", "goldenRequests"})
    void writesWhatTheProgramSends(String name, byte[] captured, SetRequest request, int clientFlags) {
        byte[] ours = write(request, MessageFlags.REQUEST | request.flags() | clientFlags);

        assertThat(HexFormat.of().formatHex(ours)).isEqualTo(HexFormat.of().formatHex(normalized(captured, request)));
    }

    /** Writes a request as the client does; {@code clientFlags} are those that the client adds to it. */
    private static byte[] write(SetRequest request, int flags) {
        ByteBuf bytes = Unpooled.buffer();
        try {
            MessageWriter writer = new MessageWriter(bytes).begin(request.type(), flags, 0);
            request.write(writer);
            writer.end();
            return ByteBufUtil.getBytes(bytes);
        } finally {
            bytes.release();
        }
    }

    private static byte[] normalized(byte[] captured, SetRequest request) {
        boolean numbered = request instanceof SetRequest.Entry;
        byte[] copy = Arrays.copyOf(captured, captured.length - (numbered ? 8 : 0));
        ByteBuffer fields = ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN);
        fields.putInt(8, 0).putInt(12, 0);
        if (request instanceof SetRequest.Listing) {
            fields.putShort(6, (short) (fields.getShort(6) & ~ACK));
        }
        if (numbered) {
            fields.putInt(0, copy.length);
            int data = 28 + align(Short.toUnsignedInt(fields.getShort(28)));
            fields.putShort(data, (short) (fields.getShort(data) - 8));
        }
        return copy;
    }

    private static int align(int length) {
        return length + 3 & ~3;
    }
}
