// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import java.util.HashMap;
import java.util.Map;

/**
 * Equal values kept once, as long as somebody uses them: the name of a node, say, that ten thousand endpoints carry.
 *
 * @param <T> immutable values
 */
final class Pool<T> {
    private final Map<T, Shared<T>> values = new HashMap<>();

    private static final class Shared<T> {
        private final T value;
        private int uses;

        Shared(T value) {
            this.value = value;
        }
    }

    /** Returns the one that is kept; each call must be followed by a {@link #release} some day. */
    T share(T value) {
        Shared<T> shared = values.computeIfAbsent(value, Shared::new);
        shared.uses++;
        return shared.value;
    }

    /** Says that one use has ended. */
    void release(T value) {
        values.computeIfPresent(value, (key, shared) -> --shared.uses == 0 ? null : shared);
    }

    /** Tells whether nothing is kept. */
    boolean isEmpty() {
        return values.isEmpty();
    }
}
