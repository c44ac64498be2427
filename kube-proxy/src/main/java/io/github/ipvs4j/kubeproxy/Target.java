// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import io.github.ipvs4j.reconciler.SyncReport;

/** What the objects are applied to: the reconciler; this is the seam where tests take its place. */
interface Target extends AutoCloseable {
    /** Remembers an object, new or changed. */
    void put(Manifest manifest);

    /** Forgets an object. */
    void remove(ObjectId id);

    /** Applies what changed since the last call, and tries again what failed then. */
    SyncReport sync();

    /** Looks for what others changed, and repairs it. */
    SyncReport resync();

    /** Deletes destinations whose last connection has ended. */
    SyncReport drain();

    /** Leaves the kernel as it is. */
    @Override
    void close();
}
