// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import java.time.Duration;

/**
 * No answer came in time, or waiting for it was interrupted: the outcome of the request is unknown, it may or may not
 * have been carried out. The socket has been replaced, so that a late answer cannot be taken for that of a later
 * request.
 */
public final class DeadlineExceeded extends NetlinkException {
    private static final long serialVersionUID = 1L;

    DeadlineExceeded(String request, Duration deadline) {
        super(
                request + ": no answer from the kernel within " + deadline.toMillis()
                        + " ms, the outcome is unknown; read the state again before repeating it",
                null);
    }

    DeadlineExceeded(String request) {
        super(
                request + ": the thread was interrupted while it waited, the outcome is unknown; "
                        + "read the state again before repeating it",
                null);
    }
}
