// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.Link;
import io.github.ipvs4j.netlink.NetlinkException;
import java.io.IOException;
import java.util.Map;
import java.util.function.Function;

/** Removes rules, the device with its addresses, and sets, in an order in which none of them is still in use. */
final class Removal {
    private final Kernel kernel;
    private final Pass pass;

    Removal(Kernel kernel, Pass pass) {
        this.kernel = kernel;
        this.pass = pass;
    }

    /**
     * Removes what is there.
     *
     * @param seen the sets and the device
     * @param iptables the rules of each family
     * @param rules the chains of a family, whatever is in them
     */
    void remove(Observation seen, Map<IpFamily, Iptables> iptables, Function<IpFamily, Rules> rules) {
        iptables.forEach((family, installed) -> {
            try {
                if (installed.remove(rules.apply(family))) {
                    pass.changed(ChangeKind.RULES);
                }
                installed
                        .foreign()
                        .forEach(chain -> pass.failed(
                                "chain " + chain + " of " + family + " stays, because rules of others lead to it"));
            } catch (IOException e) {
                pass.failed("iptables rules of " + family + ": " + e.getMessage());
            }
        });
        seen.device().ifPresent(this::device);
        seen.sets().forEach((family, sets) -> sets.keySet().forEach(set -> set(seen, set, family)));
    }

    private void device(Link device) {
        if (!Observation.isDummy(device)) {
            pass.failed("device " + device.name() + " stays, because it is of kind '" + device.kind()
                    + "' and not dummy, and so not of this program's making");
            return;
        }
        try {
            kernel.routes().deleteLink(device);
            pass.changed(ChangeKind.ADDRESS);
        } catch (NetlinkException e) {
            pass.refused(e);
        }
    }

    private void set(Observation seen, KubeSet set, IpFamily family) {
        if (seen.set(set, family).isEmpty()) {
            pass.failed("set " + set.nameIn(family) + " stays, because it is of another type than "
                    + set.definitionIn(family) + ", and so not of this program's making");
            return;
        }
        try {
            if (kernel.ipset().destroyIfPresent(set.nameIn(family))) {
                pass.changed(ChangeKind.SET);
            }
        } catch (NetlinkException e) {
            pass.refused(e);
        }
    }
}
