// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import java.util.List;

/** Tells several listeners, in their order. */
record Listeners(List<SyncListener> all) implements SyncListener {
    Listeners {
        all = List.copyOf(all);
    }

    @Override
    public void serviceChanged() {
        all.forEach(SyncListener::serviceChanged);
    }

    @Override
    public void endpointsChanged() {
        all.forEach(SyncListener::endpointsChanged);
    }

    @Override
    public void began(SyncCause cause) {
        all.forEach(listener -> listener.began(cause));
    }

    @Override
    public void ended(SyncReport report) {
        all.forEach(listener -> listener.ended(report));
    }
}
