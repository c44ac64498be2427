// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import org.jspecify.annotations.Nullable;

/** Ends the execution of a request with an error for the client; it never leaves this package. */
final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int errno;
    private final @Nullable String text;
    private final int offset;

    Refused(int errno) {
        this(errno, null, 0);
    }

    Refused(int errno, String text) {
        this(errno, text, 0);
    }

    /**
     * Makes a refusal.
     *
     * @param errno positive
     * @param text for the extended acknowledgement
     * @param offset of the offending attribute from the start of the request, 0 for none
     */
    Refused(int errno, @Nullable String text, int offset) {
        super(text, null, false, false);
        this.errno = errno;
        this.text = text;
        this.offset = offset;
    }

    int errno() {
        return errno;
    }

    @Nullable
    String text() {
        return text;
    }

    int offset() {
        return offset;
    }
}
