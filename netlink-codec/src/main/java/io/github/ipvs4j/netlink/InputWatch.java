// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GenericFutureListener;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.OptionalInt;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells, on an event loop, whenever a transport may have input. A transport without a descriptor is tried every
 * millisecond instead. All methods are to be called on the loop.
 */
final class InputWatch implements EpollIoHandle {
    /** Whom the watch tells, on the loop. */
    interface Owner {
        /** There may be something to receive. */
        void input();

        /** Nothing will be told any more: the socket cannot be watched, or the loop is shut down. */
        void blind(SocketFailed reason);
    }

    private static final long RETRY_MILLIS = 1;

    private final IoEventLoop loop;
    private final @Nullable FileDescriptor descriptor;
    private final Owner owner;
    private @Nullable IoRegistration registration;
    private @Nullable ScheduledFuture<?> retries;
    private final GenericFutureListener<Future<Object>> terminated = end -> close();
    private boolean stopped;

    InputWatch(IoEventLoop loop, Transport transport, Owner owner) {
        OptionalInt number = transport.descriptor();
        this.loop = loop;
        this.descriptor = number.isPresent() ? new FileDescriptor(number.getAsInt()) : null;
        this.owner = owner;
    }

    /** Begins to watch; the owner may be told from here on. */
    void start() {
        // Netty does not close all handles of a loop that is shut down without a quiet period.
        loop.terminationFuture().addListener(terminated);
        if (descriptor == null) {
            retries = loop.scheduleWithFixedDelay(owner::input, RETRY_MILLIS, RETRY_MILLIS, TimeUnit.MILLISECONDS);
        } else {
            loop.register(this).addListener(this::onRegistered);
        }
    }

    private void onRegistered(Future<? super IoRegistration> registered) {
        if (!registered.isSuccess()) {
            stopped = true;
            owner.blind(new SocketFailed(
                    "watch a netlink socket on an event loop: "
                            + registered.cause().getMessage() + "; make the group with EpollIoHandler.newFactory()",
                    registered.cause()));
        } else if (registered.getNow() instanceof IoRegistration done) {
            registration = done;
            if (stopped) {
                done.cancel();
            } else {
                // Registering alone listens for errors only.
                done.submit(EpollIoOps.EPOLLIN);
            }
        }
    }

    /** Runs a step on a loop and waits for it; where the loop has come to its end, here and now. */
    static void onLoop(IoEventLoop loop, Runnable step) {
        if (loop.inEventLoop()) {
            step.run();
            return;
        }
        try {
            loop.submit(step).syncUninterruptibly();
        } catch (RejectedExecutionException e) {
            loop.terminationFuture().syncUninterruptibly();
            step.run();
        }
    }

    /** Stops watching; the transport may be closed afterwards. */
    void stop() {
        stopped = true;
        loop.terminationFuture().removeListener(terminated);
        IoRegistration current = registration;
        if (current != null && !loop.isTerminated()) {
            current.cancel();
        }
        ScheduledFuture<?> retrying = retries;
        if (retrying != null) {
            retrying.cancel(false);
        }
    }

    @Override
    public FileDescriptor fd() {
        if (descriptor == null) {
            throw new IllegalStateException("a transport without a descriptor is never registered");
        }
        return descriptor;
    }

    @Override
    public void handle(IoRegistration source, IoEvent event) {
        if (!stopped) {
            owner.input();
        }
    }

    /** Called when the loop is shut down; the descriptor belongs to the transport. */
    @Override
    public void close() {
        if (!stopped) {
            stop();
            owner.blind(new SocketFailed("watch a netlink socket on an event loop: the loop was shut down", null));
        }
    }
}
