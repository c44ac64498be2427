// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A running command and the lines that it has written so far, to its standard output or error. Thread-safe. */
public final class BackgroundCommand implements AutoCloseable {

    private final List<String> command;
    private final Process process;
    private final Lock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<String> lines = new ArrayList<>();
    private boolean complete;

    private BackgroundCommand(List<String> command, Process process) {
        this.command = command;
        this.process = process;
    }

    static BackgroundCommand start(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            BackgroundCommand started = new BackgroundCommand(List.copyOf(command), process);
            Thread reader = new Thread(started::readLines, "output of " + command.get(0));
            reader.setDaemon(true);
            reader.start();
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(String.join(" ", command), e);
        }
    }

    private void readLines() {
        try (BufferedReader reader = process.inputReader()) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                change(line);
            }
        } catch (IOException e) {
            change("(the rest of the output could not be read: " + e.getMessage() + ")");
        } finally {
            lock.lock();
            try {
                complete = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private void change(String line) {
        lock.lock();
        try {
            lines.add(line);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until the command writes a certain line, or returns at once when it has done so already.
     *
     * @param wanted tells the line
     * @param patience how long to wait
     * @return the line
     * @throws IllegalStateException if the command ends, or the time is over, without such a line; with all the lines
     */
    public String awaitLine(Predicate<String> wanted, Duration patience) {
        long left = patience.toNanos();
        int seen = 0;
        lock.lock();
        try {
            while (true) {
                for (; seen < lines.size(); seen++) {
                    if (wanted.test(lines.get(seen))) {
                        return lines.get(seen);
                    }
                }
                if (complete || left <= 0) {
                    throw new IllegalStateException("%s without the line awaited: %s%n%s"
                            .formatted(
                                    complete ? "end" : patience + " passed",
                                    String.join(" ", command),
                                    String.join("\n", lines)));
                }
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for: " + String.join(" ", command), e);
        } finally {
            lock.unlock();
        }
    }

    /**
     * What the command has written so far.
     *
     * @return its lines
     */
    public List<String> lines() {
        lock.lock();
        try {
            return List.copyOf(lines);
        } finally {
            lock.unlock();
        }
    }

    /**
     * The operating system's view of the command, to send it signals or ask whether it lives.
     *
     * @return its process
     */
    public ProcessHandle process() {
        return process.toHandle();
    }

    /**
     * Sends a signal.
     *
     * @param signal its name, like {@code TERM}
     */
    public void signal(String signal) {
        Place.HERE.run("kill", "-" + signal, Long.toString(process.pid()));
    }

    /** Closes the command's standard input, which ends those that read it. */
    public void endInput() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(String.join(" ", command), e);
        }
    }

    /**
     * Waits for the command's end; it has to be near.
     *
     * @return how it ended, with all that it has written as its output
     */
    public CommandResult await() {
        int status = Commands.await(process, command);
        lock.lock();
        try {
            for (long left = TimeUnit.SECONDS.toNanos(10); !complete && left > 0; ) {
                left = changed.awaitNanos(left);
            }
            String output = String.join("\n", lines);
            return new CommandResult(command, status, output.isEmpty() ? "" : output + "\n", "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for: " + String.join(" ", command), e);
        } finally {
            lock.unlock();
        }
    }

    /** Kills the command and what it has started. */
    @Override
    public void close() {
        Commands.kill(Stream.concat(process.descendants(), Stream.of(process.toHandle())));
        await();
    }
}
