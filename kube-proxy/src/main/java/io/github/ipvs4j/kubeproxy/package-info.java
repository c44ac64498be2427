// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors

/**
 * The daemon that takes the place of kube-proxy in its IPVS mode.
 *
 * <p>{@link io.github.ipvs4j.kubeproxy.KubeProxy} is the program. It reads manifests from a folder, follows the folder,
 * and hands the objects to the reconciler, which programs the kernel.
 */
@NullMarked
package io.github.ipvs4j.kubeproxy;

import org.jspecify.annotations.NullMarked;
