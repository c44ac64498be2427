// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import java.util.List;

/**
 * What a sync would do to the kernel, by {@link Reconciler#plan()}.
 *
 * @param text what would be done, in the words of {@code sysctl}, {@code ipset restore}, {@code iptables-restore},
 *     {@code ip} and {@code ipvsadm -R}, each part under a line that begins with {@code #}; empty if nothing would be
 * @param failures what is known already that could not be done
 */
public record SyncPlan(String text, List<SyncReport.Failure> failures) {
    /** Copies the list. */
    public SyncPlan {
        failures = List.copyOf(failures);
    }

    /**
     * Tells whether nothing would be changed.
     *
     * @return true if the kernel is as it should be
     */
    public boolean isEmpty() {
        return text.isEmpty();
    }

    /** Returns the text. */
    @Override
    public String toString() {
        return text;
    }
}
