// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import java.util.OptionalLong;

/** What a {@link SyncLoop} drives of a reconciler. */
record ReconcilerWork(Reconciler reconciler) implements SyncLoop.Work {
    @Override
    public SyncReport sync() {
        return reconciler.sync();
    }

    @Override
    public SyncReport resync() {
        return reconciler.resync();
    }

    @Override
    public SyncReport drain() {
        return reconciler.drain();
    }

    @Override
    public OptionalLong nextDrainDeadline() {
        return reconciler.nextDrainDeadline();
    }

    @Override
    public boolean isDisturbed() {
        return reconciler.isDisturbed();
    }
}
