// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import java.util.Arrays;

/**
 * What a family says of the attributes of one nest, and the check of an attribute against it.
 *
 * <p>Follows {@code validate_nla} in {@code lib/nlattr.c}. The liberal check is that of old families: unknown types are
 * stepped over and integers may be too long. The strict one refuses both, and wants the flag for nests.
 */
final class AttributePolicy {
    /** The kinds of attributes, most under the kernel's names without {@code NLA_}. */
    enum Kind {
        UNSPEC(0),
        U8(1),
        U16(2),
        U32(4),
        U64(8),
        STRING(0),
        NUL_STRING(0),
        BINARY(0),
        EXACT(0),
        AT_LEAST(0),
        NESTED(0);

        private final int length;

        Kind(int length) {
            this.length = length;
        }
    }

    private static final String FAILED = "Attribute failed policy validation";

    private final Kind[] kinds;
    private final int[] limits;

    private AttributePolicy(Kind[] kinds, int[] limits) {
        this.kinds = kinds;
        this.limits = limits;
    }

    /** Makes a policy for the types up to the given one, none of which it knows. */
    static AttributePolicy upTo(int maxType) {
        Kind[] kinds = new Kind[maxType + 1];
        Arrays.fill(kinds, Kind.UNSPEC);
        return new AttributePolicy(kinds, new int[maxType + 1]);
    }

    /** Returns this policy with some types known to be of a kind without a limit. */
    AttributePolicy with(Kind kind, int... types) {
        return with(kind, 0, types);
    }

    /** Returns this policy with some types known; the limit is a length in bytes, a NUL not counted, or 0 for none. */
    AttributePolicy with(Kind kind, int limit, int[] types) {
        Kind[] newKinds = kinds.clone();
        int[] newLimits = limits.clone();
        for (int type : types) {
            newKinds[type] = kind;
            newLimits[type] = limit;
        }
        return new AttributePolicy(newKinds, newLimits);
    }

    AttributePolicy withLimited(Kind kind, int limit, int... types) {
        return with(kind, limit, types);
    }

    int maxType() {
        return kinds.length - 1;
    }

    /**
     * Checks one attribute.
     *
     * @param raw the attribute's type with its flags
     * @param offset of the attribute from the start of its message
     */
    void check(byte[] bytes, int payload, int length, int raw, boolean strict, int offset) {
        int type = raw & NetlinkNumbers.ATTRIBUTE_TYPE_MASK;
        Kind kind = kinds[type];
        boolean nested = (raw & NetlinkNumbers.ATTRIBUTE_NESTED) != 0;
        if (strict && kind == Kind.UNSPEC) {
            throw new Refused(ErrorNumbers.EINVAL, "Unsupported attribute", offset);
        }
        if (strict && nested != (kind == Kind.NESTED)) {
            throw new Refused(
                    ErrorNumbers.EINVAL, nested ? "NLA_F_NESTED not expected" : "NLA_F_NESTED is missing", offset);
        }
        if (strict && kind.length > 0 && length != kind.length) {
            throw new Refused(ErrorNumbers.EINVAL, "invalid attribute length", offset);
        }
        checkLength(bytes, payload, length, kind, limits[type], offset);
    }

    private static void checkLength(byte[] bytes, int payload, int length, Kind kind, int limit, int offset) {
        boolean fits = switch (kind) {
            case NESTED -> length == 0 || length >= NetlinkNumbers.ATTRIBUTE_HEADER;
            case BINARY -> limit == 0 || length <= limit;
            case EXACT -> length == limit;
            case AT_LEAST -> length >= limit;
            case STRING -> isString(bytes, payload, length, limit);
            case NUL_STRING -> {
                int within = limit == 0 ? length : Math.min(length, limit + 1);
                if (!hasNul(bytes, payload, within)) {
                    throw new Refused(ErrorNumbers.EINVAL, FAILED, offset);
                }
                yield isString(bytes, payload, length, limit);
            }
            case UNSPEC, U8, U16, U32, U64 -> length >= kind.length;
        };
        if (!fits) {
            throw new Refused(kind == Kind.EXACT ? ErrorNumbers.EINVAL : ErrorNumbers.ERANGE, FAILED, offset);
        }
    }

    private static boolean isString(byte[] bytes, int payload, int length, int limit) {
        if (length < 1) {
            return false;
        }
        int characters = bytes[payload + length - 1] == 0 ? length - 1 : length;
        return limit == 0 || characters <= limit;
    }

    private static boolean hasNul(byte[] bytes, int payload, int length) {
        for (int i = payload; i < payload + length; i++) {
            if (bytes[i] == 0) {
                return true;
            }
        }
        return false;
    }
}
