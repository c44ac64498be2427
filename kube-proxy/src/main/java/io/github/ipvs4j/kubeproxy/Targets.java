// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import io.github.ipvs4j.netlink.NetlinkException;

/** Opens what the objects are applied to; this is the seam where tests put something else. */
interface Targets {
    /**
     * Opens the way to the kernel.
     *
     * @param nodeName the own node
     * @param configuration checked, with all defaults
     * @return what the objects are applied to
     * @throws NetlinkException if the kernel lacks something, or the process may not use it
     */
    Target open(String nodeName, KubeProxyConfiguration configuration);
}
