// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads and writes the kernel's settings below {@code /proc/sys}, in the own or another network namespace. */
interface KernelSettings {
    /**
     * Reads a setting.
     *
     * @param key for example {@code net/ipv4/ip_forward}
     * @return its value without white space around it
     * @throws IOException if there is no such setting, or it cannot be read
     */
    String read(String key) throws IOException;

    /**
     * Writes a setting.
     *
     * @param key for example {@code net/ipv4/ip_forward}
     * @param value the new value
     * @throws IOException if it cannot be written
     */
    void write(String key, String value) throws IOException;

    /** Makes settings of the own network namespace. */
    static KernelSettings files(Path proc) {
        return new KernelSettings() {
            @Override
            public String read(String key) throws IOException {
                return Files.readString(path(key)).strip();
            }

            @Override
            public void write(String key, String value) throws IOException {
                Files.writeString(path(key), value + "\n");
            }

            private Path path(String key) {
                return proc.resolve("sys").resolve(key);
            }
        };
    }

    /** Makes settings of the network namespace that commands run in: {@code /proc/sys/net} is that of who opens it. */
    static KernelSettings commands(CommandRunner commands) {
        return new KernelSettings() {
            @Override
            public String read(String key) throws IOException {
                return run(List.of("cat", "/proc/sys/" + key), "").strip();
            }

            @Override
            public void write(String key, String value) throws IOException {
                run(List.of("tee", "/proc/sys/" + key), value + "\n");
            }

            private String run(List<String> command, String input) throws IOException {
                CommandRunner.Result result = commands.run(command, input);
                if (result.status() != 0) {
                    throw new IOException(
                            String.join(" ", command) + ": " + result.errors().strip());
                }
                return result.output();
            }
        };
    }
}
