// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What needs a kernel, but no rights: every Linux has a loopback interface. */
class RunningKernelTest {
    private static NetlinkClient.Builder route() {
        return NetlinkClient.builder(NetlinkProtocol.ROUTE);
    }

    @Test
    void loopbackInterfaceIsFoundByNameAndInTheListing() {
        try (RouteClient client = RouteClient.open(route())) {
            Link loopback = client.link("lo").orElseThrow();

            assertThat(client.links()).contains(loopback);
            List<InterfaceAddress> addresses = client.addresses(loopback);
            assertThat(addresses).allMatch(address -> address.linkIndex() == loopback.index());
            for (IpFamily family : IpFamily.values()) {
                assertThat(client.addresses(loopback, family))
                        .isEqualTo(addresses.stream()
                                .filter(address -> address.address().family() == family)
                                .toList());
                assertThat(client.localRoutes(family))
                        .allMatch(route -> route.destination().family() == family);
            }
        }
    }

    @Test
    void asynchronousFaceWaitsOnTheEventLoop() {
        MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        try (RouteClient blocking = RouteClient.open(route());
                AsyncNetlinkClient client = AsyncNetlinkClient.open(route(), loops)) {
            Link loopback = blocking.link("lo").orElseThrow();

            assertThat(client.query(new LinkRequest.Get("lo"), RouteClient::link)
                            .join())
                    .isEqualTo(loopback);
            List<Link> listed = new ArrayList<>();
            client.dump(new LinkRequest.List(), message -> listed.add(RouteClient.link(message)))
                    .join();
            assertThat(listed).contains(loopback);
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    @Test
    void kernelTellsTheMemoryOfWhatWaitsAndNothingWaitsBetweenCalls() {
        FirstPiece piece = new FirstPiece();
        Deque<Transport> opened = new ArrayDeque<>();
        NetlinkClient.Builder builder = route().transport(protocol -> {
            opened.add(Transport.Factory.kernel().open(protocol));
            return opened.getLast();
        });
        try (NetlinkClient client = builder.open()) {
            client.dump(new LinkRequest.List(), piece);

            assertThat(piece.length).isPositive();
            assertThat(piece.memory).isGreaterThan(piece.length);
            assertThat(opened)
                    .singleElement()
                    .satisfies(socket -> assertThat(socket.waitingMemory()).hasValue(0));
        }
    }

    /** Keeps how long the first piece of a listing is, and what memory holds it. */
    private static final class FirstPiece implements DumpConsumer {
        private int memory;
        private int length;
        private int pieces;
        private int messages;

        @Override
        public void prepared(Supplier<OptionalInt> ofPiece) {
            memory = ofPiece.get().orElseThrow();
        }

        @Override
        public void accept(MessageReader message) {
            messages++;
            pieces += message.isFirst() ? 1 : 0;
            length += pieces == 1 ? message.length() : 0;
        }
    }

    @Test
    void kernelTakesLittleMemoryForAListingInShortPieces() {
        GenericFamily controller = new GenericFamily("nlctrl", 2, "every kernel has it");
        try (GenericClient client = GenericClient.open(NetlinkClient.builder(NetlinkProtocol.GENERIC), controller);
                GenericClient inPieces = client.inShortPieces()) {
            FirstPiece unknown = new FirstPiece();
            FirstPiece elsewhere = new FirstPiece();
            FirstPiece small = new FirstPiece();
            client.dump(new ListFamilies(), elsewhere);
            // The kernel learns from what is received how much is wanted at once.
            inPieces.dump(new ListFamilies(), unknown);
            inPieces.dump(new ListFamilies(), small);

            assertThat(small.messages).isEqualTo(unknown.messages).isEqualTo(elsewhere.messages);
            assertThat(small.memory).isBetween(4 << 10, 16 << 10);
            assertThat(small.length).isLessThanOrEqualTo(GenericClient.SHORT_PIECE);
        }
    }

    /** Lists all generic-netlink families of the kernel. */
    private record ListFamilies() implements GenericRequest {
        @Override
        public int command() {
            return ControllerLayout.GET_FAMILY;
        }

        @Override
        public void write(MessageWriter out) {}

        @Override
        public String describe() {
            return "list families";
        }
    }

    @Test
    void missingInterfaceIsEmpty() {
        try (RouteClient client = RouteClient.open(route())) {
            assertThat(client.link("no-such-link")).isEmpty();
        }
    }

    @Test
    void missingFamilyIsARefusalWithItsRemedy() {
        GenericFamily family = new GenericFamily("NO_SUCH", 1, "no kernel has it");

        assertThatThrownBy(() -> GenericClient.open(NetlinkClient.builder(NetlinkProtocol.GENERIC), family))
                .isInstanceOf(KernelRejected.class)
                .hasMessage("look up generic-netlink family NO_SUCH: ENOENT: no kernel has it");
    }

    /** A socket of the running kernel that says of itself that it holds more answers than it does. */
    private record Boaster(Transport real) implements Transport {
        @Override
        public int portId() {
            return real.portId();
        }

        @Override
        public int maxDatagram() {
            return real.maxDatagram();
        }

        @Override
        public int maxPendingAnswers() {
            return 10_000;
        }

        @Override
        public void send(ByteBuf datagram) {
            real.send(datagram);
        }

        @Override
        public Received receive(ByteBuf into) {
            return real.receive(into);
        }

        @Override
        public Received receiveNow(ByteBuf into) {
            return real.receiveNow(into);
        }

        @Override
        public OptionalInt descriptor() {
            return real.descriptor();
        }

        @Override
        public void close() {
            real.close();
        }
    }

    private static List<Request> missingLinks() {
        return IntStream.range(0, 2000)
                .<Request>mapToObj(i -> new LinkRequest.Get("no-such-" + i))
                .toList();
    }

    private static void assertKnownAndThenUnknown(List<Outcome> outcomes) {
        int known = (int)
                outcomes.stream().takeWhile(Outcome.Rejected.class::isInstance).count();
        assertThat(known).isBetween(1, outcomes.size() - 1);
        assertThat(outcomes.subList(known, outcomes.size()))
                .allSatisfy(outcome -> assertThat(((Outcome.Unknown) outcome).why())
                        .isInstanceOf(SocketFailed.class)
                        .hasMessageContaining("ENOBUFS: the kernel dropped answers"));
    }

    @Test
    void answersThatTheKernelDropsAreUnknownAndTheNextCallWorks() {
        SocketSettings small = SocketSettings.DEFAULT.withReceiveBuffer(1);
        NetlinkClient.Builder settings = route().transport(protocol -> new Boaster(small.open(protocol)));
        MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        try (NetlinkClient blocking = settings.open();
                AsyncNetlinkClient asynchronous = AsyncNetlinkClient.open(settings, loops)) {
            assertKnownAndThenUnknown(blocking.batch(missingLinks()));
            assertKnownAndThenUnknown(asynchronous.batch(missingLinks()).join());

            assertThat(blocking.query(new LinkRequest.Get("lo"), RouteClient::link)
                            .name())
                    .isEqualTo("lo");
            assertThat(asynchronous
                            .query(new LinkRequest.Get("lo"), RouteClient::link)
                            .join()
                            .name())
                    .isEqualTo("lo");
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    @Test
    void batchIsSplitSoThatTheSmallestReceiveBufferHoldsItsAnswers() {
        try (NetlinkClient client = route().receiveBuffer(1).sendBuffer(1).open()) {
            assertThat(client.batch(missingLinks())).hasSize(2000).allMatch(Outcome.Rejected.class::isInstance);
        }
    }
}
