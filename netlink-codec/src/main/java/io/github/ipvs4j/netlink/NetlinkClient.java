// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Speaks one netlink protocol with the kernel: single requests, listings, and batches of requests.
 *
 * <p>Safe for use by many threads; they take turns. A call that hears nothing for as long as the deadline fails
 * with {@link DeadlineExceeded} and the socket is replaced, so that the next call works. Answers that belong to nobody
 * are counted and dropped.
 *
 * <pre>{@code
 * try (NetlinkClient client = NetlinkClient.builder(NetlinkProtocol.ROUTE).open()) {
 *     client.execute(request);
 * }
 * }</pre>
 */
public final class NetlinkClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NetlinkClient.class);

    private final ReentrantLock turn = new ReentrantLock();
    private final Exchange exchange;
    private final NetlinkProtocol protocol;
    private final Transport.Factory factory;
    private final Duration deadline;
    private @Nullable Transport transport;
    private boolean closed;

    private NetlinkClient(NetlinkProtocol protocol, Transport.Factory factory, Duration deadline, int longestAnswer) {
        this.protocol = protocol;
        this.factory = factory;
        this.deadline = deadline;
        this.exchange = new Exchange(protocol, longestAnswer);
    }

    /** Opens another client with these settings, to which the kernel sends datagrams of at most so many bytes. */
    NetlinkClient another(int longestAnswer) {
        return opened(new NetlinkClient(protocol, factory, deadline, longestAnswer));
    }

    private static NetlinkClient opened(NetlinkClient client) {
        boolean opened = false;
        try {
            client.transport();
            opened = true;
            return client;
        } finally {
            if (!opened) {
                client.close();
            }
        }
    }

    /**
     * Prepares a client.
     *
     * @param protocol what to speak
     * @return a builder with a deadline of five seconds and a socket in the present network namespace
     */
    public static Builder builder(NetlinkProtocol protocol) {
        return new Builder(protocol);
    }

    /**
     * Sends one request and waits for its acknowledgement.
     *
     * @param request what to do
     * @throws KernelRejected if the kernel refuses it
     * @throws DeadlineExceeded if no answer comes in time
     */
    public void execute(Request request) {
        run(SingleCall.acknowledged(request));
    }

    /**
     * Sends one request and reads its one answer.
     *
     * @param request what to ask
     * @param decoder makes the result of the answer, which is valid until it returns
     * @param <T> type of the result
     * @return what the decoder made
     * @throws KernelRejected if the kernel refuses it
     * @throws DeadlineExceeded if no answer comes in time
     * @throws MalformedReply if the answer cannot be read
     */
    public <T> T query(Request request, Function<MessageReader, T> decoder) {
        return run(SingleCall.answered(request, decoder));
    }

    /**
     * Lists objects; the kernel makes further parts as the consumer takes them.
     *
     * <p>A listing that the kernel calls disturbed is begun anew, up to four times.
     *
     * @param request what to list
     * @param consumer takes each message; it must not use this client
     * @return whether the last attempt was undisturbed
     * @throws KernelRejected if the kernel refuses it or breaks off
     * @throws DeadlineExceeded if a part does not come in time
     * @throws MalformedReply if an answer cannot be read
     */
    public DumpResult dump(Request request, DumpConsumer consumer) {
        return run(new DumpCall(request, consumer));
    }

    /**
     * Sends many requests in few datagrams; the kernel carries them out in order and goes on after a refusal.
     *
     * <p>Nothing the kernel answers is thrown; it stands in the outcome of the request it belongs to.
     *
     * @param requests what to do; not read again after this call
     * @return an outcome for each request, in the same order
     */
    public List<Outcome> batch(List<? extends Request> requests) {
        return requests.isEmpty() ? List.of() : run(new BatchCall(requests));
    }

    /**
     * Returns how many received messages answered nothing that was asked.
     *
     * @return the count since the client was opened
     */
    public long strayMessages() {
        return exchange.strayMessages();
    }

    /** Closes the socket and frees the buffers; a second call does nothing. */
    @Override
    public void close() {
        turn.lock();
        try {
            refuseConsumers();
            if (!closed) {
                closed = true;
                exchange.close();
                discard();
            }
        } finally {
            turn.unlock();
        }
    }

    private <T> T run(Call<T> call) {
        turn.lock();
        try {
            refuseConsumers();
            return runInTurn(call);
        } finally {
            turn.unlock();
        }
    }

    private void refuseConsumers() {
        if (turn.getHoldCount() > 1) {
            throw new IllegalStateException("a consumer of a listing cannot use the client that feeds it");
        }
    }

    private <T> T runInTurn(Call<T> call) {
        try {
            do {
                Transport current = transport();
                if (exchange.send(current, call)) {
                    await(current, call);
                }
            } while (call.again());
            return call.result();
        } catch (NetlinkException e) {
            return call.giveUp(e);
        } finally {
            // Answers may still be on their way, so the socket cannot be trusted any more.
            if (!call.settled()) {
                LOG.debug("NETLINK_{} socket given up; the next call opens a new one", protocol);
                discard();
            }
        }
    }

    private void await(Transport current, Call<?> call) {
        Patience patience = new Patience();
        while (true) {
            boolean heard = false;
            switch (current.receive(exchange.inbox())) {
                case DATAGRAM -> {
                    if (exchange.deliver(current, call)) {
                        return;
                    }
                    heard = exchange.accepted();
                }
                case OVERRUN -> call.overrun();
                case NOTHING -> call.idle();
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new DeadlineExceeded(call.describe());
            }
            if (patience.isOver(heard)) {
                throw new DeadlineExceeded(call.describe(), deadline);
            }
        }
    }

    /** Counts the time in which nothing is heard. While answers come the clock is not read, which costs as much. */
    private final class Patience {
        private boolean waiting;
        private long since;

        boolean isOver(boolean heard) {
            if (heard) {
                waiting = false;
                return false;
            }
            long now = System.nanoTime();
            if (!waiting) {
                waiting = true;
                since = now;
            }
            return now - since >= deadline.toNanos();
        }
    }

    private Transport transport() {
        if (closed) {
            throw new IllegalStateException("the netlink client is closed");
        }
        Transport current = transport;
        if (current == null) {
            current = factory.open(protocol);
            transport = current;
        }
        return current;
    }

    private void discard() {
        Transport current = transport;
        transport = null;
        if (current != null) {
            current.close();
        }
    }

    /** Settings of a client. */
    public static final class Builder {
        private final NetlinkProtocol protocol;
        private SocketSettings sockets = SocketSettings.DEFAULT;
        private Transport.@Nullable Factory other;
        private Duration deadline = Duration.ofSeconds(5);

        private Builder(NetlinkProtocol protocol) {
            this.protocol = protocol;
        }

        /**
         * Sets how long a call waits without hearing anything of its answer. A listing or a batch of many datagrams may
         * take longer, as long as it moves on.
         *
         * @param deadline more than zero; five seconds if not set
         * @return this
         */
        public Builder deadline(Duration deadline) {
            if (deadline.isNegative() || deadline.isZero()) {
                throw new IllegalArgumentException("deadline " + deadline + ": expected more than zero");
            }
            this.deadline = deadline;
            return this;
        }

        /**
         * Opens the sockets in another network namespace; no thread of the caller ever moves there.
         *
         * @param path for example {@code /run/netns/blue}; looked up again whenever a socket is replaced
         * @return this
         */
        public Builder namespace(Path path) {
            this.sockets = sockets.in(path);
            return this;
        }

        /**
         * Opens the sockets in the network namespace of a process; see {@link #namespace(Path)}.
         *
         * @param pid number of the process, which has to live as long as the client
         * @return this
         */
        public Builder namespace(long pid) {
            if (pid <= 0) {
                throw new IllegalArgumentException("process " + pid + ": expected a positive number");
            }
            return namespace(Path.of("/proc/" + pid + "/ns/net"));
        }

        /**
         * Sets how much may be on its way to the kernel, which limits the length of a batch's datagrams. With
         * {@code CAP_NET_ADMIN} the system's limit does not hold; without it the buffer is as large as that.
         *
         * @param bytes more than zero, the kernel doubles it; eight million if not set
         * @return this
         */
        public Builder sendBuffer(int bytes) {
            this.sockets = sockets.withSendBuffer(bytes);
            return this;
        }

        /**
         * Sets how much may wait to be read, which limits the number of requests in a batch's datagrams, and the events
         * that a slow listener may be behind. With {@code CAP_NET_ADMIN} the system's limit does not hold; without it
         * the buffer is as large as that.
         *
         * @param bytes more than zero, the kernel doubles it; eight million if not set
         * @return this
         */
        public Builder receiveBuffer(int bytes) {
            this.sockets = sockets.withReceiveBuffer(bytes);
            return this;
        }

        /**
         * Sets whether a subscription is told of events that were lost because the receive buffer was full. Without it
         * the kernel goes on with what comes next, and says nothing.
         *
         * @param wanted true if not set; a client refuses false, since it would take lost answers for success
         * @return this
         */
        public Builder reportOverruns(boolean wanted) {
            this.sockets = sockets.withOverrunReports(wanted);
            return this;
        }

        /**
         * Puts something else in the place of the kernel's sockets; namespace, buffers and overruns are its own affair
         * then.
         *
         * @param factory for example a simulated kernel
         * @return this
         */
        public Builder transport(Transport.Factory factory) {
            this.other = factory;
            return this;
        }

        NetlinkProtocol protocol() {
            return protocol;
        }

        Transport.Factory factory() {
            return other == null ? sockets : other;
        }

        /** Returns the factory for sockets that answers come from. */
        Transport.Factory clientFactory() {
            if (!sockets.overrunReports()) {
                throw new IllegalArgumentException(
                        "reportOverruns(false): a client would take lost answers for success; only subscriptions can"
                                + " go without");
            }
            return factory();
        }

        Duration deadline() {
            return deadline;
        }

        /**
         * Opens the client.
         *
         * @return a client that the caller closes
         * @throws SocketFailed if the system refuses the socket
         */
        public NetlinkClient open() {
            return opened(new NetlinkClient(protocol, clientFactory(), deadline, Exchange.LONGEST_ANSWER));
        }
    }
}
