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
import io.netty.util.concurrent.ScheduledFuture;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tells, on an event loop, whenever a transport may have input. A transport without a descriptor is tried every
 * millisecond instead. All methods are to be called on the loop.
 */
final class InputWatch implements EpollIoHandle {
    private static final long RETRY_MILLIS = 1;

    private final @Nullable FileDescriptor descriptor;
    private final Runnable onInput;
    private @Nullable IoRegistration registration;
    private @Nullable ScheduledFuture<?> retries;
    private boolean stopped;

    InputWatch(IoEventLoop loop, Transport transport, Runnable onInput) {
        OptionalInt number = transport.descriptor();
        this.descriptor = number.isPresent() ? new FileDescriptor(number.getAsInt()) : null;
        this.onInput = onInput;
        if (descriptor == null) {
            retries = loop.scheduleWithFixedDelay(onInput, RETRY_MILLIS, RETRY_MILLIS, TimeUnit.MILLISECONDS);
        } else {
            loop.register(this).addListener(this::onRegistered);
        }
    }

    private void onRegistered(Future<? super IoRegistration> registered) {
        if (registered.getNow() instanceof IoRegistration done) {
            registration = done;
            if (stopped) {
                done.cancel();
            } else {
                // Registering alone listens for errors only.
                done.submit(EpollIoOps.EPOLLIN);
            }
        }
    }

    /** Stops watching; the transport may be closed afterwards. */
    void stop() {
        stopped = true;
        IoRegistration current = registration;
        if (current != null) {
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
            onInput.run();
        }
    }

    @Override
    public void close() {
        // Called when the loop is shut down; the descriptor belongs to the transport.
        stop();
    }
}
