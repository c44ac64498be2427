// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.lab;

/**
 * A small cluster: two nodes joined by a cable, and the pods that a test asks for.
 *
 * <pre>
 *   pods 10.244.1.2 …              this Java program           pods 10.244.2.2 …
 *        │ │ │                            │                         │ │ │
 *   cni0 10.244.1.1 ────────────────── node-1                  cni0 10.244.2.1 ── node-2
 *                                         │ eth0                                     │ eth0
 *                                   192.168.100.10 ───────────────────────── 192.168.100.11
 * </pre>
 *
 * and the same with fd00:10:244:1::/64, fd00:10:244:2::/64 and fd00:100::/64. The first node is the lab's own network
 * namespace, in which this Java program runs too, so that a netlink socket opened by a test programs that node. The
 * second is a namespace of its own; it serves as a client from outside as well, and the first node's default route
 * leads to it.
 */
public final class Topology implements AutoCloseable {

    private final Node first;
    private final Node second;
    private final NetworkNamespace secondNamespace;

    private Topology(NetworkNamespace secondNamespace) {
        this.secondNamespace = secondNamespace;
        this.first = new Node("node-1", 1, Place.HERE);
        this.second = new Node("node-2", 2, secondNamespace);
    }

    /**
     * Builds the cluster without pods, in a network that has nothing of one yet.
     *
     * @return the cluster, to be closed
     */
    public static Topology create() {
        Lab.require();
        Topology topology = new Topology(NetworkNamespace.create("node-2"));
        Place.HERE.configure("link add eth0 type veth peer name eth0 netns node-2");
        topology.first.configureNetwork(topology.second);
        topology.second.configureNetwork(topology.first);
        Place.HERE.configure("""
                route add default via %s
                route add ::/0 via %s
                """.formatted(topology.second.ipv4(), topology.second.ipv6()));
        return topology;
    }

    /**
     * The node that tests work on.
     *
     * @return node-1
     */
    public Node node() {
        return first;
    }

    /**
     * The other node, beyond the cable.
     *
     * @return node-2
     */
    public Node secondNode() {
        return second;
    }

    /**
     * Creates a pod on the first node.
     *
     * @param name its name, unique in the whole cluster
     * @return the pod, which ends with the cluster
     */
    public Pod pod(String name) {
        return first.pod(name);
    }

    /** Removes the cluster's devices, namespaces and processes; for virtual servers and rules see {@link Lab#reset}. */
    @Override
    public void close() {
        first.closePods();
        second.closePods();
        Place.HERE.configure("link delete eth0\nlink delete cni0\n");
        secondNamespace.close();
    }
}
