// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import io.github.ipvs4j.ipvs.TransportProtocol;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.reconciler.Endpoint;
import io.github.ipvs4j.reconciler.EndpointPort;
import io.github.ipvs4j.reconciler.EndpointSlice;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads an EndpointSlice of addresses; those of names (type FQDN) are told apart by {@link #ofNames}. A port or an
 * endpoint that is wrong is left out.
 */
final class EndpointSliceManifest {
    static final String SERVICE_LABEL = "kubernetes.io/service-name";

    private static final int HIGHEST_PORT = 65_535;

    private EndpointSliceManifest() {}

    static boolean ofNames(Field object) {
        return object.get("addressType").text().equals("FQDN");
    }

    /** Returns the slice; empty if something was wrong with it, which has been reported then. */
    static Optional<EndpointSlice> read(Field object, Metadata metadata, ObjectReport report) {
        Field type = object.get("addressType");
        type.require("write IPv4 or IPv6");
        IpFamily family = type.oneOf(Words.FAMILIES, IpFamily.IPV4);
        List<EndpointPort> ports = usable(object.get("ports"), EndpointSliceManifest::port, report);
        List<Endpoint> endpoints = usable(object.get("endpoints"), field -> endpoint(field, family), report);
        return report.clean()
                ? Optional.of(new EndpointSlice(
                        metadata.objectName(),
                        metadata.label(SERVICE_LABEL),
                        family,
                        ports,
                        endpoints,
                        metadata.labels()))
                : Optional.empty();
    }

    /** Reads what of a list can be used; if something is wrong and nothing can be used, so it is with the slice. */
    private static <E> List<E> usable(Field list, Function<Field, Optional<E>> reader, ObjectReport report) {
        int before = report.leftOut().size();
        List<E> read = new ArrayList<>();
        for (Field item : list.items()) {
            item.orLeftOut(reader).ifPresent(read::add);
        }
        if (read.isEmpty() && report.leftOut().size() > before) {
            list.wrong("none of them can be used; correct one of them");
        }
        return read;
    }

    /** Reads a port; one without a number means any port, which has no use here. */
    private static Optional<EndpointPort> port(Field field) {
        String name = field.get("name").text();
        TransportProtocol protocol = field.get("protocol").oneOf(Words.PROTOCOLS, TransportProtocol.TCP);
        int number = field.get("port").number(0, HIGHEST_PORT, 0);
        return number == 0 ? Optional.empty() : Optional.of(new EndpointPort(name, protocol, number));
    }

    private static Optional<Endpoint> endpoint(Field field, IpFamily family) {
        Field conditions = field.get("conditions");
        boolean ready = conditions.get("ready").truth(true);
        boolean serving = conditions.get("serving").truth(true);
        boolean terminating = conditions.get("terminating").truth(false);
        String nodeName = field.get("nodeName").text();
        Set<String> zones = names(field.get("hints").get("forZones"));
        Set<String> nodes = names(field.get("hints").get("forNodes"));
        List<Field> addresses = field.get("addresses").items();
        if (addresses.isEmpty()) {
            return Optional.empty();
        }
        // All of an endpoint's addresses mean the same pod, and kube-proxy uses the first.
        return addresses
                .get(0)
                .address()
                .filter(ip -> fits(addresses.get(0), ip, family))
                .map(ip -> new Endpoint(ip, ready, serving, terminating, nodeName, zones, nodes));
    }

    private static boolean fits(Field field, IpAddress address, IpFamily family) {
        if (address.family() != family) {
            field.wrong(
                    "'" + address + "' does not fit addressType; put IPv4 and IPv6 endpoints into slices of their own");
            return false;
        }
        if (address.isUnspecified() || address.isMulticast() || address.isLoopback()) {
            field.wrong("'" + address + "' cannot be an endpoint; write the address of a pod");
            return false;
        }
        return true;
    }

    private static Set<String> names(Field list) {
        Set<String> names = new LinkedHashSet<>();
        list.items().forEach(item -> names.add(item.get("name").text()));
        return names;
    }
}
