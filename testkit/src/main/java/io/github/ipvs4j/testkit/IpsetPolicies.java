// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.testkit.AttributePolicy.Kind;
import io.github.ipvs4j.testkit.SetKind.Part;

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

    private static final AttributePolicy CREATE_COMMON =
            AttributePolicy.upTo(IpsetNumbers.CREATE_MAX).with(Kind.U32, IpsetNumbers.TIMEOUT, IpsetNumbers.CADT_FLAGS);

    private static final AttributePolicy CREATE_HASH = CREATE_COMMON
            .with(Kind.U32, IpsetNumbers.HASH_SIZE, IpsetNumbers.MAX_ELEMENTS, IpsetNumbers.INITVAL)
            .with(Kind.U8, IpsetNumbers.BUCKET_SIZE, IpsetNumbers.RESIZE);

    private static final AttributePolicy CREATE_ADDRESSES =
            CREATE_COMMON.with(Kind.NESTED, IpsetNumbers.IP, IpsetNumbers.IP_TO).with(Kind.U8, IpsetNumbers.CIDR);

    private static final AttributePolicy ADT_COMMON = AttributePolicy.upTo(IpsetNumbers.ADT_MAX)
            .with(Kind.U32, IpsetNumbers.TIMEOUT, IpsetNumbers.LINE, IpsetNumbers.SKB_PRIORITY)
            .with(Kind.U64, IpsetNumbers.BYTES, IpsetNumbers.PACKETS, IpsetNumbers.SKB_MARK)
            .with(Kind.U16, IpsetNumbers.SKB_QUEUE)
            .withLimited(Kind.NUL_STRING, IpsetNumbers.MAX_COMMENT, IpsetNumbers.COMMENT);

    private IpsetPolicies() {}

    private static AttributePolicy top() {
        return AttributePolicy.upTo(IpsetNumbers.ATTR_MAX).with(Kind.U8, IpsetNumbers.ATTR_PROTOCOL);
    }

    static AttributePolicy create(SetKind kind, KernelRelease release) {
        AttributePolicy policy = create(kind);
        if (kind.hasMask(release)) {
            policy = policy.with(Kind.U8, IpsetNumbers.NETMASK);
        }
        return kind.hasMask(release) && release.hasBitmasks() ? policy.with(Kind.NESTED, IpsetNumbers.BITMASK) : policy;
    }

    private static AttributePolicy create(SetKind kind) {
        return switch (kind) {
            case BITMAP_IP -> CREATE_ADDRESSES.with(Kind.U8, IpsetNumbers.NETMASK);
            case BITMAP_IP_MAC -> CREATE_ADDRESSES;
            case BITMAP_PORT -> CREATE_COMMON.with(Kind.U16, IpsetNumbers.PORT, IpsetNumbers.PORT_TO);
            case LIST_SET -> CREATE_COMMON.with(Kind.U32, IpsetNumbers.SIZE);
            case HASH_IP_MARK -> CREATE_HASH.with(Kind.U32, IpsetNumbers.MARK_MASK);
            case HASH_IP_PORT, HASH_NET_PORT, HASH_NET_INTERFACE -> CREATE_HASH.with(Kind.U8, IpsetNumbers.PROTO);
            default -> CREATE_HASH;
        };
    }

    static AttributePolicy element(SetKind kind) {
        AttributePolicy policy = ADT_COMMON;
        if (kind.hasAddress()) {
            policy = policy.with(Kind.NESTED, IpsetNumbers.IP);
        }
        if (kind.hasRange()) {
            policy = policy.with(Kind.NESTED, IpsetNumbers.IP_TO).with(Kind.U8, IpsetNumbers.CIDR);
        }
        if (kind.has(Part.PORT)) {
            policy = policy.with(Kind.U16, IpsetNumbers.PORT, IpsetNumbers.PORT_TO);
        }
        if (kind.hasProtocol()) {
            policy = policy.with(Kind.U8, IpsetNumbers.PROTO);
        }
        if (kind.hasSecond()) {
            policy = policy.with(Kind.NESTED, IpsetNumbers.IP2);
        }
        if (kind.has(Part.SECOND_NET)) {
            policy = policy.with(Kind.NESTED, IpsetNumbers.IP2_TO).with(Kind.U8, IpsetNumbers.CIDR2);
        }
        if (kind.hasNetworks()) {
            policy = policy.with(Kind.U32, IpsetNumbers.CADT_FLAGS);
        }
        return rare(policy, kind);
    }

    private static AttributePolicy rare(AttributePolicy common, SetKind kind) {
        AttributePolicy policy = common;
        if (kind.has(Part.MARK)) {
            policy = policy.with(Kind.U32, IpsetNumbers.MARK);
        }
        if (kind.has(Part.MAC)) {
            policy = policy.withLimited(Kind.BINARY, IpsetNumbers.ETHER_LENGTH, IpsetNumbers.ETHER);
        }
        if (kind == SetKind.HASH_IP_MAC) {
            policy = policy.with(Kind.NUL_STRING, IpsetNumbers.COMMENT);
        }
        if (kind.has(Part.DEVICE)) {
            policy = policy.withLimited(Kind.NUL_STRING, IpsetNumbers.MAX_DEVICE, IpsetNumbers.DEVICE);
        }
        return kind == SetKind.LIST_SET
                ? policy.withLimited(
                                Kind.STRING, IpsetNumbers.MAX_NAME + 1, IpsetNumbers.NAME, IpsetNumbers.NAME_REFERENCE)
                        .with(Kind.U32, IpsetNumbers.CADT_FLAGS)
                : policy;
    }
}
