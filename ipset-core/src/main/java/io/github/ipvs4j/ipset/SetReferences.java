// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.KernelRejected;
import io.github.ipvs4j.netlink.NetlinkException;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds out what refers to a set that the kernel therefore neither destroys nor renames. Lists can be asked; of rules
 * the kernel only counts how many there are.
 */
final class SetReferences {
    private final SetExchange exchange;

    SetReferences(SetExchange exchange) {
        this.exchange = exchange;
    }

    /** Tells whether the kernel refused because something refers to the set. */
    static boolean isAbout(Errno errno) {
        return errno.number() == IpsetErrors.BUSY || errno.number() == IpsetErrors.REFERENCED;
    }

    /** Puts what refers to the set into the words of a refusal; leaves it as it is where that cannot be found out. */
    KernelRejected explained(SetRequest request, KernelRejected why) {
        String name = request instanceof SetRequest.Destroy destroy
                ? destroy.name()
                : request instanceof NamesRequest names ? names.name() : null;
        if (name == null) {
            return why;
        }
        try {
            List<String> lists = listsWith(name);
            ListedSet set = exchange.header(name);
            long others = set == null ? 0 : set.observed().references() - lists.size();
            return new KernelRejected(
                    request.describe(), why.errno(), why.kernelMessage(), SetErrors.explainReferences(lists, others));
        } catch (NetlinkException e) {
            why.addSuppressed(e);
            return why;
        }
    }

    private List<String> listsWith(String name) {
        List<String> lists = new ArrayList<>();
        SetEntry member = new SetEntry.Member(name);
        for (String list : exchange.names()) {
            if (isList(list)) {
                exchange.list(new SetRequest.Listing(list, 0), one -> {
                    if (one.spec().equals(member)) {
                        lists.add(list);
                    }
                });
            }
        }
        return lists;
    }

    private boolean isList(String name) {
        try {
            return exchange.header(new SetRequest.Header(name)).typeName().equals(SetType.LIST_SET.kernelName());
        } catch (KernelRejected e) {
            IpsetReader.absent(e);
            return false;
        }
    }
}
