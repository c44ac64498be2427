// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How what lives on an event loop begins and ends. */
class EventLoopTest {
    private final MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());

    @AfterEach
    void stopLoop() {
        shutDown(loops);
    }

    private static void shutDown(MultiThreadIoEventLoopGroup group) {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private static NetlinkClient.Builder route() {
        return NetlinkClient.builder(NetlinkProtocol.ROUTE);
    }

    /** A socket on which the test puts events; it has no descriptor, so the loop looks again and again. */
    private static final class EventSocket implements Transport {
        private final BlockingQueue<ByteBuf> events = new LinkedBlockingQueue<>();
        private volatile boolean closed;

        void event(int type) {
            ByteBuf bytes = Unpooled.buffer();
            new MessageWriter(bytes).begin(type, 0, 0).headerU32(0).end();
            events.add(bytes);
        }

        @Override
        public int portId() {
            return 0;
        }

        @Override
        public int maxDatagram() {
            return 1;
        }

        @Override
        public int maxPendingAnswers() {
            return 1;
        }

        @Override
        public void send(ByteBuf datagram) {
            throw new AssertionError("a subscription sends nothing");
        }

        @Override
        public Received receive(ByteBuf into) {
            ByteBuf event = events.poll();
            if (event == null) {
                return Received.NOTHING;
            }
            into.clear().writeBytes(event);
            return Received.DATAGRAM;
        }

        @Override
        public void join(int group) {
            assertThat(group).isEqualTo(1);
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    /** Collects what a subscription tells; throws at messages of type 99. */
    private static final class Told implements NetlinkEvents.Listener {
        private final BlockingQueue<Object> told = new LinkedBlockingQueue<>();

        @Override
        public void message(MessageReader message) {
            if (message.type() == 99) {
                throw new IllegalArgumentException("not this one");
            }
            told.add(message.type());
        }

        @Override
        public void overrun() {
            told.add("overrun");
        }

        @Override
        public void failed(NetlinkException failure) {
            told.add(failure);
        }

        Object next() throws InterruptedException {
            return told.poll(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void subscriptionOpenedOnTheLoopItselfIsHandedOver() throws InterruptedException {
        EventSocket socket = new EventSocket();
        Told told = new Told();

        NetlinkEvents events = loops.next()
                .submit(() -> NetlinkEvents.open(route().transport(protocol -> socket), loops, told, 1))
                .sync()
                .getNow();

        socket.event(16);
        assertThat(told.next()).isEqualTo(16);
        events.close();
        assertThat(socket.closed).isTrue();
    }

    @Test
    void listenerThatFailsEndsItsSubscriptionAndIsTold() throws InterruptedException {
        EventSocket socket = new EventSocket();
        Told told = new Told();
        try (NetlinkEvents events = NetlinkEvents.open(route().transport(protocol -> socket), loops, told, 1)) {
            socket.event(99);

            assertThat(told.next())
                    .isInstanceOfSatisfying(
                            SocketFailed.class,
                            failure -> assertThat(failure).hasMessageContaining("the listener failed"));
            assertThat(socket.closed).isTrue();
            assertThat(events).isNotNull();
        }
    }

    @Test
    void subscriptionIsToldThatItsLoopWasShutDown() throws InterruptedException {
        Told told = new Told();
        NetlinkEvents events = NetlinkEvents.open(route(), loops, told, 1);

        shutDown(loops);

        assertThat(told.next()).isInstanceOf(SocketFailed.class).asString().contains("the loop was shut down");
        events.close();
    }

    @Test
    void loopOfAnotherKindIsNamedWithTheRemedy() throws InterruptedException {
        MultiThreadIoEventLoopGroup nio = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        Told told = new Told();
        try (NetlinkEvents events = NetlinkEvents.open(route(), nio, told, 1)) {
            assertThat(events).isNotNull();
            assertThat(told.next()).asString().contains("make the group with EpollIoHandler.newFactory()");
        } finally {
            shutDown(nio);
        }
    }

    @Test
    void callsFailWhenTheirLoopIsShutDownAndClosingAfterwardsIsHarmless() {
        CompletableFuture<Void> sent = new CompletableFuture<>();
        ScriptedKernel silent = new ScriptedKernel().then((requests, answers) -> sent.complete(null));
        AsyncNetlinkClient client = AsyncNetlinkClient.open(route(), loops);
        client.query(new LinkRequest.Get("lo"), RouteClient::link).join();
        AsyncNetlinkClient waiting =
                AsyncNetlinkClient.open(route().transport(silent).deadline(Duration.ofMinutes(1)), loops);
        CompletableFuture<Link> unanswered = waiting.query(new LinkRequest.Get("lo"), RouteClient::link);
        sent.join();

        shutDown(loops);
        client.close();
        waiting.close();

        assertThatThrownBy(unanswered::join).hasCauseInstanceOf(SocketFailed.class);
        assertThatThrownBy(() -> client.query(new LinkRequest.Get("lo"), RouteClient::link))
                .isInstanceOf(RejectedExecutionException.class);
    }

    /** The kernel acknowledges what asks for it, behind the answer; nobody waits for that any more. */
    @Test
    void messageThatComesWhileNothingIsAskedIsCountedAndDropped() {
        Request acknowledgedToo = new Request() {
            @Override
            public int type() {
                return RouteLayout.GET_LINK;
            }

            @Override
            public int flags() {
                return MessageFlags.ACK;
            }

            @Override
            public void write(MessageWriter out) {
                new LinkRequest.Get("lo").write(out);
            }

            @Override
            public String describe() {
                return "look up lo";
            }
        };
        try (AsyncNetlinkClient client = AsyncNetlinkClient.open(route().deadline(Duration.ofSeconds(5)), loops)) {
            client.query(acknowledgedToo, RouteClient::link).join();

            CompletableFuture<Void> counted = new CompletableFuture<>();
            loops.next()
                    .scheduleAtFixedRate(
                            () -> {
                                if (client.strayMessages() == 1) {
                                    counted.complete(null);
                                }
                            },
                            1,
                            1,
                            TimeUnit.MILLISECONDS);
            counted.orTimeout(10, TimeUnit.SECONDS).join();
        }
    }
}
