// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

/** Takes objects, new, changed and gone; a {@link Reconciler} is one. */
public interface ObjectSink {
    /**
     * Takes a Service, new or changed.
     *
     * @param service replaces the one of the same name
     */
    void put(Service service);

    /**
     * Takes an EndpointSlice, new or changed; its Service may come later.
     *
     * @param slice replaces the one of the same name
     */
    void put(EndpointSlice slice);

    /**
     * Takes a Node, new or changed; only the own one counts.
     *
     * @param node replaces the one of the same name
     */
    void put(Node node);

    /**
     * Forgets a Service.
     *
     * @param name unknown names are ignored
     */
    void removeService(ObjectName name);

    /**
     * Forgets an EndpointSlice.
     *
     * @param name unknown names are ignored
     */
    void removeEndpointSlice(ObjectName name);

    /**
     * Forgets a Node.
     *
     * @param name unknown names are ignored
     */
    void removeNode(String name);
}
