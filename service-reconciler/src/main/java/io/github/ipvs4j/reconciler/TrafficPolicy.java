// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

/** Which endpoints a Service may use for a kind of traffic. */
public enum TrafficPolicy {
    /** All of the cluster. */
    CLUSTER,

    /**
     * Those of the own node. Where it has none, node ports, and the cluster addresses of a Service that has node ports,
     * fall back to all of the cluster, as kube-proxy does.
     */
    LOCAL
}
