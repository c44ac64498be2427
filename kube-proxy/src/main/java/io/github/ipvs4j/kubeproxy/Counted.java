// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

/** Puts numbers in front of words. */
final class Counted {
    private Counted() {}

    /** Returns for example {@code 1 Service} or {@code 2 Services}. */
    static String of(long count, String word) {
        return count + " " + word + (count == 1 ? "" : "s");
    }
}
