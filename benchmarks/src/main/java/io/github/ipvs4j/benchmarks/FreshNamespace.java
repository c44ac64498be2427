// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.benchmarks;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A network namespace of its own for one run, made and deleted by the program {@code ip}.
 *
 * <p>A table that is flushed and filled again measures the kernel's list of deleted destinations, so each run has a
 * namespace of its own. Its loopback device is up: otherwise the kernel refuses every destination, because it has no
 * routing table to tell what the address is.
 */
final class FreshNamespace implements AutoCloseable {
    private static final Path NAMESPACES = Path.of("/run/netns");
    private static final Path PROCESSES = Path.of("/proc");

    /** How a worker of the kernel's is called while it takes a deleted namespace apart. */
    private static final String WORKER = "+netns";

    /** The last socket lets go of its namespace a moment after it was closed, and then only the worker begins. */
    private static final Duration QUIET = Duration.ofMillis(150);

    private static final Duration PAUSE = Duration.ofMillis(15);

    /** Much longer than the kernel takes for the largest table, under emulation, too. */
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final String name;

    private FreshNamespace(String name) {
        this.name = name;
    }

    /**
     * Makes a namespace.
     *
     * @param number tells it from others of this process
     */
    static FreshNamespace create(int number) {
        String name = "ipvs4j-" + ProcessHandle.current().pid() + '-' + number;
        ip("netns", "add", name);
        FreshNamespace namespace = new FreshNamespace(name);
        ip("-n", name, "link", "set", "lo", "up");
        return namespace;
    }

    /** Returns the file that stands for the namespace. */
    Path path() {
        return NAMESPACES.resolve(name);
    }

    /** Deletes the namespace and waits until the kernel is done with it, so that it does not slow down what follows. */
    @Override
    public void close() {
        ip("netns", "del", name);
        long begin = System.nanoTime();
        long quietSince = begin;
        while (System.nanoTime() - quietSince < QUIET.toNanos()) {
            LockSupport.parkNanos(PAUSE.toNanos());
            if (isWorkerBusy()) {
                quietSince = System.nanoTime();
                requireSoon(quietSince - begin);
            }
        }
    }

    private void requireSoon(long nanoseconds) {
        if (nanoseconds > LONGEST.toNanos()) {
            throw new IllegalStateException("network namespace " + name + ": the kernel has not taken it apart within "
                    + LONGEST.toSeconds() + " s, so what follows cannot be measured");
        }
    }

    private static boolean isWorkerBusy() {
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROCESSES, "[0-9]*")) {
            for (Path process : processes) {
                if (name(process).endsWith(WORKER)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            throw new IllegalStateException("list " + PROCESSES, e);
        }
    }

    private static String name(Path process) {
        try {
            return Files.readString(process.resolve("comm")).strip();
        } catch (IOException gone) {
            return "";
        }
    }

    private static void ip(String... arguments) {
        String[] command = new String[arguments.length + 1];
        command[0] = "ip";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Programs.run(command);
    }
}
