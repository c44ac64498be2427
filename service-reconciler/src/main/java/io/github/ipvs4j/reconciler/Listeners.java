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
        for (SyncListener listener : all) {
            listener.serviceChanged();
        }
    }

    @Override
    public void endpointsChanged() {
        for (SyncListener listener : all) {
            listener.endpointsChanged();
        }
    }

    @Override
    public void began(SyncCause cause) {
        for (SyncListener listener : all) {
            listener.began(cause);
        }
    }

    @Override
    public void ended(SyncReport report) {
        for (SyncListener listener : all) {
            listener.ended(report);
        }
    }
}
