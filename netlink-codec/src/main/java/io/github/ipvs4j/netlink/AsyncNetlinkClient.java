// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Speaks one netlink protocol with the kernel without ever blocking a thread: what {@link NetlinkClient} does, on a
 * loop of a Netty epoll group.
 *
 * <p>Safe for use by many threads; calls are worked off in the order in which they came. Futures complete on the event
 * loop, and decoders and consumers run there, so none of them may block. Cancelling a future gives its call up: its
 * outcome is unknown, and the socket is replaced.
 *
 * <pre>{@code
 * var loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
 * try (var client = AsyncNetlinkClient.open(NetlinkClient.builder(NetlinkProtocol.ROUTE), loops)) {
 *     client.execute(request).thenRun(() -> log.info("done"));
 * }
 * }</pre>
 */
public final class AsyncNetlinkClient implements AutoCloseable {
    /** Datagrams taken at a stretch before others on the loop have their turn. */
    private static final int STRETCH = 16;

    private final Exchange exchange;
    private final Deque<Pending<?>> queue = new ArrayDeque<>();
    private final IoEventLoop loop;
    private final NetlinkProtocol protocol;
    private final Transport.Factory factory;
    private final Duration deadline;
    private @Nullable Transport transport;
    private @Nullable InputWatch watch;
    private @Nullable Pending<?> current;
    private @Nullable ScheduledFuture<?> timer;
    private boolean closed;

    private final InputWatch.Owner owner = new InputWatch.Owner() {
        @Override
        public void input() {
            onInput();
        }

        @Override
        public void blind(SocketFailed reason) {
            onBlind(reason);
        }
    };

    /** A call and whoever waits for it. */
    private static final class Pending<T> {
        private final Call<T> call;
        private final CompletableFuture<T> future = new CompletableFuture<>();

        Pending(Call<T> call) {
            this.call = call;
        }

        Call<T> call() {
            return call;
        }

        CompletableFuture<T> future() {
            return future;
        }

        void finish() {
            future.complete(call.result());
        }

        void giveUp(NetlinkException failure) {
            future.complete(call.giveUp(failure));
        }
    }

    private AsyncNetlinkClient(NetlinkClient.Builder settings, IoEventLoop loop) {
        this.loop = loop;
        this.protocol = settings.protocol();
        this.factory = settings.clientFactory();
        this.deadline = settings.deadline();
        this.exchange = new Exchange(protocol, Exchange.LONGEST_ANSWER);
    }

    /**
     * Makes a client; its socket is opened by the first call.
     *
     * @param settings protocol, deadline, namespace and the like
     * @param loops a group made with {@code EpollIoHandler.newFactory()}; it stays the caller's
     * @return a client that the caller closes
     */
    public static AsyncNetlinkClient open(NetlinkClient.Builder settings, IoEventLoopGroup loops) {
        return new AsyncNetlinkClient(settings, loops.next());
    }

    /**
     * Sends one request; see {@link NetlinkClient#execute}.
     *
     * @param request what to do
     * @return completed when the kernel has acknowledged it, or with a {@link NetlinkException}
     */
    public CompletableFuture<Void> execute(Request request) {
        return submit(SingleCall.acknowledged(request));
    }

    /**
     * Sends one request and reads its one answer; see {@link NetlinkClient#query}.
     *
     * @param request what to ask
     * @param decoder makes the result of the answer, on the event loop
     * @param <T> type of the result
     * @return what the decoder made
     */
    public <T> CompletableFuture<T> query(Request request, Function<MessageReader, T> decoder) {
        return submit(SingleCall.answered(request, decoder));
    }

    /**
     * Lists objects; see {@link NetlinkClient#dump}.
     *
     * @param request what to list
     * @param consumer takes each message, on the event loop
     * @return completed when the listing has ended
     */
    public CompletableFuture<DumpResult> dump(Request request, DumpConsumer consumer) {
        return submit(new DumpCall(request, consumer));
    }

    /**
     * Sends many requests in few datagrams; see {@link NetlinkClient#batch}.
     *
     * @param requests what to do; not to be changed before the future completes
     * @return an outcome for each request, in the same order
     */
    public CompletableFuture<List<Outcome>> batch(List<? extends Request> requests) {
        return requests.isEmpty() ? CompletableFuture.completedFuture(List.of()) : submit(new BatchCall(requests));
    }

    /**
     * Returns how many received messages answered nothing that was asked.
     *
     * @return the count since the client was opened
     */
    public long strayMessages() {
        return exchange.strayMessages();
    }

    /**
     * Closes the socket and fails what has not been answered yet; a second call does nothing. When called from another
     * thread than the loop's, it returns when that is done.
     */
    @Override
    public void close() {
        InputWatch.onLoop(
                loop,
                () -> closeInLoop(new SocketFailed("the netlink client was closed before the answer came", null)));
    }

