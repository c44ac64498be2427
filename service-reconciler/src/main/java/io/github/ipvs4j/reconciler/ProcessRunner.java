// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs programs as child processes. */
final class ProcessRunner implements CommandRunner {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessRunner.class);

    private static final Duration LONGEST = Duration.ofMinutes(1);

    /** Runs programs in another network namespace. */
    static CommandRunner in(Path namespace) {
        ProcessRunner here = new ProcessRunner();
        return (command, input) -> {
            List<String> whole = new ArrayList<>(List.of("nsenter", "--net=" + namespace, "--"));
            whole.addAll(command);
            return here.run(whole, input);
        };
    }

    @Override
    public Result run(List<String> command, String input) throws IOException {
        Process process = new ProcessBuilder(command).start();
        try {
            FutureTask<String> output = start(() -> read(process.getInputStream()));
            FutureTask<String> errors = start(() -> read(process.getErrorStream()));
            aside(() -> write(process.getOutputStream(), input));
            if (!process.waitFor(LONGEST.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException(String.join(" ", command) + ": did not end within " + LONGEST.toSeconds() + " s");
            }
            return new Result(process.exitValue(), output.get(), errors.get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(String.join(" ", command) + ": the thread was interrupted", e);
        } catch (ExecutionException e) {
            throw new IOException(String.join(" ", command) + ": its output could not be read", e.getCause());
        } finally {
            process.destroyForcibly();
        }
    }

    private static <T> FutureTask<T> start(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        aside(task);
        return task;
    }

    private static void aside(Runnable work) {
        Thread thread = new Thread(work, "ipvs4j-command");
        thread.setDaemon(true);
        thread.start();
    }

    private static String read(InputStream from) throws IOException {
        return new String(from.readAllBytes(), StandardCharsets.UTF_8);
    }

    private static void write(OutputStream to, String text) {
        try (to) {
            to.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // A program that ends without reading all of its input is judged by its exit status.
            LOG.debug("input of a program not written: {}", e.getMessage());
        }
    }
}
