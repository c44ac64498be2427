// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

/**
 * Attributes of the DATA nest that holds a set's options, in CREATE and at the head of a listing. Integers are in
 * network order and, in requests, flagged so.
 *
 * <p>Source: {@code include/uapi/linux/netfilter/ipset/ip_set.h}.
 */
final class IpsetCreateAttributes {
    /** Nest with one address: first one of a range. */
    static final int IP_FROM = 1;

    /** Nest with one address: last one of a range. */
    static final int IP_TO = 2;

    /** u16: first port of a port range. */
    static final int PORT_FROM = 4;

    /** u16: last port of a port range. */
    static final int PORT_TO = 5;

    /** u32: seconds that an entry lives unless it says otherwise. */
    static final int TIMEOUT = 6;

    /** u32: bits for the extensions of the set, see below. */
    static final int FLAGS = 8;

    /** u32: bits of the mark that count; in answers in host order. */
    static final int MARKMASK = 11;

    /** Nest with one address: bits of addresses that count. */
    static final int BITMASK = 12;

    /** u32: start value of the hash. */
    static final int INITIAL_VALUE = 17;

    /** u32: number of buckets. */
    static final int HASH_SIZE = 18;

    /** u32: most entries. */
    static final int MAX_ELEMENTS = 19;

    /** u8: prefix length that addresses are cut to. */
    static final int NETMASK = 20;

    /** u8: most entries of a bucket. */
    static final int BUCKET_SIZE = 21;

    /** u32: room for members of a list. */
    static final int SIZE = 23;

    /** u32, in answers only: number of entries. */
    static final int ELEMENTS = 24;

    /** u32, in answers only: rules and sets that refer to the set. */
    static final int REFERENCES = 25;

    /** u32, in answers only: bytes of memory. */
    static final int MEMORY_SIZE = 26;

    /** In FLAGS: the entries count packets and bytes. */
    static final int FLAG_COUNTERS = 8;

    /** In FLAGS: the entries have comments. */
    static final int FLAG_COMMENT = 16;

    /** In FLAGS: a full set makes room by dropping an entry. */
    static final int FLAG_FORCEADD = 32;

    /** In FLAGS: the entries carry marks, priorities and queues. */
    static final int FLAG_SKBINFO = 64;

    private IpsetCreateAttributes() {}
}
