// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class AsyncNetlinkClientTest extends ExchangeContract {
    private static MultiThreadIoEventLoopGroup loops;

    private AsyncNetlinkClient async;

    @BeforeAll
    static void startLoop() {
        loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    }

    @AfterAll
    static void stopLoop() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Override
    Face open(NetlinkClient.Builder settings) {
        AsyncNetlinkClient opened = AsyncNetlinkClient.open(settings, loops);
        if (async == null) {
            async = opened;
        }
        return new Face() {
            @Override
            public void execute(Request request) {
                await(opened.execute(request));
            }

            @Override
            public <T> T query(Request request, Function<MessageReader, T> decoder) {
                return await(opened.query(request, decoder));
            }

            @Override
            public DumpResult dump(Request request, DumpConsumer consumer) {
                return await(opened.dump(request, consumer));
            }

            @Override
            public List<Outcome> batch(List<? extends Request> requests) {
                return await(opened.batch(requests));
            }

            @Override
            public long strayMessages() {
                return opened.strayMessages();
            }

            @Override
            public void close() {
                opened.close();
            }
        };
    }

    private static <T> T await(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    @Test
    void callsAreWorkedOffInTheOrderInWhichTheyCame() {
        List<Integer> done = new ArrayList<>();
        List<CompletableFuture<Void>> futures = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            int number = i;
            futures.add(async.execute(new Number(i)).thenRun(() -> done.add(number)));
        }

        CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new)).join();

        assertThat(done).hasSize(100).isSorted();
    }

    /** A client whose deadline does not come between the steps of a test. */
    private AsyncNetlinkClient patient() {
        return AsyncNetlinkClient.open(
                NetlinkClient.builder(NetlinkProtocol.GENERIC).transport(kernel).deadline(Duration.ofMinutes(1)),
                loops);
    }

    @Test
    void cancelledCallIsGivenUpAndTheNextWorksOnAnotherSocket() {
        CompletableFuture<Void> sent = new CompletableFuture<>();
        kernel.then((requests, answers) -> sent.complete(null));
        try (AsyncNetlinkClient patient = patient()) {
            CompletableFuture<Void> first = patient.execute(new Number(1));
            CompletableFuture<Void> second = patient.execute(new Number(2));
            sent.join();

            first.cancel(true);

            assertThatThrownBy(first::join).isInstanceOf(CancellationException.class);
            second.join();
            assertThat(kernel.stillOpen()).isEqualTo(1);
        }
    }

    @Test
    void closingFailsWhatHasNotBeenAnswered() {
        kernel.then((requests, answers) -> {});
        AsyncNetlinkClient closing = patient();
        CompletableFuture<Void> waiting = closing.execute(new Number(1));
        CompletableFuture<List<Outcome>> queued = closing.batch(List.of(new Number(2)));

        closing.close();

        assertThatThrownBy(waiting::join).hasMessageContaining("closed before the answer came");
        assertThat(queued.join()).allMatch(Outcome.Unknown.class::isInstance);
        assertThatThrownBy(closing.execute(new Number(3))::join).hasMessageContaining("is closed");
    }

    @Test
    void failingDecoderFailsItsCallOnly() {
        kernel.then((requests, answers) -> {
            requests.next();
            answers.object(requests.sequence(), 0, 42);
        });

        CompletableFuture<String> broken = async.query(new Number(1), message -> {
            throw new IllegalArgumentException("no");
        });

        assertThatThrownBy(broken::join).hasCauseInstanceOf(IllegalArgumentException.class);
        async.execute(new Number(2)).join();
    }
}
