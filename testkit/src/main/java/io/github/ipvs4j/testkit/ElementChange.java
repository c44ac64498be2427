// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import java.util.function.Supplier;

/**
 * One request to add or delete elements, a single one or a list, which stops at the first error.
 *
 * <p>Follows {@code ip_set_ad} and {@code call_ad} in {@code net/netfilter/ipset/ip_set_core.c}.
 */
final class ElementChange {
    private final Call call;
    private final int command;
    private final boolean exclusive;

    ElementChange(Call call, int command) {
        this.call = call;
        this.command = command;
        this.exclusive = IpsetHandler.isExclusive(call);
    }

    void run(SimulatedIpsets sets) {
        Attributes top = IpsetHandler.parse(call, IpsetPolicies.ELEMENTS, IpsetNumbers.ATTR_NAME);
        boolean single = top.has(IpsetNumbers.ATTR_DATA);
        boolean list = top.has(IpsetNumbers.ATTR_ENTRIES);
        IpsetHandler.require(single != list);
        IpsetHandler.require(!single || top.isFlaggedNest(IpsetNumbers.ATTR_DATA));
        IpsetHandler.require(
                !list || (top.isFlaggedNest(IpsetNumbers.ATTR_ENTRIES) && top.has(IpsetNumbers.ATTR_LINE)));
        SimulatedSet set = sets.existing(top.string(IpsetNumbers.ATTR_NAME));
        if (single) {
            change(set, top, parsed(() -> top.nestedStrict(IpsetNumbers.ATTR_DATA, policy(set))));
            return;
        }
        for (Attributes.Item item : top.items(IpsetNumbers.ATTR_ENTRIES)) {
            IpsetHandler.require(item.type() == IpsetNumbers.ATTR_DATA && item.isFlaggedNest());
            if (!change(set, top, parsed(() -> item.nestedStrict(policy(set))))) {
                return;
            }
        }
    }

    private static AttributePolicy policy(SimulatedSet set) {
        return IpsetPolicies.element(set.settings().kind());
    }

    private static Attributes parsed(Supplier<Attributes> parse) {
        try {
            return parse.get();
        } catch (Refused ignored) {
            throw new Refused(IpsetNumbers.ERR_PROTOCOL);
        }
    }

    /** Carries out one element's change; false if it failed and the client was told which element it was. */
    private boolean change(SimulatedSet set, Attributes top, Attributes data) {
        int line = data.has(IpsetNumbers.LINE) ? data.i32(IpsetNumbers.LINE) : 0;
        try {
            new ElementParser(set.settings(), data).each(element -> {
                if (command == IpsetNumbers.ADD) {
                    set.add(element, exclusive);
                } else {
                    set.delete(element, exclusive);
                }
            });
            return true;
        } catch (Refused why) {
            if (line == 0 || !top.has(IpsetNumbers.ATTR_LINE)) {
                throw why;
            }
            requireStrictlyParsed();
            RequestMessage marked = call.request().patched(top.payload(IpsetNumbers.ATTR_LINE), line);
            call.refuseWithWholeEcho(why.errno(), marked);
            return false;
        }
    }

    /** Parses the request once more, strictly: what was stepped over at first spoils the telling of the line. */
    private void requireStrictlyParsed() {
        try {
            call.request().attributesStrict(IpsetNumbers.HEADER, IpsetPolicies.ELEMENTS);
        } catch (Refused why) {
            throw new Refused(why.errno());
        }
    }
}
