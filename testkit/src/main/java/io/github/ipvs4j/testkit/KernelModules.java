// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import java.util.Set;
import java.util.TreeSet;

/** Which modules the simulated kernel has, by their names in {@code /lib/modules}. */
final class KernelModules {
    private static final String SCHEDULER_PREFIX = "ip_vs_";
    private static final String ENGINE_PREFIX = "ip_vs_pe_";
    private static final String NO_SCHEDULER = "none";

    private static final Set<String> SCHEDULERS =
            Set.of("rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq", "fo", "ovf", "mh", "twos");

    private static final Set<String> OTHERS =
            Set.of("ip_vs", "ip_vs_pe_sip", "ip_set", "nf_conntrack_netlink", "dummy", "ipv6");

    private final Set<String> present;

    private KernelModules(Set<String> present) {
        this.present = present;
    }

    static KernelModules all() {
        Set<String> all = new TreeSet<>(OTHERS);
        for (SetKind kind : SetKind.values()) {
            all.add(kind.module());
        }
        SCHEDULERS.forEach(scheduler -> all.add(SCHEDULER_PREFIX + scheduler));
        return new KernelModules(all);
    }

    KernelModules without(String module) {
        Set<String> rest = new TreeSet<>(present);
        if (!rest.remove(module)) {
            throw new IllegalArgumentException("module " + module + ": expected one of " + present);
        }
        return new KernelModules(rest);
    }

    boolean has(String module) {
        return present.contains(module);
    }

    boolean hasScheduler(String name) {
        return name.equals(NO_SCHEDULER) || (SCHEDULERS.contains(name) && has(SCHEDULER_PREFIX + name));
    }

    /** Tells whether there is a persistence engine; without a name none is wanted. */
    boolean hasEngine(String name) {
        return name.isEmpty() || has(ENGINE_PREFIX + name);
    }
}
