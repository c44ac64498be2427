// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.ipvs.ServiceKey;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import java.util.Comparator;

/**
 * What tells the simulated kernel's services apart.
 *
 * @param family of the clients
 * @param protocol as a number, not checked, as in the kernel
 * @param address unspecified where there is a mark
 * @param port 0 where there is a mark
 * @param mark 0 for none
 */
record ServiceId(IpFamily family, int protocol, IpAddress address, int port, int mark) {
    private static final int TCP = 6;

    static final Comparator<ServiceId> ORDER = Comparator.comparing(ServiceId::family)
            .thenComparing(ServiceId::mark, Integer::compareUnsigned)
            .thenComparingInt(ServiceId::protocol)
            .thenComparing(ServiceId::address)
            .thenComparingInt(ServiceId::port);

    static ServiceId ofMark(IpFamily family, int mark) {
        return new ServiceId(family, TCP, IpAddress.of(new byte[family.addressLength()]), 0, mark);
    }

    static ServiceId of(ServiceKey key) {
        if (key instanceof ServiceKey.FirewallMark marked) {
            return ofMark(marked.family(), marked.mark());
        }
        if (key instanceof ServiceKey.OtherProtocol other) {
            return new ServiceId(other.family(), other.protocol(), other.address(), other.port(), 0);
        }
        ServiceKey.Address plain = (ServiceKey.Address) key;
        return new ServiceId(plain.family(), plain.protocol().number(), plain.address(), plain.port(), 0);
    }
}
