// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

/**
 * How the payload of an attribute or the field of a header is to be read. Host byte order unless the name ends in
 * {@code BE}; an attribute that carries the flag for network byte order is in that order whatever its kind says.
 */
enum AttributeKind {
    U8,
    U16,
    U16BE,
    U32,
    U32BE,
    U64,
    U64BE,

    /** 32 bits that are flags or a mark rather than a number, better shown in hexadecimal. */
    BITS32,
    BITS32BE,

    /** Two words of flags: the bits, and the mask that says which of them count. */
    MASKED_BITS32,

    /** Ends at its NUL, or with the payload where there is none. */
    STRING,

    /** Has no payload; padding before a 64-bit value is of this kind too. */
    FLAG,

    /** 4 bytes of IPv4 or 16 of IPv6, in network order. */
    ADDRESS,

    /** 16 bytes whatever the family; IPv4 stands in the first four, followed by zeros. */
    WIDE_ADDRESS,

    /** IPVS's odd one: an IPv4 mask in network order, or an IPv6 prefix length in host order. */
    IPVS_NETMASK,

    /** Anything else. */
    BYTES,

    /** Attributes. */
    NESTED
}
