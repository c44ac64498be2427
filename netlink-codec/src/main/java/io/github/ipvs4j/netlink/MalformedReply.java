// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

/**
 * What was received does not follow netlink's framing, or an attribute is shorter than its meaning needs.
 *
 * <p>This is the only exception that decoders raise over bytes, whatever the bytes are.
 */
public final class MalformedReply extends NetlinkException {
    private static final long serialVersionUID = 1L;

    /** Where the fault lies, in bytes. */
    private final int offset;

    /** The attribute types that lead to the fault. */
    private final String attributePath;

    MalformedReply(String problem, int offset, String attributePath) {
        super("decode netlink message: " + problem + " (offset " + offset + ", attribute " + attributePath + ")", null);
        this.offset = offset;
        this.attributePath = attributePath;
    }

    /**
     * Returns where the fault lies.
     *
     * @return for an attribute, bytes from the start of its message; for a message, bytes from the start of the
     * datagram
     */
    public int offset() {
        return offset;
    }

    /**
     * Returns the attribute types that lead to the fault.
     *
     * @return for example {@code 1/10/4}
     */
    public String attributePath() {
        return attributePath;
    }
}
