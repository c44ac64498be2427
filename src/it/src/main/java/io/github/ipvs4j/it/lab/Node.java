// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.lab;

import java.util.ArrayList;
import java.util.List;

/**
 * A node of the cluster: a network namespace with {@code eth0} to the other nodes and the bridge {@code cni0} to its
 * pods, set up as container network plugins do it.
 */
public final class Node implements Place {

    private final String name;
    private final int number;
    private final Place where;
    private final List<Pod> pods = new ArrayList<>();

    /** The numbers 1, 2, … appear in the addresses. */
    Node(String name, int number, Place where) {
        this.name = name;
        this.number = number;
        this.where = where;
    }

    /**
     * Its name in the cluster.
     *
     * @return {@code node-1} or {@code node-2}
     */
    public String name() {
        return name;
    }

    /**
     * The address of its {@code eth0}.
     *
     * @return 192.168.100.10 on the first node, .11 on the second
     */
    public String ipv4() {
        return "192.168.100." + (9 + number);
    }

    /**
     * The IPv6 address of its {@code eth0}.
     *
     * @return fd00:100::10 on the first node, ::11 on the second
     */
    public String ipv6() {
        return "fd00:100::" + (9 + number);
    }

    /**
     * The range of its pods' addresses.
     *
     * @return 10.244.1.0/24 on the first node, 10.244.2.0/24 on the second
     */
    public String podNetwork() {
        return "10.244." + number + ".0/24";
    }

    /**
     * The range of its pods' IPv6 addresses.
     *
     * @return fd00:10:244:1::/64 on the first node, fd00:10:244:2::/64 on the second
     */
    public String podNetworkIpv6() {
        return "fd00:10:244:" + number + "::/64";
    }

    @Override
    public List<String> prefix() {
        return where.prefix();
    }

    @Override
    public void configure(String lines) {
        where.configure(lines);
    }

    /**
     * Creates a pod with the next free addresses: those that end in 2, 3 and so on.
     *
     * @param podName its name, unique in the whole cluster
     * @return the pod, which ends with the cluster
     */
    public Pod pod(String podName) {
        int host = pods.size() + 2;
        String ipv4 = "10.244.%d.%d".formatted(number, host);
        String ipv6 = "fd00:10:244:%d::%x".formatted(number, host);
        NetworkNamespace namespace = NetworkNamespace.add(podName);
        // Hairpin, so that a pod reaches itself through its Service.
        configure("""
                link add veth%1$d type veth peer name eth0 netns %2$s
                link set veth%1$d master cni0
                link set veth%1$d type bridge_slave hairpin on
                link set veth%1$d up
                """.formatted(host, podName));
        namespace.configure("""
                link set lo up
                address add %s/24 dev eth0
                address add %s/64 dev eth0 nodad
                link set eth0 up
                route add default via 10.244.%3$d.1
                route add ::/0 via fd00:10:244:%3$d::1
                """.formatted(ipv4, ipv6, number));
        Pod pod = new Pod(namespace, ipv4, ipv6);
        pods.add(pod);
        return pod;
    }

    /** Gives the node its bridge and its address towards the other node, whose device is there already. */
    void configureNetwork(Node other) {
        configure("""
                link add cni0 type bridge
                address add 10.244.%1$d.1/24 dev cni0
                address add fd00:10:244:%1$d::1/64 dev cni0 nodad
                link set cni0 up
                address add %2$s/24 dev eth0
                address add %3$s/64 dev eth0 nodad
                link set eth0 up
                route add %4$s via %5$s
                route add %6$s via %7$s
                """.formatted(
                number, ipv4(), ipv6(), other.podNetwork(), other.ipv4(), other.podNetworkIpv6(), other.ipv6()));
        String sysctls = "ipv4/ip_forward ipv6/conf/all/forwarding"
                + " bridge/bridge-nf-call-iptables bridge/bridge-nf-call-ip6tables";
        run("sh", "-c", "for sysctl in " + sysctls + "; do echo 1 >/proc/sys/net/$sysctl; done");
    }

    void closePods() {
        pods.forEach(Pod::close);
        pods.clear();
    }
}
