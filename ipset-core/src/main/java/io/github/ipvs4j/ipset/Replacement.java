// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import java.util.Optional;

/**
 * How a set was brought to what was wanted.
 *
 * @param way what was done
 * @param put number of entries that were added, or given other options
 * @param deleted number of entries that were deleted; with {@link Way#SWAPPED} none is deleted one by one
 * @param leftBehind name of a set with the old contents that could not be destroyed because somebody was listing it;
 *     the next replacement of the same set does that
 */
public record Replacement(Way way, int put, int deleted, Optional<String> leftBehind) {
    /** What was done. */
    public enum Way {
        /** There was no such set; it was created and filled. */
        CREATED,

        /** The set was as wanted. */
        UNCHANGED,

        /** Only the differences were carried out, additions first. */
        CHANGED,

        /** Another set was created and filled, and took the name of the old one at one stroke. */
        SWAPPED
    }

    Replacement(Way way, int put, int deleted) {
        this(way, put, deleted, Optional.empty());
    }
}
