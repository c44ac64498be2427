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
    private final KernelRelease release;

    ElementChange(Call call, int command, KernelRelease release) {
        this.release = release;
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
            change(sets, set, top, parsed(() -> top.nestedStrict(IpsetNumbers.ATTR_DATA, policy(set))));
            return;
        }
        Refused last = null;
        for (Attributes.Item item : top.items(IpsetNumbers.ATTR_ENTRIES)) {
            IpsetHandler.require(item.type() == IpsetNumbers.ATTR_DATA && item.isFlaggedNest());
            Attributes data = parsed(() -> item.nestedStrict(policy(set)));
            last = null;
            try {
                if (!change(sets, set, top, data)) {
                    return;
                }
            } catch (Refused why) {
                // The one error that ends nothing, as it is positive.
                if (why.errno() != IpsetNumbers.ERR_POSITIVE_ONE) {
                    throw why;
                }
                last = why;
            }
        }
        if (last != null) {
            throw last;
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
    private boolean change(SimulatedIpsets sets, SimulatedSet set, Attributes top, Attributes data) {
        ElementParser parser = new ElementParser(sets, set.settings(), data, release);
        try {
            SetElement base = parser.element();
            ElementOptions options = parser.options();
            new ElementRange(set.settings(), data, parser).each(base, element -> act(sets, set, element, options));
            return true;
        } catch (Refused why) {
            int line = parser.line();
            if (line == 0 || !top.has(IpsetNumbers.ATTR_LINE)) {
                throw why;
            }
            requireStrictlyParsed();
            RequestMessage marked = call.request().patched(top.payload(IpsetNumbers.ATTR_LINE), line);
            call.refuseWithWholeEcho(why.errno(), marked);
            return false;
        }
    }

    private void act(SimulatedIpsets sets, SimulatedSet set, SetElement element, ElementOptions options) {
        boolean adds = command == IpsetNumbers.ADD;
        if (set.settings().kind() == SetKind.LIST_SET) {
            if (adds) {
                sets.addMember(set, element, options, exclusive);
            } else {
                sets.deleteMember(set, element, options, exclusive);
            }
        } else if (adds) {
            set.add(element, options, exclusive);
        } else {
            set.delete(element, exclusive);
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
