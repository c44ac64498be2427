// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import java.util.List;

/**
 * What a listing of the kernel held.
 *
 * @param entries each once
 * @param repeated whether some were listed more than once, which happens when others change the table meanwhile
 * @param length of all its messages, in bytes
 */
record Listing<T>(List<T> entries, boolean repeated, int length) {
    /**
     * Up to so many bytes came in one piece, which the kernel fills without a pause. It fills pieces of 32 KiB for a
     * reader that takes them, but where it finds no contiguous memory for one, it fills a page less what the kernel
     * keeps at its end: 3,776 bytes where that is 320.
     */
    private static final int ONE_PIECE = 3_700;

    /**
     * Tells whether entries may be missing though none is there twice: from a listing that may have had several
     * pieces, between which others delete what was listed already; and from one without entries, which is also the
     * answer for a service that is not there.
     */
    boolean needsAnotherLook() {
        return repeated || entries.isEmpty() || length > ONE_PIECE;
    }
}
