// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs programs of the machine to their end. */
final class Commands {

    /** Far more than any command of a test takes; so that a hanging one fails its test and not the whole run. */
    private static final int PATIENCE_SECONDS = 120;

    private Commands() {}

    static CommandResult run(List<String> command, String input) {
        try {
            // Files instead of pipes: nobody has to read one while the other fills.
            Path folder = Files.createTempDirectory("command");
            Path in = Files.writeString(folder.resolve("in"), input);
            Path out = folder.resolve("out");
            Path errors = folder.resolve("errors");
            try {
                Process process = new ProcessBuilder(command)
                        .redirectInput(in.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(errors.toFile())
                        .start();
                int status = await(process, command);
                return new CommandResult(command, status, Files.readString(out), Files.readString(errors));
            } finally {
                for (Path file : List.of(in, out, errors, folder)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(String.join(" ", command), e);
        }
    }

    /** Waits for a process that is about to end, and returns its exit status. */
    static int await(Process process, List<String> command) {
        try {
            if (process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                return process.exitValue();
            }
            throw new IllegalStateException(
                    "no end after %d seconds: %s".formatted(PATIENCE_SECONDS, String.join(" ", command)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for: " + String.join(" ", command), e);
        } finally {
            kill(process.descendants());
            // By its handle: Process itself would also close the streams under whoever still reads them.
            process.toHandle().destroyForcibly();
        }
    }

    /** Kills processes and waits until they are gone. */
    static void kill(Stream<ProcessHandle> processes) {
        List<ProcessHandle> handles = processes.toList();
        handles.forEach(ProcessHandle::destroyForcibly);
        handles.forEach(handle ->
                handle.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join());
    }
}
