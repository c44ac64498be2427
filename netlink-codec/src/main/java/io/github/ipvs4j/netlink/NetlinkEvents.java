// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import java.util.concurrent.RejectedExecutionException;

/**
 * A subscription to multicast groups of one netlink protocol, delivered on a loop of a Netty epoll group.
 *
 * <p>Events that the kernel had to drop because they came faster than they were taken are reported as
 * {@link Listener#overrun()}, never swallowed: the listener then reads the whole state again.
 */
public final class NetlinkEvents implements AutoCloseable {
    private static final int RECEIVE_BUFFER = 64 << 10;

    private final IoEventLoop loop;
    private final Transport transport;
    private final Listener listener;
    private final ByteBuf in;
    private final MessageReader reader = new MessageReader();
    private final InputWatch watch;
    private boolean closed;

    /** Takes events, on the event loop; must not block. */
    public interface Listener {
        /**
         * Takes one event. What this throws ends the subscription.
         *
         * @param message valid until this method returns
         */
        void message(MessageReader message);

        /** Told when events were lost. */
        void overrun();

        /**
         * Told when the subscription has ended because of a failure.
         *
         * @param failure the reason
         */
        void failed(NetlinkException failure);
    }

    private NetlinkEvents(IoEventLoop loop, Transport transport, Listener listener) {
        this.loop = loop;
        this.transport = transport;
        this.listener = listener;
        this.watch = new InputWatch(loop, transport, new InputWatch.Owner() {
            @Override
            public void input() {
                onInput();
            }

            @Override
            public void blind(SocketFailed reason) {
                end(reason);
            }
        });
        this.in = UnpooledByteBufAllocator.DEFAULT.directBuffer(RECEIVE_BUFFER, RECEIVE_BUFFER);
    }

    /**
     * Subscribes.
     *
     * @param settings protocol, namespace and the like; the deadline plays no part
     * @param loops a group made with {@code EpollIoHandler.newFactory()}; it stays the caller's
     * @param listener takes the events
     * @param groups numbers of the multicast groups
     * @return the subscription, which the caller closes
     * @throws SocketFailed if the system refuses the socket or a group
     */
    public static NetlinkEvents open(
            NetlinkClient.Builder settings, IoEventLoopGroup loops, Listener listener, int... groups) {
        Transport transport = settings.factory().open(settings.protocol());
        boolean begun = false;
        try {
            for (int group : groups) {
                transport.join(group);
            }
            NetlinkEvents events = new NetlinkEvents(loops.next(), transport, listener);
            events.begin();
            begun = true;
            return events;
        } finally {
            if (!begun) {
                transport.close();
            }
        }
    }

    /** Begins to listen; a subscription that could not begin is closed. */
    private void begin() {
        boolean begun = false;
        try {
            if (loop.inEventLoop()) {
                watch.start();
            } else {
                loop.submit(watch::start).syncUninterruptibly();
            }
            begun = true;
        } catch (RejectedExecutionException e) {
            throw new SocketFailed("subscribe to netlink events: the event loop is shut down", e);
        } finally {
            if (!begun) {
                close();
            }
        }
    }

    private void onInput() {
        if (!closed) {
            Guard.failureOf(this::receive).ifPresent(this::end);
        }
    }

    /** Ends the subscription because of a failure, which may be one of the listener itself. */
    private void end(Throwable cause) {
        if (!closed) {
            closeInLoop();
            listener.failed(
                    cause instanceof NetlinkException failure
                            ? failure
                            : new SocketFailed("take netlink events: the listener failed: " + cause, cause));
        }
    }

    /** Takes one datagram at a time; the watch reports again while there are more, and others have their turn. */
    private void receive() {
        switch (transport.receiveNow(in)) {
            case DATAGRAM -> {
                reader.over(in);
                while (!closed && reader.next()) {
                    listener.message(reader);
                }
            }
            case OVERRUN -> listener.overrun();
            case NOTHING -> {
                // Somebody else's wake-up.
            }
        }
    }

    /**
     * Ends the subscription; a second call does nothing. When called from another thread than the loop's, no event is
     * delivered after it returns.
     */
    @Override
    public void close() {
        InputWatch.onLoop(loop, this::closeInLoop);
    }

    /** On the loop; when that has ended, on the thread that closes and on the one that tells of the end. */
    private synchronized void closeInLoop() {
        if (!closed) {
            closed = true;
            watch.stop();
            transport.close();
            in.release();
        }
    }
}
