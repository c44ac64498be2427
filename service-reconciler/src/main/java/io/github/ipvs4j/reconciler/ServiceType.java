// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

/** The kinds of Service, as {@code spec.type} names them. */
public enum ServiceType {
    /** Reached on its cluster addresses only. */
    CLUSTER_IP,

    /** Reached on its cluster addresses, and on every node's address by its node ports. */
    NODE_PORT,

    /** Like {@link #NODE_PORT}; its load balancer's own addresses are not programmed yet. */
    LOAD_BALANCER,

    /** A name in DNS; nothing is programmed for it. */
    EXTERNAL_NAME
}
