// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import io.github.ipvs4j.reconciler.ObjectSink;
import io.github.ipvs4j.reconciler.SyncLoop;
import io.github.ipvs4j.reconciler.SyncPlan;
import io.github.ipvs4j.reconciler.SyncReport;

/** What the objects are applied to: the reconciler; this is the seam where tests take its place. */
interface Target extends ObjectSink, SyncLoop.Work, AutoCloseable {
    /**
     * Finds out whether the kernel has the scheduler of all virtual servers.
     *
     * @throws io.github.ipvs4j.netlink.NetlinkException if it has not
     */
    void checkScheduler();

    /** Makes the kernel's settings, and nothing else. */
    SyncReport prepare();

    /** Removes from the kernel what this program has made. */
    SyncReport cleanup();

    /** Tells what a sync would do. */
    SyncPlan plan();

    /** Leaves the kernel as it is. */
    @Override
    void close();
}
