// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.contract;

import io.github.ipvs4j.ipvs.IpvsClient;
import io.github.ipvs4j.ipvs.ObservedService;
import io.github.ipvs4j.ipvs.ServiceKey;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpPrefix;
import java.util.List;

/** The services that belong to the contract tests: on addresses for benchmarks and examples, or with one mark. */
final class TestServices {
    static final IpAddress VIP = IpAddress.of("198.18.80.1");
    static final IpAddress VIP6 = IpAddress.of("2001:db8:80::1");
    static final IpAddress POD = IpAddress.of("198.18.81.5");
    static final IpAddress POD6 = IpAddress.of("2001:db8:81::5");
    static final int MARK = 0x1234_80;

    private static final List<IpPrefix> BLOCKS = List.of(IpPrefix.of("198.18.0.0/15"), IpPrefix.of("2001:db8::/32"));

    private TestServices() {}

    /** Tells whether a service is one of a test's. */
    static boolean owns(ServiceKey key) {
        if (key instanceof ServiceKey.Address service) {
            return BLOCKS.stream().anyMatch(block -> block.contains(service.address()));
        }
        return key instanceof ServiceKey.FirewallMark marked && marked.mark() == MARK;
    }

    static void deleteAll(IpvsClient ipvs) {
        ipvs.services().stream()
                .map(ObservedService::key)
                .filter(TestServices::owns)
                .forEach(ipvs::deleteService);
    }
}
