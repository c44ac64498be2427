// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.ipvs.IpvsClient;
import io.github.ipvs4j.ipvs.ObservedService;
import io.github.ipvs4j.ipvs.Scheduler;
import io.github.ipvs4j.ipvs.ServiceKey;
import io.github.ipvs4j.ipvs.VirtualService;
import io.github.ipvs4j.netlink.IpAddress;
import java.util.List;

/** Finds out whether the kernel has a scheduler, as kube-proxy does: by using it. */
final class StartCheck {
    /** An address for documentation, which nobody has; kube-proxy uses the same. */
    private static final ServiceKey PROBE = ServiceKey.tcp(IpAddress.of("198.51.100.0"), 20_000);

    private StartCheck() {}

    /**
     * Checks it; a probe that an earlier, killed check left is deleted.
     *
     * @throws io.github.ipvs4j.netlink.NetlinkException if the kernel has not, or cannot be asked
     */
    static void check(IpvsClient ipvs, Scheduler scheduler) {
        List<ObservedService> present = ipvs.services();
        boolean left = present.stream().anyMatch(service -> service.key().equals(PROBE));
        if (left) {
            ipvs.deleteService(PROBE);
        }
        boolean used = present.stream()
                .anyMatch(service -> service.service().scheduler().equals(scheduler));
        if (!used) {
            ipvs.addService(VirtualService.of(PROBE, scheduler));
            ipvs.deleteService(PROBE);
        }
    }
}
