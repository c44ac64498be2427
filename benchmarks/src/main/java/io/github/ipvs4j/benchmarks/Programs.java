// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.benchmarks;

import java.io.IOException;

/** Runs programs beside which something is measured, or which prepare a measurement. */
final class Programs {
    private Programs() {}

    /**
     * Runs a program to its end, without its output.
     *
     * @throws IllegalStateException if it cannot be run or fails
     */
    static void run(String... command) {
        String line = String.join(" ", command);
        try {
            Process process = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            int status = process.waitFor();
            if (status != 0) {
                throw new IllegalStateException(line + ": ended with status " + status);
            }
        } catch (IOException e) {
            throw new IllegalStateException(line + ": cannot be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(line + ": interrupted", e);
        }
    }
}
