// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

/**
 * The error numbers that ipset adds to those of Linux. From 4352 on, what a number means depends on the type of the
 * set.
 *
 * <p>Source: {@code include/uapi/linux/netfilter/ipset/ip_set.h}, {@code ip_set_hash.h},
 * {@code ip_set_bitmap.h} and {@code ip_set_list.h}.
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

    /** {@code IPSET_ERR_EXIST_SETNAME2}: the new name is taken, or the second set is missing. */
    static final int EXIST_SECOND_NAME = 4101;

    /** {@code IPSET_ERR_TYPE_MISMATCH}: two sets cannot be swapped. */
    static final int TYPE_MISMATCH = 4102;

    /** {@code IPSET_ERR_EXIST}: an entry to add is there, or one to delete is not. */
    static final int EXIST = 4103;

    /** {@code IPSET_ERR_INVALID_CIDR}: the prefix length does not fit the type. */
    static final int INVALID_CIDR = 4104;

    /** {@code IPSET_ERR_INVALID_NETMASK}: the netmask or bitmask is out of range. */
    static final int INVALID_NETMASK = 4105;

    /** {@code IPSET_ERR_INVALID_FAMILY}: the type does not take this family. */
    static final int INVALID_FAMILY = 4106;

    /** {@code IPSET_ERR_TIMEOUT}: the set has no life times. */
    static final int TIMEOUT = 4107;

    /** {@code IPSET_ERR_REFERENCED}: the set is referred to, or being listed. */
    static final int REFERENCED = 4108;

    /** {@code IPSET_ERR_COUNTER}: the set has no counters. */
    static final int COUNTER = 4111;

    /** {@code IPSET_ERR_COMMENT}: the set has no comments. */
    static final int COMMENT = 4112;

    /** {@code IPSET_ERR_INVALID_MARKMASK}: the mask is zero. */
    static final int INVALID_MARKMASK = 4113;

    /** {@code IPSET_ERR_SKBINFO}: the set has no marks and the like. */
    static final int SKBINFO = 4114;

    /** {@code IPSET_ERR_HASH_FULL}: the set holds as many entries as it may. */
    static final int HASH_FULL = 4352;

    /** {@code IPSET_ERR_HASH_ELEM}: the entry is the null entry. */
    static final int HASH_ELEMENT = 4353;

    /** {@code IPSET_ERR_INVALID_PROTO}: the protocol is 0. */
    static final int HASH_INVALID_PROTOCOL = 4354;

    /** {@code IPSET_ERR_HASH_RANGE_UNSUPPORTED}: a range of IPv6 addresses. */
    static final int HASH_RANGE_UNSUPPORTED = 4356;

    /** {@code IPSET_ERR_HASH_RANGE}: the range is none, or all addresses. */
    static final int HASH_RANGE = 4357;

    /** {@code IPSET_ERR_NAME}: the set to put on a list does not exist. */
    static final int LIST_NAME = 4352;

    /** {@code IPSET_ERR_LOOP}: a list cannot be on a list. */
    static final int LIST_LOOP = 4353;

    /** {@code IPSET_ERR_BEFORE}: no member named to go before. */
    static final int LIST_BEFORE = 4354;

    /** {@code IPSET_ERR_NAMEREF}: the set to go next to does not exist. */
    static final int LIST_REFERENCE = 4355;

    /** {@code IPSET_ERR_LIST_FULL}: no room for another member. */
    static final int LIST_FULL = 4356;

    /** {@code IPSET_ERR_REF_EXIST}: the set to go next to is not on the list. */
    static final int LIST_REFERENCE_MISSING = 4357;

    /** {@code IPSET_ERR_BITMAP_RANGE_SIZE}: more than 65536 entries. */
    static final int BITMAP_RANGE_SIZE = 4353;

    /** {@code IPSET_ERR_BITMAP_RANGE}: the entry is outside the range of the set. */
    static final int BITMAP_RANGE = 4352;

    private IpsetErrors() {}
}
