// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.testkit.AttributePolicy.Kind;

/** What ipset says of the attributes of its requests; see the tables of {@code net/netfilter/ipset/}. */
final class IpsetPolicies {
    static final AttributePolicy PROTOCOL = top();

    static final AttributePolicy NAME =
            top().withLimited(Kind.NUL_STRING, IpsetNumbers.MAX_NAME, IpsetNumbers.ATTR_NAME);

    static final AttributePolicy TWO_NAMES =
            NAME.withLimited(Kind.NUL_STRING, IpsetNumbers.MAX_NAME, IpsetNumbers.ATTR_NAME2);

    static final AttributePolicy TYPE = top().withLimited(
                    Kind.NUL_STRING, IpsetNumbers.MAX_NAME, IpsetNumbers.ATTR_TYPE_NAME)
            .with(Kind.U8, IpsetNumbers.ATTR_FAMILY);

    static final AttributePolicy CREATE = TWO_NAMES
            .with(Kind.U8, IpsetNumbers.ATTR_REVISION, IpsetNumbers.ATTR_FAMILY)
            .with(Kind.NESTED, IpsetNumbers.ATTR_DATA);

    static final AttributePolicy LIST = NAME.with(Kind.U32, IpsetNumbers.ATTR_FLAGS);

    static final AttributePolicy ELEMENTS = NAME.with(Kind.U32, IpsetNumbers.ATTR_LINE)
            .with(Kind.NESTED, IpsetNumbers.ATTR_DATA, IpsetNumbers.ATTR_ENTRIES);

    static final AttributePolicy INDEX = top().with(Kind.U16, IpsetNumbers.ATTR_INDEX);

    static final AttributePolicy ADDRESS = AttributePolicy.upTo(IpsetNumbers.ADDRESS_MAX)
            .with(Kind.U32, IpsetNumbers.ADDRESS_IPV4)
            .withLimited(Kind.EXACT, 16, IpsetNumbers.ADDRESS_IPV6);

    private static final AttributePolicy CREATE_BITMAP = AttributePolicy.upTo(IpsetNumbers.CREATE_MAX)
            .with(Kind.U16, IpsetNumbers.PORT, IpsetNumbers.PORT_TO)
            .with(Kind.U32, IpsetNumbers.TIMEOUT, IpsetNumbers.CADT_FLAGS);

    private static final AttributePolicy CREATE_HASH = AttributePolicy.upTo(IpsetNumbers.CREATE_MAX)
            .with(
                    Kind.U32,
                    IpsetNumbers.HASH_SIZE,
                    IpsetNumbers.MAX_ELEMENTS,
                    IpsetNumbers.INITVAL,
                    IpsetNumbers.TIMEOUT,
                    IpsetNumbers.CADT_FLAGS)
            .with(Kind.U8, IpsetNumbers.BUCKET_SIZE, IpsetNumbers.RESIZE);

    private static final AttributePolicy ADT_COMMON = AttributePolicy.upTo(IpsetNumbers.ADT_MAX)
            .with(Kind.U32, IpsetNumbers.TIMEOUT, IpsetNumbers.LINE, IpsetNumbers.SKB_PRIORITY)
            .with(Kind.U64, IpsetNumbers.BYTES, IpsetNumbers.PACKETS, IpsetNumbers.SKB_MARK)
            .with(Kind.U16, IpsetNumbers.SKB_QUEUE)
            .withLimited(Kind.NUL_STRING, IpsetNumbers.MAX_COMMENT, IpsetNumbers.COMMENT);

    private IpsetPolicies() {}

    private static AttributePolicy top() {
        return AttributePolicy.upTo(IpsetNumbers.ATTR_MAX).with(Kind.U8, IpsetNumbers.ATTR_PROTOCOL);
    }

    static AttributePolicy create(SetKind kind) {
        return switch (kind) {
            case BITMAP_PORT -> CREATE_BITMAP;
            case HASH_IP -> CREATE_HASH.with(Kind.U8, IpsetNumbers.NETMASK);
            case HASH_IP_PORT -> CREATE_HASH.with(Kind.U8, IpsetNumbers.PROTO);
            case HASH_IP_PORT_IP, HASH_IP_PORT_NET -> CREATE_HASH;
        };
    }

    static AttributePolicy element(SetKind kind) {
        AttributePolicy policy = ADT_COMMON;
        if (kind.hasAddress()) {
            policy = policy.with(Kind.NESTED, IpsetNumbers.IP, IpsetNumbers.IP_TO)
                    .with(Kind.U8, IpsetNumbers.CIDR);
        }
        if (kind.hasPort()) {
            policy = policy.with(Kind.U16, IpsetNumbers.PORT, IpsetNumbers.PORT_TO);
        }
        if (kind.hasProtocol()) {
            policy = policy.with(Kind.U8, IpsetNumbers.PROTO);
        }
        if (kind.hasNetwork()) {
            policy = policy.with(Kind.NESTED, IpsetNumbers.IP2_TO)
                    .with(Kind.U8, IpsetNumbers.CIDR2)
                    .with(Kind.U32, IpsetNumbers.CADT_FLAGS);
        }
        return kind.hasSecondAddress() ? policy.with(Kind.NESTED, IpsetNumbers.IP2) : policy;
    }
}
