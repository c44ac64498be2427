// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

/**
 * The error numbers that ipset adds to those of Linux. From 4352 on, what a number means depends on the type of the
 * set.
 *
 * <p>Source: {@code include/uapi/linux/netfilter/ipset/ip_set.h}, {@code ip_set_hash.h} and {@code ip_set_bitmap.h}.
 */
final class IpsetErrors {
    /** {@code IPSET_ERR_PROTOCOL}: the request is malformed for this set. */
    static final int PROTOCOL = 4097;

    /** {@code IPSET_ERR_FIND_TYPE}: the type is missing, not for this family, or not in this revision. */
    static final int FIND_TYPE = 4098;

    /** {@code IPSET_ERR_MAX_SETS}: no room for more sets. */
    static final int MAX_SETS = 4099;

    /** {@code IPSET_ERR_BUSY}: the set is referred to, or being listed. */
    static final int BUSY = 4100;

    /** {@code IPSET_ERR_EXIST}: an entry to add is there, or one to delete is not. */
    static final int EXIST = 4103;

    /** {@code IPSET_ERR_INVALID_FAMILY}: the type does not take this family. */
    static final int INVALID_FAMILY = 4106;

    /** {@code IPSET_ERR_HASH_FULL}: the set holds as many entries as it may. */
    static final int HASH_FULL = 4352;

    /** {@code IPSET_ERR_HASH_ELEM}: the entry is the null entry. */
    static final int HASH_ELEMENT = 4353;

    /** {@code IPSET_ERR_INVALID_PROTO}: the protocol is 0. */
    static final int HASH_INVALID_PROTOCOL = 4354;

    /** {@code IPSET_ERR_BITMAP_RANGE}: the entry is outside the range of the set. */
    static final int BITMAP_RANGE = 4352;

    private IpsetErrors() {}
}
