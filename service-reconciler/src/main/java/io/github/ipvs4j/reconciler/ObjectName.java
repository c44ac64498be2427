// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import org.jspecify.annotations.Nullable;

/**
 * The name of a namespaced Kubernetes object. Ordered by namespace, then by name.
 *
 * @param namespace the namespace, never empty
 * @param name the name in it, never empty
 */
public record ObjectName(String namespace, String name) implements Comparable<ObjectName> {
    /** Checks that neither part is empty. */
    public ObjectName {
        if (namespace.isEmpty() || name.isEmpty()) {
            throw new IllegalArgumentException(
                    "object name '" + namespace + "/" + name + "': expected a namespace and a name");
        }
    }

    @Override
    public int compareTo(ObjectName other) {
        int byNamespace = namespace.compareTo(other.namespace);
        return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }

    /** Returns {@code namespace/name}. */
    @Override
    public String toString() {
        return namespace + "/" + name;
    }

    // Written out, here and in what else every Service is made of: the JVM makes those of records when they are first
    // called, which takes as long as some dozen Services.
    @Override
    public boolean equals(@Nullable Object object) {
        return object instanceof ObjectName other && name.equals(other.name) && namespace.equals(other.namespace);
    }

    @Override
    public int hashCode() {
        return namespace.hashCode() * 31 + name.hashCode();
    }
}
