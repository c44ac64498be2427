// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

/**
 * Attribute numbers of an extended acknowledgement ({@code enum nlmsgerr_attrs}).
 *
 * <p>Source: {@code include/uapi/linux/netlink.h}.
 */
final class ExtendedAckAttributes {
    /** Text, NUL-terminated. */
    static final int MESSAGE = 1;

    /** u32, host order: offset of the offending attribute from the start of the request's header. */
    static final int OFFSET = 2;

    /** Nest: what the offending attribute should have looked like. */
    static final int POLICY = 4;

    /** u32, host order: type of an attribute that is missing. */
    static final int MISSING_TYPE = 5;

    /** u32, host order: offset of the nest in which it is missing; absent at the top level. */
    static final int MISSING_NEST = 6;

    private ExtendedAckAttributes() {}
}
