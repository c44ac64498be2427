// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.MessageWriter;

/** Writes virtual services as attributes, straight into the message. The order is that of ipvsadm. */
final class ServiceEncoder {
    private ServiceEncoder() {}

    /** Writes the nest that names a service. */
    static void key(MessageWriter out, ServiceKey key) {
        int nest = out.beginNested(IpvsCommands.SERVICE);
        keyAttributes(out, key);
        out.endNested(nest);
    }

    /** Writes the nest that makes or replaces a service: all attributes, since what is absent is refused or reset. */
    static void full(MessageWriter out, VirtualService service) {
        int nest = out.beginNested(IpvsCommands.SERVICE);
        keyAttributes(out, service.key());
        out.string(ServiceAttributes.SCHEDULER, service.scheduler().name());
        if (service.persistenceEngine().isPresent()) {
            out.string(ServiceAttributes.ENGINE, service.persistenceEngine().get());
        }
        int flags = service.flags().bits();
        if (service.persistence().isPresent()) {
            Persistence persistence = service.persistence().get();
            out.u32pair(
                    ServiceAttributes.FLAGS, flags | ServiceAttributes.FLAG_PERSISTENT, ServiceAttributes.ALL_FLAGS);
            out.u32(ServiceAttributes.TIMEOUT, (int) persistence.timeout().toSeconds());
            netmask(out, service.key().family(), persistence.granularity());
        } else {
            out.u32pair(ServiceAttributes.FLAGS, flags, ServiceAttributes.ALL_FLAGS);
            out.u32(ServiceAttributes.TIMEOUT, 0);
            wholeAddress(out, service.key().family());
        }
        out.endNested(nest);
    }

    private static void keyAttributes(MessageWriter out, ServiceKey key) {
        out.u16(ServiceAttributes.FAMILY, key.family().number());
        if (key instanceof ServiceKey.Address service) {
            address(out, service.protocol().number(), service.address(), service.port());
        } else if (key instanceof ServiceKey.FirewallMark service) {
            out.u32(ServiceAttributes.MARK, service.mark());
        } else if (key instanceof ServiceKey.OtherProtocol service) {
            address(out, service.protocol(), service.address(), service.port());
        }
    }

    private static void address(MessageWriter out, int protocol, IpAddress address, int port) {
        out.u16(ServiceAttributes.PROTOCOL, protocol)
                .wideAddress(ServiceAttributes.ADDRESS, address)
                .u16be(ServiceAttributes.PORT, port);
    }

    private static void netmask(MessageWriter out, IpFamily family, Granularity granularity) {
        if (granularity instanceof Granularity.Prefix prefix) {
            if (family == IpFamily.IPV6) {
                out.u32(ServiceAttributes.NETMASK, prefix.length());
            } else {
                out.u32be(ServiceAttributes.NETMASK, prefix.mask());
            }
        } else if (granularity instanceof Granularity.IrregularMask mask) {
            out.u32be(ServiceAttributes.NETMASK, mask.bits());
        }
    }

    /** Writes the netmask of a service without persistence, which the kernel checks all the same. */
    private static void wholeAddress(MessageWriter out, IpFamily family) {
        out.u32(ServiceAttributes.NETMASK, family == IpFamily.IPV6 ? family.maxPrefixLength() : -1);
    }
}
