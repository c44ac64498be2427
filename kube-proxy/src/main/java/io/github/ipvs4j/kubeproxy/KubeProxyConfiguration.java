// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import io.github.ipvs4j.ipvs.Scheduler;
import io.github.ipvs4j.ipvs.Timeouts;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpPrefix;
import io.github.ipvs4j.reconciler.LocalDetection;
import io.github.ipvs4j.reconciler.NodePortAddresses;
import java.time.Duration;
import java.util.List;

/**
 * What of kube-proxy's configuration matters to this program, checked and with all defaults.
 *
 * @param hostnameOverride the name of the own node; empty for the host name
 * @param bindAddress the node's address; unspecified for that of the Node
 * @param ipvs what is particular to this mode
 * @param masquerade what is masqueraded, and how it is marked
 * @param localDetection how traffic of the own node's pods is told from other traffic
 * @param nodePortAddresses where node ports are reached
 * @param conntrack limits of the connection tracking
 * @param oomScoreAdj how willing the kernel is to end this process when memory runs out
 * @param verbosity how much to log
 * @param serviceAnnotations whether Services choose by annotations; of this program only, and in no file
 */
record KubeProxyConfiguration(
        String hostnameOverride,
        IpAddress bindAddress,
        Ipvs ipvs,
        Masquerade masquerade,
        LocalDetection localDetection,
        NodePortAddresses nodePortAddresses,
        Conntrack conntrack,
        int oomScoreAdj,
        int verbosity,
        boolean serviceAnnotations) {

    /** Returns the same with or without choices by annotations. */
    KubeProxyConfiguration withServiceAnnotations(boolean chosen) {
        return new KubeProxyConfiguration(
                hostnameOverride,
                bindAddress,
                ipvs,
                masquerade,
                localDetection,
                nodePortAddresses,
                conntrack,
                oomScoreAdj,
                verbosity,
                chosen);
    }

    /**
     * The group {@code ipvs}.
     *
     * @param syncPeriod the longest time between two syncs
     * @param minSyncPeriod the shortest
     * @param scheduler of all virtual servers
     * @param excludeCidrs addresses whose virtual servers are left alone
     * @param strictArp whether the node answers ARP only for addresses of the interface that is asked
     * @param timeouts of idle connections; those of zero are left as they are
     */
    record Ipvs(
            Duration syncPeriod,
            Duration minSyncPeriod,
            Scheduler scheduler,
            List<IpPrefix> excludeCidrs,
            boolean strictArp,
            Timeouts timeouts) {
        Ipvs {
            excludeCidrs = List.copyOf(excludeCidrs);
        }
    }

    /**
     * What of the group {@code iptables} counts in this mode.
     *
     * @param all whether everything that goes to a cluster address is masqueraded
     * @param bit the bit of the packet mark that asks for it
     */
    record Masquerade(boolean all, int bit) {}

    /**
     * The group {@code conntrack}; zeros leave a setting as it is.
     *
     * @param maxPerCore how many connections for each processor
     * @param min how many at least
     * @param established time limit of TCP connections
     * @param closeWait time limit of TCP connections that one side closed
     * @param beLiberal whether packets out of the window are let through
     * @param udp time limit of UDP
     * @param udpStream time limit of UDP with answers
     */
    record Conntrack(
            int maxPerCore,
            int min,
            Duration established,
            Duration closeWait,
            boolean beLiberal,
            Duration udp,
            Duration udpStream) {}
}
