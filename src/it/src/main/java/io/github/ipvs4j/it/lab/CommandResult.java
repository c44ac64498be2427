// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.lab;

import java.util.List;

/**
 * How a command ended.
 *
 * @param command its words
 * @param status its exit status
 * @param output what it wrote to its standard output
 * @param errors what it wrote to its standard error
 */
public record CommandResult(List<String> command, int status, String output, String errors) {

    /** Makes the words unmodifiable. */
    public CommandResult {
        command = List.copyOf(command);
    }

    /**
     * Tells a good end from a bad one.
     *
     * @return whether the exit status is 0
     */
    public boolean succeeded() {
        return status == 0;
    }

    /**
     * The output of a command that is not expected to fail.
     *
     * @return its standard output
     * @throws CommandFailedException if its exit status is not 0
     */
    public String orThrow() {
        if (!succeeded()) {
            throw new CommandFailedException(this);
        }
        return output;
    }
}
