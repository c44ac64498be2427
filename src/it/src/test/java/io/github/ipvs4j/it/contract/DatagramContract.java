// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.ipvs4j.netlink.AttributeReader;
import io.github.ipvs4j.netlink.MessageFlags;
import io.github.ipvs4j.netlink.MessageReader;
import io.github.ipvs4j.netlink.MessageWriter;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.netlink.Transport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * How a kernel goes through datagrams and answers them: what the clients rely on, message by message, framing damage
 * included.
 */
abstract class DatagramContract {
    private static final int ASK = MessageFlags.REQUEST;
    private static final int ASK_ACK = MessageFlags.REQUEST | MessageFlags.ACK;
    private static final int LIST = MessageFlags.REQUEST | MessageFlags.DUMP;
    private static final String SET = "ipvs4j-raw";

    /** Returns what opens sockets. */
    abstract Transport.Factory transports();

    /** Sends messages as one datagram and returns what came back, in words. */
    private List<String> ask(NetlinkProtocol protocol, ByteBuf... messages) {
        try (Transport transport = transports().open(protocol)) {
            send(transport, messages);
            return rest(transport);
        }
    }

    private static void send(Transport transport, ByteBuf... messages) {
        ByteBuf datagram = Unpooled.directBuffer();
        for (ByteBuf message : messages) {
            datagram.writeBytes(message);
            message.release();
        }
        transport.send(datagram);
        datagram.release();
    }

    private static List<String> rest(Transport transport) {
        List<String> words = new ArrayList<>();
        each(transport, message -> words.add(Messages.words(message)));
        return words;
    }

    private static void each(Transport transport, Consumer<MessageReader> consumer) {
        ByteBuf in = Unpooled.directBuffer(128 << 10, 128 << 10);
        MessageReader reader = new MessageReader();
        while (transport.receive(in) == Transport.Received.DATAGRAM) {
            reader.over(in);
            while (reader.next()) {
                assertThat(reader.portId()).isEqualTo(transport.portId());
                consumer.accept(reader);
            }
        }
        in.release();
    }

    private static ByteBuf lookUp(int sequence, int flags, String family) {
        return Messages.message(Messages.CONTROLLER, flags, sequence, Messages.lookUpBody(family));
    }

    private static ByteBuf good(int sequence, int flags) {
        return lookUp(sequence, flags, "nlctrl");
    }

    private static ByteBuf bad(int sequence, int flags) {
        return lookUp(sequence, flags, "ipvs4j");
    }

    private static ByteBuf ipset(int command, int sequence, int flags, Consumer<MessageWriter> body) {
        return Messages.message(
                Messages.IPSET | command,
                flags,
                sequence,
                out -> body.accept(out.netfilterHeader(2, 0, 0).u8(1, 7)));
    }

    private static ByteBuf bytes(int... values) {
        ByteBuf bytes = Unpooled.buffer();
        for (int value : values) {
            bytes.writeByte(value);
        }
        return bytes;
    }

    @Test
    void carriesEveryMessageOutInOrder() {
        assertThat(ask(NetlinkProtocol.GENERIC, good(1, ASK), bad(2, ASK), good(3, ASK_ACK), bad(4, ASK_ACK)))
                .containsExactly("1 message", "2 error 2", "3 message", "3 ack", "4 error 2");
    }

    @Test
    void acknowledgesOnlyWhereItIsAsked() {
        ByteBuf[] links = {
            ofLink(Messages.NEW_LINK, 1, ASK | MessageFlags.CREATE | MessageFlags.EXCLUSIVE),
            ofLink(Messages.NEW_LINK, 2, ASK | MessageFlags.CREATE | MessageFlags.EXCLUSIVE),
            ofLink(Messages.DELETE_LINK, 3, ASK_ACK)
        };
        assertThat(ask(NetlinkProtocol.ROUTE, links)).containsExactly("2 error 17", "3 ack");
    }

    private static ByteBuf ofLink(int type, int sequence, int flags) {
        return Messages.message(type, flags, sequence, out -> {
            Messages.linkHeader(out, 0);
            out.string(Messages.LINK_NAME, "i4j-raw");
            int info = out.beginNested(18);
            out.string(1, "dummy");
            out.endNested(info);
        });
    }

