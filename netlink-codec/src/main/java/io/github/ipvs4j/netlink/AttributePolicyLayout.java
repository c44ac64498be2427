// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

/**
 * Attribute numbers of a policy ({@code enum netlink_policy_type_attr}), all in host order.
 *
 * <p>Source: {@code include/uapi/linux/netlink.h}.
 */
final class AttributePolicyLayout {
    /** u32. */
    static final int KIND = 1;

    /** u64 each. */
    static final int MIN_SIGNED = 2;

    static final int MAX_SIGNED = 3;
    static final int MIN_UNSIGNED = 4;
    static final int MAX_UNSIGNED = 5;

    /** u32 each. */
    static final int MIN_LENGTH = 6;

    static final int MAX_LENGTH = 7;
    static final int NESTED_POLICY = 8;
    static final int BITFIELD_MASK = 10;

    /** u64. */
    static final int MASK = 12;

    private AttributePolicyLayout() {}
}
