// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the node itself is like: which families it runs with, and on which addresses node ports are reached. */
final class Surroundings {
    private static final Logger LOG = LoggerFactory.getLogger(Surroundings.class);

    private final Kernel kernel;
    private final Settings settings;
    private final CommandRunner commands;
    private final Path proc;
    private final Applier applier;
    private Set<IpAddress> addresses = Set.of();
    private NodeFacts facts;
    private String withoutIpv6 = "this node runs without IPv6";

    Surroundings(Kernel kernel, Settings settings, CommandRunner commands, Path proc, Applier applier) {
        this.kernel = kernel;
        this.settings = settings;
        this.commands = commands;
        this.proc = proc;
        this.applier = applier;
        this.facts = NodeFacts.of(settings, Optional.empty(), Set.of(), Set.of());
    }

    /** Returns what Services are compiled for; if it has changed, all are marked, so that they are compiled anew. */
    NodeFacts facts(ObjectStore objects) {
        NodeFacts now = NodeFacts.of(settings, objects.node(), applier.families(), addresses);
        if (!now.equals(facts)) {
            LOG.info("families {}, zone '{}', node ports on {}", now.families(), now.zone(), now.nodePortAddresses());
            facts = now;
            objects.touchAll();
        }
        return facts;
    }

    /**
     * Reads the kernel.
     *
     * @throws io.github.ipvs4j.netlink.NetlinkException if it cannot be read; what was known of the node stays
     */
    Observation look() {
        findFamilies();
        Observation seen = Observation.read(kernel, applier.families());
        addresses = seen.ofNode();
        return seen;
    }

    /** A family that was once found stays, lest a passing fault take all of it away. */
    private void findFamilies() {
        if (!applier.families().contains(IpFamily.IPV4)) {
            applier.manage(IpFamily.IPV4, new Iptables(IpFamily.IPV4, commands));
        }
        if (!applier.families().contains(IpFamily.IPV6) && Files.exists(proc.resolve("net/if_inet6"))) {
            Iptables rules = new Iptables(IpFamily.IPV6, commands);
            try {
                rules.read();
                applier.manage(IpFamily.IPV6, rules);
            } catch (IOException e) {
                withoutIpv6 = "ip6tables does not work: " + e.getMessage();
                LOG.warn("IPv6 Services are left out, because {}", withoutIpv6);
            }
        }
    }

    /**
     * Returns in words what an earlier run has left of a family that this one cannot work with.
     *
     * @throws io.github.ipvs4j.netlink.NetlinkException if the kernel cannot be asked
     */
    List<String> leftOut() {
        if (applier.families().contains(IpFamily.IPV6)) {
            return List.of();
        }
        Set<String> names = new HashSet<>(kernel.ipset().names());
        return Stream.of(KubeSet.values()).map(set -> set.nameIn(IpFamily.IPV6)).anyMatch(names::contains)
                ? List.of("sets, rules and virtual servers of IPv6 stay, because " + withoutIpv6)
                : List.of();
    }
}
