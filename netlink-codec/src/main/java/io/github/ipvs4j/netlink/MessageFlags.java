// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

/**
 * The bits of {@code nlmsg_flags}, under the kernel's names without the prefix {@code NLM_F_}.
 *
 * <p>Source: {@code include/uapi/linux/netlink.h}.
 */
public final class MessageFlags {
    /** The message is a request; without it the kernel executes nothing. */
    public static final int REQUEST = 0x001;

    /** The message belongs to an answer of several messages. */
    public static final int MULTI = 0x002;

    /** Ask for an acknowledgement also where there is no error. */
    public static final int ACK = 0x004;

    /** In an answer to a dump: the objects changed while they were listed. */
    public static final int DUMP_INTERRUPTED = 0x010;

    /** Ask for a listing ({@code NLM_F_ROOT | NLM_F_MATCH}). */
    public static final int DUMP = 0x300;

    /** In an answer to a dump: the kernel listed only what the request asked for. */
    static final int DUMP_FILTERED = 0x020;

    /** In a request to create: refuse what exists already. */
    public static final int EXCLUSIVE = 0x200;

    /** In a request to create: create what is missing. */
    public static final int CREATE = 0x400;

    /** In an error message: only the header of the request is echoed. */
    static final int CAPPED = 0x100;

    /** In an error or done message: extended-ACK attributes follow. */
    static final int ACK_ATTRIBUTES = 0x200;

    private MessageFlags() {}
}
