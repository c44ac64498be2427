// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.ipset.SetDefinition;
import io.github.ipvs4j.ipset.SetType;
import io.github.ipvs4j.netlink.IpFamily;

/**
 * The ipsets of kube-proxy's IPVS mode, each of which exists once for each family, in the order in which entries are
 * added: what lets traffic through comes before {@link #LOAD_BALANCER_FW} and {@link #IPVS_IPS}, which refuse the rest.
 */
enum KubeSet {
    LOOP_BACK(
            "LOOP-BACK",
            SetType.HASH_IP_PORT_IP,
            "Kubernetes endpoints dst ip:port, source ip for solving hairpin purpose"),
    CLUSTER_IP("CLUSTER-IP", SetType.HASH_IP_PORT, "Kubernetes service cluster ip + port for masquerade purpose"),
    EXTERNAL_IP(
            "EXTERNAL-IP",
            SetType.HASH_IP_PORT,
            "Kubernetes service external ip + port for masquerade and filter purpose"),
    EXTERNAL_IP_LOCAL(
            "EXTERNAL-IP-LOCAL",
            SetType.HASH_IP_PORT,
            "Kubernetes service external ip + port with externalTrafficPolicy=local"),
    LOAD_BALANCER("LOAD-BALANCER", SetType.HASH_IP_PORT, "Kubernetes service lb portal"),
    LOAD_BALANCER_LOCAL(
            "LOAD-BALANCER-LOCAL",
            SetType.HASH_IP_PORT,
            "Kubernetes service load balancer ip + port with externalTrafficPolicy=local"),
    LOAD_BALANCER_SOURCE_IP(
            "LOAD-BALANCER-SOURCE-IP",
            SetType.HASH_IP_PORT_IP,
            "Kubernetes service load balancer ip + port + source IP for packet filter purpose"),
    LOAD_BALANCER_SOURCE_CIDR(
            "LOAD-BALANCER-SOURCE-CIDR",
            SetType.HASH_IP_PORT_NET,
            "Kubernetes service load balancer ip + port + source cidr for packet filter purpose"),
    LOAD_BALANCER_FW(
            "LOAD-BALANCER-FW",
            SetType.HASH_IP_PORT,
            "Kubernetes service load balancer ip + port for load balancer with sourceRange"),
    NODE_PORT_LOCAL_TCP(
            "NODE-PORT-LOCAL-TCP",
            SetType.BITMAP_PORT,
            "Kubernetes nodeport TCP port with externalTrafficPolicy=local"),
    NODE_PORT_TCP("NODE-PORT-TCP", SetType.BITMAP_PORT, "Kubernetes nodeport TCP port for masquerade purpose"),
    NODE_PORT_LOCAL_UDP(
            "NODE-PORT-LOCAL-UDP",
            SetType.BITMAP_PORT,
            "Kubernetes nodeport UDP port with externalTrafficPolicy=local"),
    NODE_PORT_UDP("NODE-PORT-UDP", SetType.BITMAP_PORT, "Kubernetes nodeport UDP port for masquerade purpose"),
    NODE_PORT_LOCAL_SCTP(
            "NODE-PORT-LOCAL-SCTP-HASH",
            SetType.HASH_IP_PORT,
            "Kubernetes nodeport SCTP port with externalTrafficPolicy=local with type 'hash ip:port'"),
    NODE_PORT_SCTP(
            "NODE-PORT-SCTP-HASH",
            SetType.HASH_IP_PORT,
            "Kubernetes nodeport SCTP port for masquerade purpose with type 'hash ip:port'"),
    HEALTH_CHECK_NODE_PORT("HEALTH-CHECK-NODE-PORT", SetType.BITMAP_PORT, "Kubernetes health check node port"),
    IPVS_IPS("IPVS-IPS", SetType.HASH_IP, "Addresses on the ipvs interface");

    private static final int MAX_NAME_LENGTH = 31;
    private static final int LAST_PORT = 65_535;

    private final String suffix;
    private final SetType type;
    private final String comment;

    KubeSet(String suffix, SetType type, String comment) {
        this.suffix = suffix;
        this.type = type;
        this.comment = comment;
    }

    /** The name in a family: {@code KUBE-…} or {@code KUBE-6-…}, the latter cut to what the kernel allows. */
    String nameIn(IpFamily family) {
        String name = (family == IpFamily.IPV4 ? "KUBE-" : "KUBE-6-") + suffix;
        return name.substring(0, Math.min(name.length(), MAX_NAME_LENGTH));
    }

    SetDefinition definitionIn(IpFamily family) {
        String name = nameIn(family);
        return type == SetType.BITMAP_PORT
                ? SetDefinition.bitmapPort(name, 0, LAST_PORT)
                : SetDefinition.hash(name, type, family);
    }

    /** The comment of the iptables rules that match the set. */
    String comment() {
        return comment;
    }
}
