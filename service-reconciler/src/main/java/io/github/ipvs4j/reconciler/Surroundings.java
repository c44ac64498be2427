// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    private List<IpAddress> nodePortAddresses = List.of();

    Surroundings(Kernel kernel, Settings settings, CommandRunner commands, Path proc, Applier applier) {
        this.kernel = kernel;
        this.settings = settings;
        this.commands = commands;
        this.proc = proc;
        this.applier = applier;
    }

    /** Returns what Services are compiled for. */
    NodeFacts facts(String zone) {
        return new NodeFacts(settings, zone, applier.families(), nodePortAddresses);
    }

    /**
     * Reads the kernel. If the node has changed, all Services are marked, so that they are compiled anew.
     *
     * @throws io.github.ipvs4j.netlink.NetlinkException if it cannot be read; what was known of the node stays
     */
    Observation look(ObjectStore objects) {
        boolean grown = findFamilies();
        Observation seen = Observation.read(kernel, applier.families());
        List<IpAddress> addresses = seen.nodePortAddresses(settings.nodePortAddresses());
        if (grown || !addresses.equals(nodePortAddresses)) {
            LOG.info("families {}, node ports on {}", applier.families(), addresses);
            nodePortAddresses = addresses;
            objects.touchAll();
        }
        return seen;
    }

    /** A family that was once found stays, lest a passing fault take all of it away. */
    private boolean findFamilies() {
        boolean grown = false;
        if (!applier.families().contains(IpFamily.IPV4)) {
            applier.manage(IpFamily.IPV4, new Iptables(IpFamily.IPV4, commands));
            grown = true;
        }
        if (!applier.families().contains(IpFamily.IPV6) && Files.exists(proc.resolve("net/if_inet6"))) {
            Iptables rules = new Iptables(IpFamily.IPV6, commands);
            try {
                rules.read();
                applier.manage(IpFamily.IPV6, rules);
                grown = true;
            } catch (IOException e) {
                LOG.warn("IPv6 Services are left out, because ip6tables does not work: {}", e.getMessage());
            }
        }
        return grown;
    }
}
