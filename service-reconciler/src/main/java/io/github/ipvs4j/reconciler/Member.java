// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.ipset.SetEntry;
import io.github.ipvs4j.netlink.IpFamily;
import org.jspecify.annotations.Nullable;

/** An entry of one of the sets. */
record Member(KubeSet set, IpFamily family, SetEntry entry) {
    // Written out: the JVM makes a record's own when it is first called, which a first sync would wait for.
    @Override
    public boolean equals(@Nullable Object object) {
        return object instanceof Member other
                && set == other.set
                && family == other.family
                && entry.equals(other.entry);
    }

    @Override
    public int hashCode() {
        return (set.hashCode() * 31 + family.number()) * 31 + entry.hashCode();
    }
}
