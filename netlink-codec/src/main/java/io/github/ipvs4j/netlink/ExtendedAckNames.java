// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import static io.github.ipvs4j.netlink.AttributeKind.BITS32;
import static io.github.ipvs4j.netlink.AttributeKind.BYTES;
import static io.github.ipvs4j.netlink.AttributeKind.FLAG;
import static io.github.ipvs4j.netlink.AttributeKind.STRING;
import static io.github.ipvs4j.netlink.AttributeKind.U32;
import static io.github.ipvs4j.netlink.AttributeKind.U64;

/**
 * Names of the attributes of extended acknowledgements, and of those that describe what an attribute must look like.
 *
 * <p>Source: {@code include/uapi/linux/netlink.h}.
 */
final class ExtendedAckNames {
    /** {@code enum netlink_policy_type_attr}. */
    static final AttributeTable POLICY = AttributeTable.builder()
            .is(1, "NL_POLICY_TYPE_ATTR_TYPE", U32)
            .is(2, "NL_POLICY_TYPE_ATTR_MIN_VALUE_S", U64)
            .is(3, "NL_POLICY_TYPE_ATTR_MAX_VALUE_S", U64)
            .is(4, "NL_POLICY_TYPE_ATTR_MIN_VALUE_U", U64)
            .is(5, "NL_POLICY_TYPE_ATTR_MAX_VALUE_U", U64)
            .is(6, "NL_POLICY_TYPE_ATTR_MIN_LENGTH", U32)
            .is(7, "NL_POLICY_TYPE_ATTR_MAX_LENGTH", U32)
            .is(8, "NL_POLICY_TYPE_ATTR_POLICY_IDX", U32)
            .is(9, "NL_POLICY_TYPE_ATTR_POLICY_MAXTYPE", U32)
            .is(10, "NL_POLICY_TYPE_ATTR_BITFIELD32_MASK", BITS32)
            .is(11, "NL_POLICY_TYPE_ATTR_PAD", FLAG)
            .is(12, "NL_POLICY_TYPE_ATTR_MASK", U64)
            .build();

    /** {@code enum nlmsgerr_attrs}. */
    static final AttributeTable ATTRIBUTES = AttributeTable.builder()
            .is(ExtendedAckAttributes.MESSAGE, "NLMSGERR_ATTR_MSG", STRING)
            .is(ExtendedAckAttributes.OFFSET, "NLMSGERR_ATTR_OFFS", U32)
            .is(3, "NLMSGERR_ATTR_COOKIE", BYTES)
            .nest(ExtendedAckAttributes.POLICY, "NLMSGERR_ATTR_POLICY", POLICY)
            .is(ExtendedAckAttributes.MISSING_TYPE, "NLMSGERR_ATTR_MISS_TYPE", U32)
            .is(ExtendedAckAttributes.MISSING_NEST, "NLMSGERR_ATTR_MISS_NEST", U32)
            .build();

    private ExtendedAckNames() {}
}
