// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import java.util.List;

/**
 * What a listing of the kernel held.
 *
 * @param entries each once
 * @param repeated whether some were listed more than once, which happens when others change the table meanwhile
 * @param pieces in how many datagrams it came
 * @param longestPiece length of the longest of these, in bytes
 * @param longest length of the longest message, in bytes
 * @param memory what the kernel took for the first piece, in bytes; 0 where that cannot be told
 */
record Listing<T>(List<T> entries, boolean repeated, int pieces, int longestPiece, int longest, int memory) {
    /**
     * What a piece holds where the kernel finds contiguous memory for it: 32 KiB less what it keeps at the end
     * ({@code SKB_WITH_OVERHEAD}). It tries anew for each piece, so that a large one says nothing about those that
     * follow.
     */
    private static final int LARGE = (32 << 10) - 320;

    /** What a piece holds otherwise. */
    private static final int PAGE = (4 << 10) - 320;

    /** The same where pages are larger. */
    private static final int PART_OF_LARGER_PAGE = (8 << 10) - 320;

    /**
     * A piece for which the kernel took more memory is a large one. Nothing else is counted: a call reads its answers
     * to the end, or the socket is replaced.
     */
    private static final int MEMORY_OF_SMALL = 16 << 10;

    /** By so much the messages of one listing differ: the kernel aligns 64-bit numbers where the machine needs it. */
    private static final int PADDING = 64;

    /**
     * Tells whether entries may be missing though none is there twice: from a listing of several pieces, between which
     * others delete what was listed already; from one whose only piece may have been full, so that the kernel began
     * another, unless the memory taken for it had room for more; and from one without entries, which is also the answer
     * for a service that is not there.
     */
    boolean needsAnotherLook() {
        return repeated
                || entries.isEmpty()
                || pieces > 1
                || mayFill(LARGE)
                || (memory <= MEMORY_OF_SMALL && (mayFill(PAGE) || mayFill(PART_OF_LARGER_PAGE)));
    }

    private boolean mayFill(int capacity) {
        return longestPiece <= capacity && longestPiece + longest + PADDING > capacity;
    }
}
