// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.ipvs.TransportProtocol;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.IpPrefix;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A Kubernetes Service, as far as a node has to know it.
 *
 * <pre>{@code
 * Service web = Service.builder(new ObjectName("default", "web"))
 *         .clusterIps(List.of(IpAddress.of("10.96.0.10")))
 *         .ports(List.of(ServicePort.of("http", TransportProtocol.TCP, 80)))
 *         .build();
 * }</pre>
 *
 * @param name its name
 * @param type its kind
 * @param clusterIps its cluster addresses, at most one of each family; none for a headless Service
 * @param ports its ports
 * @param affinity whether the connections of one client stay together
 * @param internalPolicy which endpoints the cluster addresses use
 * @param externalPolicy which endpoints the node ports, external and load balancer addresses use; counts for the types
 *     NodePort and LoadBalancer, and for ClusterIP with external addresses
 * @param externalIps further addresses on which its ports are reached, of any type of Service
 * @param loadBalancerIps those addresses of its load balancer that this node serves: in the object's status, the
 *     entries with an address whose {@code ipMode} is absent or {@code VIP}
 * @param sourceRanges who may reach the load balancer addresses; everybody in a family without a block of its own, or
 *     with a block of length 0
 * @param healthCheckNodePort where load balancers ask whether this node has endpoints of its own, 0 for nowhere; counts
 *     for the type LoadBalancer with the external policy {@code Local}
 * @param labels its labels
 * @param annotations its annotations
 */
