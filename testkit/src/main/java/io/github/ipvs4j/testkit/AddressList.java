// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.IpAddress;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;

/**
 * The addresses of a link in the kernel's order. Whether one is among them is looked up, as in the kernel's tables of
 * local addresses, and not searched for: a proxy's device has one for each Service.
 */
final class AddressList extends AbstractList<LinkAddress> implements RandomAccess {
    private final List<LinkAddress> inOrder = new ArrayList<>();

    /** How often each address is there: in IPv4, once for each network. */
    private final Map<IpAddress, Integer> counts = new HashMap<>();

    /** Tells whether an address is there, whatever its network is. */
    boolean has(IpAddress address) {
        return counts.containsKey(address);
    }

    @Override
    public int size() {
        return inOrder.size();
    }

    @Override
    public LinkAddress get(int index) {
        return inOrder.get(index);
    }

    @Override
    public void add(int index, LinkAddress added) {
        inOrder.add(index, added);
        count(added);
        modCount++;
    }

    @Override
    public LinkAddress set(int index, LinkAddress now) {
        LinkAddress before = inOrder.set(index, now);
        count(now);
        discount(before);
        return before;
    }

    @Override
    public LinkAddress remove(int index) {
        LinkAddress gone = inOrder.remove(index);
        discount(gone);
        modCount++;
        return gone;
    }

    private void count(LinkAddress one) {
        counts.merge(one.address(), 1, Integer::sum);
    }

    private void discount(LinkAddress one) {
        counts.computeIfPresent(one.address(), (address, count) -> count == 1 ? null : count - 1);
    }
}
