// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.kubeproxy;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.IpPrefix;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who may reach the addresses of a load balancer. A block that cannot be read is left out, so that fewer may. Where no
 * other block of its family is left, that would open the addresses to everybody; these are left out instead.
 *
 * @param blocks those that could be read
 * @param unknown the families in which nobody knows who may reach the load balancer
 */
record SourceRanges(List<IpPrefix> blocks, Set<IpFamily> unknown) {
    SourceRanges {
        blocks = List.copyOf(blocks);
        unknown = Set.copyOf(unknown);
    }

    /** Reads {@code spec.loadBalancerSourceRanges}. */
    static SourceRanges read(Field list) {
        List<IpPrefix> blocks = new ArrayList<>();
        Set<IpFamily> unknown = EnumSet.noneOf(IpFamily.class);
        for (Field item : list.items()) {
            Optional<IpPrefix> block = item.orLeftOut(SourceRanges::block);
            block.ifPresentOrElse(blocks::add, () -> unknown.addAll(families(item)));
        }
        blocks.forEach(block -> unknown.remove(block.family()));
        return new SourceRanges(blocks, unknown);
    }

    private static Optional<IpPrefix> block(Field item) {
        item.require("write a block of addresses such as 10.244.0.0/16, or remove the entry");
        return item.block();
    }

    /** Tells of which families a text may have been meant to be; a colon may be a slip for a dot or a slash. */
    private static Set<IpFamily> families(Field item) {
        String text = item.orLeftOut(field -> Optional.of(field.text())).orElse("");
        return text.contains(".") && !text.contains(":") ? EnumSet.of(IpFamily.IPV4) : EnumSet.allOf(IpFamily.class);
    }

    /**
     * Returns those addresses of a load balancer of which it is known who may reach them.
     *
     * @param addresses all of them
     * @param ingress where they stand, for what is said of the others
     */
    List<IpAddress> allowed(List<IpAddress> addresses, Field ingress) {
        List<IpAddress> closed = addresses.stream()
                .filter(address -> unknown.contains(address.family()))
                .toList();
        if (closed.isEmpty()) {
            return addresses;
        }
        List<IpAddress> allowed = new ArrayList<>(addresses);
        allowed.removeAll(closed);
        ingress.leaveOut("as no block of spec.loadBalancerSourceRanges tells who may reach " + closed
                + ", these addresses are not served; correct the blocks");
        return allowed;
    }
}
