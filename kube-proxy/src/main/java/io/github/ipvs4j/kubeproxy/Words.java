// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import io.github.ipvs4j.ipvs.TransportProtocol;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.reconciler.ServiceType;
import io.github.ipvs4j.reconciler.TrafficPolicy;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** The words of the Kubernetes API that this program understands, and what they stand for. */
final class Words {
    static final Map<String, TransportProtocol> PROTOCOLS = of(TransportProtocol.values(), protocol -> protocol.name());
    static final Map<String, IpFamily> FAMILIES =
            of(IpFamily.values(), family -> family == IpFamily.IPV4 ? "IPv4" : "IPv6");
    static final Map<String, ServiceType> SERVICE_TYPES = of(ServiceType.values(), Words::word);
    static final Map<String, TrafficPolicy> POLICIES =
            of(TrafficPolicy.values(), policy -> policy == TrafficPolicy.CLUSTER ? "Cluster" : "Local");
    static final Map<String, Boolean> AFFINITIES =
            of(new Boolean[] {false, true}, byClient -> byClient ? "ClientIP" : "None");

    /** Whether the nodes serve an address of a load balancer. */
    static final Map<String, Boolean> IP_MODES = of(new Boolean[] {true, false}, served -> served ? "VIP" : "Proxy");

    static final Map<String, DetectLocalMode> DETECT_LOCAL_MODES = of(DetectLocalMode.values(), Words::word);

    private Words() {}

    private static String word(DetectLocalMode mode) {
        return switch (mode) {
            case CLUSTER_CIDR -> "ClusterCIDR";
            case NODE_CIDR -> "NodeCIDR";
            case BRIDGE_INTERFACE -> "BridgeInterface";
            case INTERFACE_NAME_PREFIX -> "InterfaceNamePrefix";
        };
    }

    private static String word(ServiceType type) {
        return switch (type) {
            case CLUSTER_IP -> "ClusterIP";
            case NODE_PORT -> "NodePort";
            case LOAD_BALANCER -> "LoadBalancer";
            case EXTERNAL_NAME -> "ExternalName";
        };
    }

    private static <E> Map<String, E> of(E[] values, Function<E, String> word) {
        Map<String, E> words = new LinkedHashMap<>();
        Arrays.stream(values).forEach(value -> words.put(word.apply(value), value));
        return Collections.unmodifiableMap(words);
    }
}
