// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import io.github.ipvs4j.netlink.GenericClient;
import java.util.List;

/**
 * What a listing of the kernel held.
 *
 * @param entries each once
 * @param repeated whether some were listed more than once, which happens when others change the table meanwhile
 * @param pieces in how many datagrams it came
 * @param length of all of these, in bytes
 * @param longestPiece length of the longest of these, in bytes
 * @param longest length of the longest message, in bytes
 * @param memory what the kernel took for the first piece, in bytes; 0 where that was not asked or cannot be told
 */
record Listing<T>(
        List<T> entries, boolean repeated, int pieces, int length, int longestPiece, int longest, int memory) {
    /** What a piece holds where the kernel found no contiguous memory for a larger one and pages have 4 KiB. */
    private static final int PAGE = (4 << 10) - 320;

    /** What a piece holds at most. The kernel tries anew for each; a large one says nothing of those that follow. */
    private static final int LARGE = (32 << 10) - 320;

    /** By so much the messages of one listing differ: the kernel aligns 64-bit numbers where the machine needs it. */
    private static final int PADDING = 64;

    /**
     * Tells whether entries may be missing though none is there twice: from a listing of several pieces, between which
     * others delete what was listed already; from one whose only piece may have been full, so that the kernel began
     * another; and from one without entries, which is also the answer for a service that is not there.
     *
     * <p>The memory taken for a piece is always more than it holds, and less than what the next larger one holds.
     * Nothing else is counted in it: a call reads its answers to the end, or the socket is replaced.
     */
    boolean needsAnotherLook() {
        return repeated
                || entries.isEmpty()
                || pieces > 1
                || (mayFill(PAGE) && memory < GenericClient.SHORT_PIECE)
                || (mayFill(GenericClient.SHORT_PIECE) && memory < LARGE)
                || mayFill(LARGE);
    }

    /** Tells whether only the memory that was taken can tell a piece with room for more from a full one. */
    boolean isAsLongAsAPiece() {
        return mayFill(PAGE) || mayFill(GenericClient.SHORT_PIECE);
    }

    /** Tells whether a short piece has no room for it. */
    boolean isLong() {
        return length + longest + PADDING > GenericClient.SHORT_PIECE;
    }

    private boolean mayFill(int capacity) {
        return longestPiece <= capacity && longestPiece + longest + PADDING > capacity;
    }
}
