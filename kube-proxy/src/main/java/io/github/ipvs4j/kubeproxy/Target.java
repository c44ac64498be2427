// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import io.github.ipvs4j.reconciler.SyncLoop;

/** What the objects are applied to: the reconciler; this is the seam where tests take its place. */
interface Target extends SyncLoop.Work, AutoCloseable {
    /** Remembers an object, new or changed. */
    void put(Manifest manifest);

    /** Forgets an object. */
    void remove(ObjectId id);

    /** Leaves the kernel as it is. */
    @Override
    void close();
}
