// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import io.github.ipvs4j.reconciler.EndpointSlice;
import io.github.ipvs4j.reconciler.Node;
import io.github.ipvs4j.reconciler.ObjectSink;
import io.github.ipvs4j.reconciler.Service;

/**
 * One object as a file has it.
 *
 * @param id what it is called
 * @param place where it begins
 * @param body what it says
 */
record Manifest(ObjectId id, Place place, Body body) {
    /** What an object says, by kind. */
    sealed interface Body {
        /** Tells it. */
        void putInto(ObjectSink sink);
    }

    /** A Service. */
    record OfService(Service service) implements Body {
        @Override
        public void putInto(ObjectSink sink) {
            sink.put(service);
        }
    }

    /** An EndpointSlice. */
    record OfSlice(EndpointSlice slice) implements Body {
        @Override
        public void putInto(ObjectSink sink) {
            sink.put(slice);
        }
    }

    /** A Node. */
    record OfNode(Node node) implements Body {
        @Override
        public void putInto(ObjectSink sink) {
            sink.put(node);
        }
    }
}
