// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The backends of one Service port, sorted by the traffic that may use them.
 *
 * @param cluster for traffic that may go anywhere in the cluster; empty if there is no such traffic
 * @param local for traffic that should stay on the node; empty if there is no such traffic
 * @param onNode every backend of the own node, in whatever state
 */
record Selection(List<Backend> cluster, List<Backend> local, List<Backend> onNode) {

    /**
     * Sorts backends as kube-proxy's CategorizeEndpoints does.
     *
     * @param traffic what the Service port is reached by
     * @param backends all of the port
     * @param node the name of the own node
     * @param zone its zone, empty if it has none
     */
    static Selection of(Traffic traffic, List<Backend> backends, String node, String zone) {
        List<Backend> ready = only(backends, backend -> backend.endpoint().ready());
        List<Backend> onNode = only(backends, backend -> backend.onNode(node));
        List<Backend> cluster = List.of();
        if (traffic.usesCluster()) {
            List<Backend> near = byTopology(ready, node, zone);
            cluster = near.isEmpty() ? only(backends, Backend::fallback) : near;
        }
        List<Backend> local = List.of();
        if (traffic.usesLocal()) {
            List<Backend> readyHere = only(ready, backend -> backend.onNode(node));
            local = readyHere.isEmpty() ? only(onNode, Backend::fallback) : readyHere;
        }
        return new Selection(cluster, local, onNode);
    }

    /** Returns what a virtual server under a policy gets: where nothing is local, all the same the cluster's. */
    List<Backend> under(TrafficPolicy policy) {
        return policy == TrafficPolicy.LOCAL && !local.isEmpty() ? local : cluster;
    }

    private static List<Backend> byTopology(List<Backend> ready, String node, String zone) {
        List<Backend> here = hinted(ready, Endpoint::nodeHints, node);
        if (here.isEmpty()) {
            here = hinted(ready, Endpoint::zoneHints, zone);
        }
        return here.isEmpty() ? ready : here;
    }

    /** Hints count only if every ready endpoint carries one and one of them names this place; none then, too. */
    private static List<Backend> hinted(List<Backend> ready, Function<Endpoint, Set<String>> hints, String here) {
        if (here.isEmpty()) {
            return List.of();
        }
        List<Backend> meant = new ArrayList<>();
        for (Backend backend : ready) {
            Set<String> places = hints.apply(backend.endpoint());
            if (places.isEmpty()) {
                return List.of();
            }
            if (places.contains(here)) {
                meant.add(backend);
            }
        }
        return meant;
    }

    private static List<Backend> only(List<Backend> backends, Predicate<Backend> wanted) {
        List<Backend> found = new ArrayList<>(backends.size());
        for (Backend backend : backends) {
            if (wanted.test(backend)) {
                found.add(backend);
            }
        }
        return found;
    }

    /**
     * What one port of a Service is reached by.
     *
     * @param internal the policy for its cluster address
     * @param external the policy for its node port, external and load balancer addresses
     * @param reachableFromOutside whether it has any of these in the family
     */
    record Traffic(TrafficPolicy internal, TrafficPolicy external, boolean reachableFromOutside) {
        static Traffic of(Service service, ServicePort port, IpFamily family) {
            boolean external = switch (service.type()) {
                case NODE_PORT, LOAD_BALANCER -> true;
                case CLUSTER_IP, EXTERNAL_NAME -> !service.externalIps().isEmpty();
            };
            boolean reachable = port.nodePort() != 0
                    || hasAny(service.externalIps(), family)
                    || hasAny(service.loadBalancerIps(), family);
            return new Traffic(
                    service.internalPolicy(), external ? service.externalPolicy() : TrafficPolicy.CLUSTER, reachable);
        }

        private static boolean hasAny(List<IpAddress> addresses, IpFamily family) {
            for (IpAddress address : addresses) {
                if (address.family() == family) {
                    return true;
                }
            }
            return false;
        }

        boolean usesCluster() {
            return internal == TrafficPolicy.CLUSTER || reachableFromOutside;
        }

        boolean usesLocal() {
            return internal == TrafficPolicy.LOCAL || (external == TrafficPolicy.LOCAL && reachableFromOutside);
        }
    }
}
