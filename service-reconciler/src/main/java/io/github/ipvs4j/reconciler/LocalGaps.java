// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Counts the Services that want traffic to stay on this node and have endpoints, but none here. What a changed Service
 * costs does not depend on how many there are.
 */
final class LocalGaps {
    private final Map<ObjectName, Map<IpFamily, Gap>> gaps = new HashMap<>();
    private final Map<IpFamily, int[]> counts = new EnumMap<>(IpFamily.class);

    /**
     * Where a Service wants traffic to stay here and it cannot.
     *
     * @param internal whether its internal policy wants it
     * @param external whether its external policy wants it
     */
    record Gap(boolean internal, boolean external) {}

    LocalGaps() {
        for (IpFamily family : IpFamily.values()) {
            counts.put(family, new int[2]);
        }
    }

    /** Takes a Service, new or changed. */
    void put(Service service, List<EndpointSlice> slices, NodeFacts node) {
        Map<IpFamily, Gap> found = find(service, slices, node.settings().nodeName(), node.families());
        remove(service.name());
        if (!found.isEmpty()) {
            gaps.put(service.name(), found);
            count(found, 1);
        }
    }

    void remove(ObjectName service) {
        Map<IpFamily, Gap> before = gaps.remove(service);
        if (before != null) {
            count(before, -1);
        }
    }

    /** Tells whether nothing is remembered. */
    boolean isEmpty() {
        return gaps.isEmpty();
    }

    /** Returns how many Services of a family have a gap for inside traffic. */
    int internal(IpFamily family) {
        return Objects.requireNonNull(counts.get(family))[0];
    }

    /** Returns how many Services of a family have a gap for outside traffic. */
    int external(IpFamily family) {
        return Objects.requireNonNull(counts.get(family))[1];
    }

    private void count(Map<IpFamily, Gap> found, int step) {
        found.forEach((family, gap) -> {
            int[] both = Objects.requireNonNull(counts.get(family));
            both[0] += gap.internal() ? step : 0;
            both[1] += gap.external() ? step : 0;
        });
    }

    /** Looks for gaps as kube-proxy counts them: a Service whose one policy meets a gap counts for both if both ask. */
    static Map<IpFamily, Gap> find(
            Service service, List<EndpointSlice> slices, String nodeName, Set<IpFamily> families) {
        Map<IpFamily, Gap> found = new EnumMap<>(IpFamily.class);
        if (service.type() == ServiceType.EXTERNAL_NAME) {
            return found;
        }
        for (IpAddress clusterIp : service.clusterIps()) {
            IpFamily family = clusterIp.family();
            if (!families.contains(family)) {
                continue;
            }
            for (ServicePort port : service.ports()) {
                Selection.Traffic traffic = Selection.Traffic.of(service, port, family);
                if (traffic.usesLocal() && isGap(backends(port, slices, family), nodeName)) {
                    found.put(
                            family,
                            new Gap(
                                    traffic.internal() == TrafficPolicy.LOCAL,
                                    traffic.external() == TrafficPolicy.LOCAL));
                }
            }
        }
        return found;
    }

    private static List<Backend> backends(ServicePort port, List<EndpointSlice> slices, IpFamily family) {
        return Backend.of(
                port, slices.stream().filter(slice -> slice.family() == family).toList());
    }

    private static boolean isGap(List<Backend> backends, String nodeName) {
        List<Backend> usable = backends.stream()
                .filter(backend -> backend.endpoint().ready() || backend.fallback())
                .toList();
        return !usable.isEmpty() && usable.stream().noneMatch(backend -> backend.onNode(nodeName));
    }
}