    @Test
    void dropsTheRestOfADatagramBehindDamageInSilence() {
        ByteBuf tooShort = good(2, ASK_ACK).setIntLE(0, 15);
        assertThat(ask(NetlinkProtocol.GENERIC, bad(1, ASK), tooShort, bad(3, ASK_ACK)))
                .containsExactly("1 error 2");
        ByteBuf tooLong = good(2, ASK_ACK).setIntLE(0, 4000);
        assertThat(ask(NetlinkProtocol.GENERIC, bad(1, ASK), tooLong, bad(3, ASK_ACK)))
                .containsExactly("1 error 2");
        assertThat(ask(NetlinkProtocol.GENERIC, bad(1, ASK), bytes(0, 0, 0, 0), bad(3, ASK_ACK)))
                .containsExactly("1 error 2");
        assertThat(ask(NetlinkProtocol.GENERIC, bytes(1, 2, 3))).isEmpty();
    }

    @Test
    void carriesAMessageOutWhoseLastPaddingIsMissing() {
        ByteBuf unpadded = Messages.message(
                Messages.CONTROLLER,
                ASK_ACK,
                1,
                out -> out.genericHeader(3, 1).bytes(Messages.FAMILY_NAME, new byte[] {'n', 'o', 0}));
        unpadded.setIntLE(0, 27).writerIndex(27);
        assertThat(ask(NetlinkProtocol.GENERIC, unpadded)).containsExactly("1 error 2");
    }

    @Test
    void acknowledgesWhatIsNoRequest() {
        assertThat(ask(
                        NetlinkProtocol.GENERIC,
                        bad(1, 0),
                        bad(2, MessageFlags.ACK),
                        Messages.message(1, ASK_ACK, 3, out -> out.headerU32(0))))
                .containsExactly("2 ack", "3 ack");
    }

    @Test
    void refusesGenericMessagesWithoutTheirHeader() {
        assertThat(ask(NetlinkProtocol.GENERIC, Messages.message(Messages.CONTROLLER, ASK, 1, out -> {})))
                .containsExactly("1 error 22");
        assertThat(ask(NetlinkProtocol.GENERIC, Messages.message(999, ASK, 1, out -> {})))
                .containsExactly("1 error 2");
    }

    @Test
    void takesNetfilterMessagesWithoutTheirHeaderForDone() {
        assertThat(ask(NetlinkProtocol.NETFILTER, Messages.message(Messages.IPSET | 1, ASK_ACK, 1, out -> {})))
                .containsExactly("1 ack");
    }

    @Test
    void echoesOnlyTheHeaderOfARequest() {
        try (Transport transport = transports().open(NetlinkProtocol.GENERIC)) {
            send(transport, bad(7, ASK), good(8, ASK_ACK));
            List<String> seen = new ArrayList<>();
            each(transport, message -> {
                if (message.type() == Messages.ERROR) {
                    assertThat(message.flags() & Messages.CAPPED).isEqualTo(Messages.CAPPED);
                    // The echoed header: length, type and flags, sequence.
                    seen.add(message.headerU32(4) + " " + message.headerU16(8) + " " + message.headerU32(12));
                }
            });
            assertThat(seen).containsExactly("32 16 7", "32 16 8");
        }
    }

    @Test
    void warnsOfBytesThatAreNoAttribute() {
        ByteBuf message = Messages.message(
                Messages.CONTROLLER,
                ASK_ACK,
                1,
                out -> out.genericHeader(3, 1)
                        .string(Messages.FAMILY_NAME, "nlctrl")
                        .headerU16(2));
        try (Transport transport = transports().open(NetlinkProtocol.GENERIC)) {
            send(transport, message);
            List<Integer> flags = new ArrayList<>();
            each(transport, answer -> flags.add(answer.flags()));
            assertThat(flags).containsExactly(0, Messages.CAPPED | Messages.ACK_ATTRIBUTES);
        }
    }

    @Test
    void endsAListingInsteadOfAcknowledgingIt() {
        assertThat(ask(NetlinkProtocol.ROUTE, listLinks(1, LIST | MessageFlags.ACK)))
                .endsWith("1 done")
                .doesNotContain("1 ack");
    }

    private static ByteBuf listLinks(int sequence, int flags) {
        return Messages.message(Messages.GET_LINK, flags, sequence, out -> Messages.linkHeader(out, 0));
    }

    @Test
    void keepsASocketToOneListing() {
        assertThat(ask(NetlinkProtocol.ROUTE, listLinks(1, LIST), listLinks(2, LIST)))
                .contains("1 done", "2 error 16");
    }

    @Test
    void endsAnEmptyListingAtOnceSoThatTheNextCanFollow() {
        try (Transport transport = transports().open(NetlinkProtocol.GENERIC)) {
            send(transport, lookUp(1, ASK, "IPVS"));
            List<Integer> numbers = new ArrayList<>();
            each(transport, message -> numbers.add(familyNumber(message)));
            // The destinations of no service.
            Consumer<MessageWriter> nothing = out -> out.genericHeader(8, 1);
            send(
                    transport,
                    Messages.message(numbers.get(0), LIST, 2, nothing),
                    Messages.message(numbers.get(0), LIST, 3, nothing));
            assertThat(rest(transport)).containsExactly("2 done", "3 done");
        }
    }

