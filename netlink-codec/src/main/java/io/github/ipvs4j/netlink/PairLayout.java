// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

/**
 * Two {@code struct mmsghdr} with an {@code iovec} each, as 64-bit systems have them, in host byte order.
 *
 * <pre>
 *   mmsghdr { name 8 | namelen 4, pad 4 | iov 8 | iovlen 8 | control 8 | controllen 8 | flags 4, pad 4 | len 4, pad 4 }
 *   iovec { base 8 | len 8 }
 * </pre>
 */
final class PairLayout {
    static final int SECOND = 64;
    static final int VECTORS = 2 * SECOND;
    static final int SECOND_VECTOR = VECTORS + 16;
    static final int SIZE = VECTORS + 32;

    static final int VECTOR = 16;
    static final int VECTOR_COUNT = 24;
    static final int LENGTH = 56;
    static final int VECTOR_LENGTH = 8;

    private PairLayout() {}
}