    /** On the loop; when that has ended, on the thread that closes and on the one that tells of the end. */
    private synchronized void closeInLoop(SocketFailed reason) {
        if (closed) {
            return;
        }
        closed = true;
        if (current != null) {
            queue.addFirst(current);
            current = null;
        }
        discard();
        queue.forEach(pending -> fail(pending, reason));
        queue.clear();
        exchange.close();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the dependent future has nothing to tell
    private <T> CompletableFuture<T> submit(Call<T> call) {
        Pending<T> pending = new Pending<>(call);
        pending.future().whenComplete((result, failure) -> {
            if (pending.future().isCancelled()) {
                loop.execute(() -> abandon(pending));
            }
        });
        loop.execute(() -> enqueue(pending));
        return pending.future();
    }

    private void enqueue(Pending<?> pending) {
        if (closed) {
            pending.future().completeExceptionally(new IllegalStateException("the netlink client is closed"));
            return;
        }
        queue.add(pending);
        if (current == null) {
            advance();
        }
    }

    private void abandon(Pending<?> pending) {
        if (pending == current) {
            end();
            advance();
        }
    }

    /** Begins calls until one has to wait for its answer, or none is left. */
    private void advance() {
        while (current == null && !queue.isEmpty()) {
            Pending<?> next = queue.remove();
            if (!next.future().isDone()) {
                current = next;
                guarded(this::sendRound);
                guarded(this::receive);
            }
        }
    }

    private void onInput() {
        if (current == null) {
            Guard.failureOf(this::dropLate).ifPresent(damage -> discard());
        } else {
            guarded(this::receive);
            advance();
        }
    }

    /** Takes what comes while nothing is asked; left alone, it would be reported again and again. */
    private void dropLate() {
        Transport open = transport;
        while (open != null && open.receiveNow(exchange.inbox()) == Transport.Received.DATAGRAM) {
            exchange.drop();
        }
    }

    private void onBlind(SocketFailed reason) {
        if (loop.isShuttingDown()) {
            closeInLoop(reason);
            return;
        }
        Pending<?> pending = current;
        end();
        discard();
        if (pending != null) {
            fail(pending, reason);
        }
        advance();
    }

    /** Runs a step; whatever it throws is the outcome of the present call. */
    private void guarded(Runnable step) {
        Pending<?> pending = current;
        if (pending == null) {
            return;
        }
        Guard.failureOf(step).ifPresent(failure -> {
            end();
            fail(pending, failure);
        });
    }

    private static void fail(Pending<?> pending, Throwable thrown) {
        if (thrown instanceof NetlinkException failure) {
            Guard.failureOf(() -> pending.giveUp(failure)).ifPresent(pending.future()::completeExceptionally);
        } else {
            pending.future().completeExceptionally(thrown);
        }
    }

    private void sendRound() {
        while (current != null && !exchange.send(transport(), present().call())) {
            endRound();
        }
    }

    private void receive() {
        boolean movedOn = false;
        for (int i = 0; i < STRETCH && current != null; i++) {
            Call<?> call = present().call();
            switch (transport().receiveNow(exchange.inbox())) {
                case DATAGRAM -> {
                    boolean over = exchange.deliver(transport(), call);
                    if (exchange.accepted()) {
                        movedOn = true;
                        stopTimer();
                    }
                    if (over) {
                        endRound();
                    }
                }
                case OVERRUN -> call.overrun();
                case NOTHING -> {
                    call.idle();
                    startTimer();
                    return;
                }
            }
        }
        if (current != null) {
            if (!movedOn) {
                startTimer();
            }
            loop.execute(this::onInput);
        }
    }

    private void endRound() {
        Pending<?> pending = present();
        if (pending.call().again()) {
            stopTimer();
            sendRound();
        } else {
            end();
            pending.finish();
        }
    }

    /** Ends the present call; the socket is kept only if no answer to it can be on its way. */
    private void end() {
        Pending<?> pending = current;
        stopTimer();
        current = null;
        if (pending != null && !pending.call().settled()) {
            discard();
        }
    }

    private void startTimer() {
        if (timer == null) {
            timer = loop.schedule(this::onDeadline, deadline.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void stopTimer() {
        ScheduledFuture<?> running = timer;
        timer = null;
        if (running != null) {
            running.cancel(false);
        }
    }

    private void onDeadline() {
        Pending<?> pending = current;
        if (pending != null && timer != null) {
            end();
            fail(pending, new DeadlineExceeded(pending.call().describe(), deadline));
            advance();
        }
    }

    private Pending<?> present() {
        Pending<?> pending = current;
        if (pending == null) {
            throw new IllegalStateException("no call is under way");
        }
        return pending;
    }

    private Transport transport() {
        Transport open = transport;
        if (open == null) {
            open = factory.open(protocol);
            transport = open;
            boolean watched = false;
            try {
                watch = new InputWatch(loop, open, owner);
                watch.start();
                watched = true;
            } finally {
                if (!watched) {
                    discard();
                }
            }
        }
        return open;
    }

    private void discard() {
        InputWatch watching = watch;
        Transport open = transport;
        watch = null;
        transport = null;
        if (watching != null) {
            watching.stop();
        }
        if (open != null) {
            open.close();
        }
    }
}