    private static int familyNumber(MessageReader message) {
        AttributeReader attributes = message.attributes(4);
        while (attributes.next()) {
            if (attributes.type() == Messages.FAMILY_ID) {
                return attributes.u16();
            }
        }
        throw new AssertionError("no number of a family");
    }

    @Test
    void answersRequestsWhileAListingIsUnderWay() {
        List<String> words = ask(
                NetlinkProtocol.GENERIC,
                Messages.message(Messages.CONTROLLER, LIST, 1, out -> out.genericHeader(Messages.GET_FAMILY, 1)),
                good(2, ASK_ACK));
        assertThat(words).contains("1 message", "1 done").containsSubsequence("2 message", "2 ack");
    }

    @Test
    void repeatsTheErrorOfAListingOfAnUnknownSet() {
        Consumer<MessageWriter> unknown = out -> out.string(2, "ipvs4j-unknown");
        assertThat(ask(NetlinkProtocol.NETFILTER, ipset(7, 1, LIST, unknown))).containsExactly("1 error 2");
        assertThat(ask(NetlinkProtocol.NETFILTER, ipset(7, 1, LIST | MessageFlags.ACK, unknown)))
                .containsExactly("1 error 2", "1 error 2");
        assertThat(ask(NetlinkProtocol.NETFILTER, ipset(7, 1, ASK, unknown))).containsExactly("1 error 2");
    }

    @Test
    void tellsTheLineOfAListOfElementsThatFailed() {
        try (Transport transport = transports().open(NetlinkProtocol.NETFILTER)) {
            send(
                    transport,
                    ipset(
                            2,
                            1,
                            ASK,
                            out -> out.string(2, SET)
                                    .string(3, "hash:ip")
                                    .u8(4, 0)
                                    .u8(5, 2)),
                    addAddresses(2, 1, 2, 2, 3),
                    ipset(3, 3, ASK_ACK, out -> out.string(2, SET)));
            List<String> seen = new ArrayList<>();
            each(transport, message -> {
                seen.add(Messages.words(message));
                if (message.sequence() == 2) {
                    assertThat(message.flags() & Messages.CAPPED).isZero();
                    // Message, error, echoed header, nfgenmsg, protocol, name: then the line of the failed element.
                    assertThat(message.headerU32(52)).isEqualTo(3);
                }
            });
            assertThat(seen).containsExactly("2 error 4103", "3 ack");
        }
    }

    private static ByteBuf addAddresses(int sequence, int... lastBytes) {
        return ipset(9, sequence, ASK_ACK | MessageFlags.EXCLUSIVE, out -> {
            out.string(2, SET).u32(9, 0);
            int list = out.beginNested(8);
            int line = 0;
            for (int last : lastBytes) {
                int data = out.beginNested(7);
                int address = out.beginNested(1);
                out.u32be(1 | MessageWriter.NETWORK_ORDER, 0xc612_5000 | last);
                out.endNested(address);
                out.u32(9, ++line);
                out.endNested(data);
            }
            out.endNested(list);
        });
    }

    @Test
    void insistsOnTheFlagsOfIpset() {
        Consumer<MessageWriter> create =
                out -> out.string(2, SET).string(3, "hash:ip").u8(4, 0).u8(5, 2);
        Consumer<MessageWriter> withoutOrder = out -> {
            out.string(2, SET);
            int data = out.beginNested(7);
            int address = out.beginNested(1);
            out.u32be(1, 0xc612_5001);
            out.endNested(address);
            out.endNested(data);
        };
        Consumer<MessageWriter> withoutVersion = out -> {};
        assertThat(ask(
                        NetlinkProtocol.NETFILTER,
                        ipset(2, 1, ASK, create),
                        ipset(9, 2, ASK, withoutOrder),
                        ipset(9, 3, ASK, withoutVersion),
                        ipset(3, 4, ASK_ACK, out -> out.string(2, SET))))
                .containsExactly("2 error 4097", "3 error 4097", "4 ack");
    }

    @Test
    void refusesTypesAndCommandsThatNobodyHas() {
        assertThat(ask(
                        NetlinkProtocol.NETFILTER,
                        ipset(
                                2,
                                1,
                                ASK,
                                out -> out.string(2, SET)
                                        .string(3, "no:such,type")
                                        .u8(4, 0)
                                        .u8(5, 2)),
                        ipset(16, 2, ASK, out -> {}),
                        ipset(0, 3, ASK, out -> {})))
                .containsExactly("1 error 4098", "2 error 22", "3 error 95");
    }
}
