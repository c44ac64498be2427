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
 */
record Listing<T>(List<T> entries, boolean repeated, int pieces, int longestPiece, int longest) {
    /**
     * What a piece holds: 32 KiB, or, where the kernel finds no contiguous memory for that, a page, at most 8 KiB of
     * it; less what the kernel keeps at the end ({@code SKB_WITH_OVERHEAD}). It tries anew for each piece, so that a
     * large one says nothing about those that follow.
     */
    private static final int[] CAPACITIES = {(4 << 10) - 320, (8 << 10) - 320, (32 << 10) - 320};

    /** By so much the messages of one listing differ: the kernel aligns 64-bit numbers where the machine needs it. */
    private static final int PADDING = 64;

    /**
     * Tells whether entries may be missing though none is there twice: from a listing of several pieces, between which
     * others delete what was listed already; from one whose only piece may have been full, so that the kernel began
     * another; and from one without entries, which is also the answer for a service that is not there.
     */
    boolean needsAnotherLook() {
        return repeated || entries.isEmpty() || pieces > 1 || mayFillAPiece();
    }

    private boolean mayFillAPiece() {
        for (int capacity : CAPACITIES) {
            if (longestPiece <= capacity && longestPiece + longest + PADDING > capacity) {
                return true;
            }
        }
        return false;
    }
}
