// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.lab;

import java.io.Serial;

/** A command that was expected to succeed did not; the message has its words, its exit status and all its output. */
public final class CommandFailedException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1;

    /**
     * Describes the failure.
     *
     * @param result how the command ended
     */
    public CommandFailedException(CommandResult result) {
        super("status %d of: %s%n%s%s"
                .formatted(result.status(), String.join(" ", result.command()), result.errors(), result.output()));
    }
}
