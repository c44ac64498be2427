// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import io.github.ipvs4j.netlink.IpPrefix;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/**
 * Says which services belong to the caller. A plan never adds, changes or deletes a service, or a destination of a
 * service, that does not.
 *
 * <pre>{@code
 * Ownership ours = Ownership.everything().excluding(List.of(IpPrefix.of("192.168.0.0/16")));
 * }</pre>
 */
@FunctionalInterface
public interface Ownership extends Predicate<ServiceKey> {
    /**
     * Says that the whole table belongs to the caller.
     *
     * @return true for every key
     */
    static Ownership everything() {
        return key -> true;
    }

    /**
     * Says that the services which a condition holds for belong to the caller.
     *
     * @param condition true for the caller's own keys; must answer the same for the same key
     * @return the condition
     */
    static Ownership only(Predicate<ServiceKey> condition) {
        return condition::test;
    }

    /**
     * Leaves out all services on the addresses of some blocks.
     *
     * @param foreign blocks of virtual addresses that belong to somebody else
     * @return what was owned before, without these; firewall marks have no address and stay
     */
    default Ownership excluding(Collection<IpPrefix> foreign) {
        List<IpPrefix> blocks = List.copyOf(foreign);
        return key -> test(key) && blocks.stream().noneMatch(block -> isOn(key, block));
    }

    private static boolean isOn(ServiceKey key, IpPrefix block) {
        if (key instanceof ServiceKey.Address service) {
            return block.contains(service.address());
        }
        return key instanceof ServiceKey.OtherProtocol service && block.contains(service.address());
    }
}
