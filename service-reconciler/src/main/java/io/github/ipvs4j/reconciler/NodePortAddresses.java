// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.netlink.IpPrefix;
import java.util.List;

/** On which of the node's addresses node ports are reached; never on those of Services, nor on loopback. */
public sealed interface NodePortAddresses {
    /**
     * On all, but IPv6 link-local ones.
     *
     * @return the choice
     */
    static NodePortAddresses all() {
        return new Within(List.of());
    }

    /**
     * On those in some blocks. A family without a block of its own, or with a block of length 0, is not restricted.
     *
     * @param blocks the blocks; all addresses if there are none
     */
    record Within(List<IpPrefix> blocks) implements NodePortAddresses {
        /** Copies the blocks. */
        public Within {
            blocks = List.copyOf(blocks);
        }
    }

    /**
     * On the node's own address of each family: see {@link ReconcilerBuilder#nodeIp}. A family of which the node has no
     * address of its own is not restricted, as in kube-proxy.
     */
    record Primary() implements NodePortAddresses {}
}
