// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.netlink.IpPrefix;
import java.util.List;

/**
 * How traffic of the cluster's own pods is told from other traffic. What comes from elsewhere to a cluster address is
 * masqueraded. In a family where nothing can be told, that is done to what comes from a cluster address itself, as
 * connections of the node do.
 */
public sealed interface LocalDetection {
    /**
     * By the source address, in every node alike.
     *
     * @param cidrs the blocks of the cluster's pods, of which the first of each family counts; none to tell nothing
     */
    record ClusterCidrs(List<IpPrefix> cidrs) implements LocalDetection {
        /** Copies the blocks. */
        public ClusterCidrs {
            cidrs = List.copyOf(cidrs);
        }
    }

    /** By the source address: the first block of each family of the own Node's {@code spec.podCIDRs}. */
    record NodeCidrs() implements LocalDetection {}

    /**
     * By the device through which it comes, a bridge that all pods of the node are attached to.
     *
     * @param name its name, for example {@code cni0}
     */
    record BridgeInterface(String name) implements LocalDetection {
        /** Checks the name. */
        public BridgeInterface {
            DeviceNames.check("bridge", name, DeviceNames.LONGEST);
        }
    }

    /**
     * By the device through which it comes, one for each pod.
     *
     * @param prefix what their names begin with, for example {@code veth}
     */
    record InterfaceNamePrefix(String prefix) implements LocalDetection {
        /** Checks the prefix, which must leave room for more. */
        public InterfaceNamePrefix {
            DeviceNames.check("prefix of devices", prefix, DeviceNames.LONGEST - 1);
        }
    }
}
