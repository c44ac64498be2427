// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpPrefix;
import io.github.ipvs4j.reconciler.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a Node; an address or a block of addresses that is wrong is left out. */
final class NodeManifest {
    private NodeManifest() {}

    /** Returns the Node; empty if something was wrong with it, which has been reported then. */
    static Optional<Node> read(Field object, Metadata metadata, ObjectReport report) {
        Field addresses = object.get("status").get("addresses");
        List<IpAddress> ordered = new ArrayList<>(ofType(addresses, "InternalIP"));
        ordered.addAll(ofType(addresses, "ExternalIP"));
        List<IpPrefix> podCidrs = podCidrs(object.get("spec"));
        return report.clean()
                ? Optional.of(new Node(metadata.id().name(), ordered, metadata.labels(), podCidrs))
                : Optional.empty();
    }

    private static List<IpAddress> ofType(Field addresses, String type) {
        List<IpAddress> found = new ArrayList<>();
        for (Field field : addresses.items()) {
            if (field.get("type").text().equals(type)) {
                field.get("address").orLeftOut(Field::address).ifPresent(found::add);
            }
        }
        return found;
    }

    private static List<IpPrefix> podCidrs(Field spec) {
        List<Field> all = spec.get("podCIDRs").items();
        List<IpPrefix> podCidrs = new ArrayList<>();
        for (Field field : all.isEmpty() ? List.of(spec.get("podCIDR")) : all) {
            field.orLeftOut(it ->
                            it.parsed(Field::block, "is not a block of addresses", "write one such as 10.244.1.0/24"))
                    .ifPresent(podCidrs::add);
        }
        return podCidrs;
    }
}
