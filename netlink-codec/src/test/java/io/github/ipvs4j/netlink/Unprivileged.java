// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import io.netty.buffer.Unpooled;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/** Runs steps without any capability, whoever runs the tests: Linux keeps capabilities for each thread. */
final class Unprivileged {
    /** {@code _LINUX_CAPABILITY_VERSION_3}: a header of two words, and twice three words of bits. */
    private static final int VERSION = 0x20080522;

    private static final int HEADER = 2 * Integer.BYTES;
    private static final int DATA = 6 * Integer.BYTES;

    static {
        Native.register(Unprivileged.class, "c");
    }

    private Unprivileged() {}

    private static native int capset(byte[] header, byte[] data) throws LastErrorException;

    /** Runs a step on a thread of its own, and returns or throws what the step does. */
    static <T> T call(Supplier<T> step) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> result.completeAsync(
                () -> {
                    byte[] header = new byte[HEADER];
                    HostOrder.i32(Unpooled.wrappedBuffer(header), 0, VERSION);
                    capset(header, new byte[DATA]);
                    return step.get();
                },
                Runnable::run));
        thread.start();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        try {
            return result.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }
}
