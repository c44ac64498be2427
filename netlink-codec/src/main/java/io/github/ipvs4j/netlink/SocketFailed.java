// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import org.jspecify.annotations.Nullable;

/** A netlink socket could not be opened or used; the message names the system call, its error and the remedy. */
public final class SocketFailed extends NetlinkException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes a failure.
     *
     * @param message what was tried, on what, what the system said, what to do
     * @param cause the failure below, if there is one
     */
    public SocketFailed(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
