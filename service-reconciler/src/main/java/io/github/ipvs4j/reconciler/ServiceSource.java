// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

/**
 * Where Services, EndpointSlices and Nodes come from, for example a folder of manifests or the watches of an API
 * server.
 *
 * <p>The owner of a {@link Reconciler} asks it whenever it may have news, and has nothing synced before
 * {@link #hasSynced()}:
 *
 * <pre>{@code
 * if (source.feed(reconciler)) {
 *     loop.changed();
 * }
 * if (source.hasSynced()) {
 *     loop.loaded();
 * }
 * loop.turn();
 * }</pre>
 *
 * <p>Used by one thread at a time. A source that learns its news on other threads keeps them until it is asked.
 */
public interface ServiceSource {
    /**
     * Tells all that is new since the last call, and everything there is in the first ones.
     *
     * @param sink takes it
     * @return whether there was anything
     */
    boolean feed(ObjectSink sink);

    /**
     * Tells whether all that there was at the beginning has been fed. What is synced before that would take what an
     * earlier run left in the kernel for unwanted.
     *
     * @return true from some time on for ever
     */
    boolean hasSynced();
}
