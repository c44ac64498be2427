// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import io.github.ipvs4j.reconciler.ObjectName;
import io.github.ipvs4j.reconciler.ObjectSink;

/**
 * What tells an object from all others of the cluster.
 *
 * @param kind its kind
 * @param namespace its namespace, empty for a Node
 * @param name its name
 */
record ObjectId(Kind kind, String namespace, String name) {
    /** The kinds of object that this program reads. */
    enum Kind {
        SERVICE("Service", "v1"),
        ENDPOINT_SLICE("EndpointSlice", "discovery.k8s.io/v1"),
        NODE("Node", "v1");

        private final String kindName;
        private final String apiVersion;

        Kind(String kindName, String apiVersion) {
            this.kindName = kindName;
            this.apiVersion = apiVersion;
        }

        String kindName() {
            return kindName;
        }

        String apiVersion() {
            return apiVersion;
        }

        @Override
        public String toString() {
            return kindName;
        }
    }

    /** Has the object forgotten. */
    void removeFrom(ObjectSink sink) {
        switch (kind) {
            case SERVICE -> sink.removeService(new ObjectName(namespace, name));
            case ENDPOINT_SLICE -> sink.removeEndpointSlice(new ObjectName(namespace, name));
            case NODE -> sink.removeNode(name);
        }
    }

    /** Returns for example {@code Service default/web}. */
    @Override
    public String toString() {
        return kind + " " + (namespace.isEmpty() ? name : namespace + "/" + name);
    }
}