public record Service(
        ObjectName name,
        ServiceType type,
        List<IpAddress> clusterIps,
        List<ServicePort> ports,
        SessionAffinity affinity,
        TrafficPolicy internalPolicy,
        TrafficPolicy externalPolicy,
        List<IpAddress> externalIps,
        List<IpAddress> loadBalancerIps,
        List<IpPrefix> sourceRanges,
        int healthCheckNodePort,
        Map<String, String> labels,
        Map<String, String> annotations) {
    /** Checks addresses and ports, and that none that must be unique occurs twice, and copies the collections. */
    public Service {
        clusterIps = List.copyOf(clusterIps);
        ports = List.copyOf(ports);
        externalIps = List.copyOf(externalIps);
        loadBalancerIps = List.copyOf(loadBalancerIps);
        sourceRanges = List.copyOf(sourceRanges);
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
        checkClusterIps(name, clusterIps);
        checkPorts(name, ports);
        checkReachable(name, "an external address", externalIps);
        checkReachable(name, "a load balancer address", loadBalancerIps);
        Ports.check("health-check node port", healthCheckNodePort, 0);
    }

    /**
     * Prepares a Service of type ClusterIP without addresses, ports or affinity, with both policies {@code Cluster}.
     *
     * @param name its name
     * @return a builder
     */
    public static Builder builder(ObjectName name) {
        return new Builder(name);
    }

    /**
     * Returns the cluster address of a family.
     *
     * @param family the family
     * @return empty if the Service has none of it
     */
    public Optional<IpAddress> clusterIp(IpFamily family) {
        return clusterIps.stream().filter(ip -> ip.family() == family).findFirst();
    }

    /**
     * Returns it without its labels, and without its annotations but some, as they may be far larger than the rest.
     *
     * @param kept tells by the key which annotations are kept
     */
    Service withoutNotes(Predicate<String> kept) {
        if (labels.isEmpty() && annotations.isEmpty()) {
            return this;
        }
        Map<String, String> left = new HashMap<>(annotations);
        left.keySet().removeIf(kept.negate());
        return new Service(
                name,
                type,
                clusterIps,
                ports,
                affinity,
                internalPolicy,
                externalPolicy,
                externalIps,
                loadBalancerIps,
                sourceRanges,
                healthCheckNodePort,
                Map.of(),
                left);
    }

    private static void checkClusterIps(ObjectName name, List<IpAddress> clusterIps) {
        Set<IpFamily> families = EnumSet.noneOf(IpFamily.class);
        for (IpAddress ip : clusterIps) {
            if (ip.isUnspecified() || ip.isMulticast() || ip.isLoopback()) {
                throw new IllegalArgumentException("Service " + name + ": " + ip + " cannot be a cluster address");
            }
            if (!families.add(ip.family())) {
                throw new IllegalArgumentException(
                        "Service " + name + ": more than one cluster address of " + ip.family() + ": " + clusterIps);
            }
        }
    }

    private static void checkReachable(ObjectName name, String what, List<IpAddress> addresses) {
        for (IpAddress ip : addresses) {
            if (ip.isUnspecified() || ip.isMulticast()) {
                throw new IllegalArgumentException("Service " + name + ": " + ip + " cannot be " + what);
            }
        }
    }

    private static void checkPorts(ObjectName name, List<ServicePort> ports) {
        record Taken(String kind, TransportProtocol protocol, int port) {}

        if (ports.size() == 1) {
            return;
        }
        Set<Taken> taken = new HashSet<>();
        for (ServicePort port : ports) {
            boolean free = taken.add(new Taken("port", port.protocol(), port.port()));
            if (port.nodePort() != 0) {
                free &= taken.add(new Taken("node port", port.protocol(), port.nodePort()));
            }
            if (!free) {
                throw new IllegalArgumentException(
                        "Service " + name + ": a " + port.protocol() + " port or node port occurs twice: " + port);
            }
        }
    }

    /** Collects the parts of a Service. */
    public static final class Builder {
        private final ObjectName name;
        private ServiceType type = ServiceType.CLUSTER_IP;
        private List<IpAddress> clusterIps = List.of();
        private List<ServicePort> ports = List.of();
        private SessionAffinity affinity = SessionAffinity.none();
        private TrafficPolicy internalPolicy = TrafficPolicy.CLUSTER;
        private TrafficPolicy externalPolicy = TrafficPolicy.CLUSTER;
        private List<IpAddress> externalIps = List.of();
        private List<IpAddress> loadBalancerIps = List.of();
        private List<IpPrefix> sourceRanges = List.of();
        private int healthCheckNodePort;
        private Map<String, String> labels = Map.of();
        private Map<String, String> annotations = Map.of();

        private Builder(ObjectName name) {
            this.name = name;
        }

        /**
         * Sets the kind.
         *
         * @param type ClusterIP if not set
         * @return this
         */
        public Builder type(ServiceType type) {
            this.type = type;
            return this;
        }

        /**
         * Sets the cluster addresses.
         *
         * @param clusterIps at most one of each family; none for a headless Service
         * @return this
         */
        public Builder clusterIps(List<IpAddress> clusterIps) {
            this.clusterIps = clusterIps;
            return this;
        }

        /**
         * Sets the ports.
         *
         * @param ports none twice
         * @return this
         */
        public Builder ports(List<ServicePort> ports) {
            this.ports = ports;
            return this;
        }

        /**
         * Sets the affinity.
         *
         * @param affinity none if not set
         * @return this
         */
        public Builder affinity(SessionAffinity affinity) {
            this.affinity = affinity;
            return this;
        }

        /**
         * Sets which endpoints the cluster addresses use.
         *
         * @param policy {@code Cluster} if not set
         * @return this
         */
        public Builder internalPolicy(TrafficPolicy policy) {
            this.internalPolicy = policy;
            return this;
        }

        /**
         * Sets which endpoints the node ports, external and load balancer addresses use.
         *
         * @param policy {@code Cluster} if not set
         * @return this
         */
        public Builder externalPolicy(TrafficPolicy policy) {
            this.externalPolicy = policy;
            return this;
        }

        /**
         * Sets further addresses on which the ports are reached.
         *
         * @param addresses none if not set
         * @return this
         */
        public Builder externalIps(List<IpAddress> addresses) {
            this.externalIps = addresses;
            return this;
        }

        /**
         * Sets the load balancer's addresses.
         *
         * @param addresses those whose {@code ipMode} is absent or {@code VIP}; none if not set
         * @return this
         */
        public Builder loadBalancerIps(List<IpAddress> addresses) {
            this.loadBalancerIps = addresses;
            return this;
        }

        /**
         * Sets who may reach the load balancer's addresses.
         *
         * @param blocks everybody if not set
         * @return this
         */
        public Builder sourceRanges(List<IpPrefix> blocks) {
            this.sourceRanges = blocks;
            return this;
        }

        /**
         * Sets where load balancers ask whether this node has endpoints of its own.
         *
         * @param port 0 for nowhere, as it is if not set
         * @return this
         */
        public Builder healthCheckNodePort(int port) {
            this.healthCheckNodePort = port;
            return this;
        }

        /**
         * Sets the labels.
         *
         * @param labels those of the object
         * @return this
         */
        public Builder labels(Map<String, String> labels) {
            this.labels = labels;
            return this;
        }

        /**
         * Sets the annotations.
         *
         * @param annotations those of the object
         * @return this
         */
        public Builder annotations(Map<String, String> annotations) {
            this.annotations = annotations;
            return this;
        }

        /**
         * Makes the Service.
         *
         * @return the Service
         * @throws IllegalArgumentException if an address or port is wrong or occurs twice
         */
        public Service build() {
            return new Service(
                    name,
                    type,
                    clusterIps,
                    ports,
                    affinity,
                    internalPolicy,
                    externalPolicy,
                    externalIps,
                    loadBalancerIps,
                    sourceRanges,
                    healthCheckNodePort,
                    labels,
                    annotations);
        }
    }
}
