// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import org.jspecify.annotations.Nullable;

/**
 * The one family of failures of this library's dealings with the kernel. The message says what was tried, on what, what
 * the kernel said, and what to do.
 */
public abstract sealed class NetlinkException extends RuntimeException
        permits KernelRejected, MalformedReply, DeadlineExceeded, ListingDisturbed, SocketFailed {
    private static final long serialVersionUID = 1L;

    NetlinkException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
