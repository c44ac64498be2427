// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.KernelRejected;
import io.github.ipvs4j.netlink.NetlinkClient;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.netlink.Transport;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Answers to single requests that kernels were seen to give, as the client understands them. */
class AnswerVectorTest {
    private static final SetEntry ADDRESS = new SetEntry.Ip(IpAddress.of("10.0.0.1"));

    @Test
    void readsVersionOfTheProtocol() {
        try (SetExchange exchange = replay(Hex.vector("protocol.rsp"))) {
            assertThat(exchange.protocolVersion()).isEqualTo(7);
        }
    }

    @Test
    void createsInTheHighestRevisionThatTheKernelTells() {
        try (SetExchange exchange = replay(Hex.vector("type.rsp"))) {
            SetDefinition definition = SetDefinition.hashIpPort("ipp", IpFamily.IPV4);

            assertThat(exchange.creation(definition)).isEqualTo(new SetRequest.Create(definition, 6, true));
            // Nothing more is replayed: the second time the kernel is not asked.
            assertThat(exchange.creation(definition).revision()).isEqualTo(6);
        }
    }

    @Test
    void tellsExistingSetFromExistingEntry() {
        SetRequest creation = new SetRequest.Create(SetDefinition.hashIp("hip", IpFamily.IPV4), 5, true);
        SetRequest addition = new SetRequest.Entry(true, "hip", SetType.HASH_IP, null, ADDRESS);

        assertThat(rejection(creation, "create-eexist.rsp"))
                .hasMessage("create set hip hash:ip family inet hashsize 1024 maxelem 65536: EEXIST: a set of this name"
                        + " exists already; destroy it first, or allow for it with createIfAbsent");
        assertThat(creation.isSatisfiedBy(
                        rejection(creation, "create-eexist.rsp").errno()))
                .isFalse();
        assertThat(addition.isSatisfiedBy(rejection(addition, "add-exists.rsp").errno()))
                .isTrue();
    }

    @Test
    void readsErrorThatEchoesWholeMessageWithLineNumber() {
        SetRequest addition = new SetRequest.Entry(true, "hip", SetType.HASH_IP, null, ADDRESS);

        assertThat(rejection(addition, "restore-lineno-error.rsp").errno().number())
                .isEqualTo(IpsetErrors.EXIST);
    }

    @Test
    void saysThatSetIsInUse() {
        assertThat(rejection(new SetRequest.Destroy("hip"), "destroy-busy.rsp"))
                .hasMessageStartingWith("destroy set hip: errno 4100: the set is in use; remove the rules");
    }

    @Test
    void takesListingOfUnknownSetForNone() {
        try (IpsetClient client = IpsetClient.open(builder(Hex.golden("list-unknown.rsp")))) {
            assertThat(client.list("nosuch")).isEmpty();
        }
    }

    private static KernelRejected rejection(SetRequest request, String vector) {
        KernelRejected[] rejected = new KernelRejected[1];
        try (NetlinkClient client = builder(Hex.vector(vector)).open()) {
            assertThatThrownBy(() -> client.execute(request))
                    .isInstanceOfSatisfying(KernelRejected.class, e -> rejected[0] = e);
        }
        return rejected[0];
    }

    private static SetExchange replay(byte[]... answers) {
        return new SetExchange(builder(answers).open());
    }

    private static NetlinkClient.Builder builder(byte[]... answers) {
        return NetlinkClient.builder(NetlinkProtocol.NETFILTER).transport(protocol -> new Replay(List.of(answers)));
    }

    /** Answers each datagram sent with the next captured one, under the number of the request. */
    private static final class Replay implements Transport {
        private final Deque<byte[]> captured;
        private final Deque<byte[]> pending = new ArrayDeque<>();

        Replay(List<byte[]> captured) {
            this.captured = new ArrayDeque<>(captured);
        }

        @Override
        public int portId() {
            return 4711;
        }

        @Override
        public int maxDatagram() {
            return 65536;
        }

        @Override
        public int maxPendingAnswers() {
            return 100;
        }

        @Override
        public void send(ByteBuf datagram) {
            ByteBuffer answer = ByteBuffer.wrap(captured.remove().clone()).order(ByteOrder.LITTLE_ENDIAN);
            answer.putInt(8, datagram.getIntLE(datagram.readerIndex() + 8)).putInt(12, portId());
            pending.add(answer.array());
        }

        @Override
        public Received receive(ByteBuf into) {
            into.clear();
            byte[] answer = pending.poll();
            if (answer == null) {
                return Received.NOTHING;
            }
            into.writeBytes(answer);
            return Received.DATAGRAM;
        }

        @Override
        public void close() {
            pending.clear();
        }
    }
}
