// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors

/**
 * Kubernetes Services, EndpointSlices and Nodes turned into kernel state, the same as kube-proxy's IPVS mode leaves.
 *
 * <p>The entry point is {@link io.github.ipvs4j.reconciler.Reconciler}: it is fed plain records and brings virtual
 * servers, the addresses of {@code kube-ipvs0}, ipsets and iptables rules to what they ask for.
 */
@NullMarked
package io.github.ipvs4j.reconciler;

import org.jspecify.annotations.NullMarked;
