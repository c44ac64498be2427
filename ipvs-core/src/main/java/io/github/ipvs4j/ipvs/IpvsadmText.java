// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import io.github.ipvs4j.netlink.IpFamily;

/**
 * Writes services, destinations and changes as {@code ipvsadm -S -n} prints and {@code ipvsadm -R} takes them, a line
 * each. What its language has no words for becomes a line behind {@code #}, at which {@code -R} stops. Thresholds,
 * which {@code -S} leaves out, are there; the port of a destination that is not masqueraded is there too, though
 * {@code -R} takes the service's instead.
 */
final class IpvsadmText {
    private static final char ADD_SERVICE = 'A';
    private static final char EDIT_SERVICE = 'E';
    private static final char DELETE_SERVICE = 'D';
    private static final char ADD_DESTINATION = 'a';
    private static final char EDIT_DESTINATION = 'e';
    private static final char DELETE_DESTINATION = 'd';

    private static final String[] SCHEDULER_FLAGS = {"flag-1", "flag-2", "flag-3"};
    private static final String[] SOURCE_HASH_FLAGS = {"sh-fallback", "sh-port", "flag-3"};
    private static final String[] MAGLEV_FLAGS = {"mh-fallback", "mh-port", "flag-3"};
    private static final int FIRST_SCHEDULER_FLAG = 0x8;

    private IpvsadmText() {}

    /** Appends the lines of a state, with or without thresholds. */
    static void state(StringBuilder text, IpvsState state, boolean thresholds) {
        for (VirtualServer server : state.servers()) {
            service(text, ADD_SERVICE, server.service());
            for (Destination destination : server.destinations()) {
                destination(text, ADD_DESTINATION, server.key(), destination, thresholds);
            }
        }
    }

    /** Appends the line of a change. */
    static void append(StringBuilder text, Change change) {
        if (change instanceof Change.AddDestination add) {
            destination(text, ADD_DESTINATION, add.service(), add.destination(), true);
        } else if (change instanceof Change.UpdateDestination update) {
            destination(text, EDIT_DESTINATION, update.service(), update.after(), true);
        } else if (change instanceof Change.DeleteDestination delete) {
            begin(text, DELETE_DESTINATION, delete.service(), true);
            text.append(" -r ").append(delete.destination().key()).append('\n');
        } else if (change instanceof Change.AddService add) {
            service(text, ADD_SERVICE, add.service());
        } else if (change instanceof Change.UpdateService update) {
            service(text, EDIT_SERVICE, update.after());
        } else {
            begin(text, DELETE_SERVICE, change.key(), true);
            text.append('\n');
        }
    }

    private static void service(StringBuilder text, char command, VirtualService service) {
        begin(text, command, service.key(), true);
        text.append(" -s ").append(service.scheduler());
        service.persistence()
                .ifPresent(persistence -> persistence(text, service.key().family(), persistence));
        service.persistenceEngine().ifPresent(name -> text.append(" --pe ").append(name));
        if (service.flags().contains(ServiceFlags.ONE_PACKET)) {
            text.append(" -o");
        }
        schedulerFlags(text, service);
        text.append('\n');
    }

    private static void persistence(StringBuilder text, IpFamily family, Persistence persistence) {
        text.append(" -p ").append(persistence.timeout().toSeconds());
        if (persistence.granularity() instanceof Granularity.IrregularMask mask) {
            text.append(" -M ").append(mask);
        } else if (persistence.granularity() instanceof Granularity.Prefix prefix
                && prefix.length() != family.maxPrefixLength()) {
            text.append(" -M ");
            if (family == IpFamily.IPV6) {
                text.append(prefix.length());
            } else {
                text.append(Granularity.IrregularMask.text(prefix.mask()));
            }
        }
    }

    private static void schedulerFlags(StringBuilder text, VirtualService service) {
        String[] names = flagNames(service.scheduler());
        String separator = " -b ";
        for (int i = 0; i < names.length; i++) {
            if ((service.flags().bits() & (FIRST_SCHEDULER_FLAG << i)) != 0) {
                text.append(separator).append(names[i]);
                separator = ",";
            }
        }
    }

    private static String[] flagNames(Scheduler scheduler) {
        return switch (scheduler.name()) {
            case "sh" -> SOURCE_HASH_FLAGS;
            case "mh" -> MAGLEV_FLAGS;
            default -> SCHEDULER_FLAGS;
        };
    }

    /** Returns the bit of a flag by its name with the scheduler, or by its number with any; 0 if there is none. */
    static int schedulerFlag(Scheduler scheduler, String name) {
        String[] names = flagNames(scheduler);
        for (int i = 0; i < names.length; i++) {
            if (names[i].equals(name) || SCHEDULER_FLAGS[i].equals(name)) {
                return FIRST_SCHEDULER_FLAG << i;
            }
        }
        return 0;
    }

    private static void destination(
            StringBuilder text, char command, ServiceKey service, Destination destination, boolean thresholds) {
        Forwarding forwarding = destination.forwarding();
        begin(text, command, service, !(forwarding instanceof Forwarding.Unrecognised));
        text.append(" -r ").append(Ports.join(destination.address(), destination.port()));
        text.append(
                forwarding instanceof Forwarding.Masquerade
                        ? " -m"
                        : forwarding instanceof Forwarding.DirectRoute
                                ? " -g"
                                : forwarding instanceof Forwarding.Tunnel ? " -i" : " " + forwarding);
        text.append(" -w ").append(destination.weight());
        if (forwarding instanceof Forwarding.Tunnel tunnel) {
            tunnel(text, tunnel);
        }
        if (thresholds && destination.upperThreshold() != 0) {
            text.append(" -x ").append(Integer.toUnsignedString(destination.upperThreshold()));
        }
        if (thresholds && destination.lowerThreshold() != 0) {
            text.append(" -y ").append(Integer.toUnsignedString(destination.lowerThreshold()));
        }
        text.append('\n');
    }

    private static void tunnel(StringBuilder text, Forwarding.Tunnel tunnel) {
        switch (tunnel.encapsulation()) {
            case IPIP -> {
                text.append(" --tun-type ipip");
                return;
            }
            case GUE -> text.append(" --tun-type gue --tun-port ").append(tunnel.port());
            case GRE -> text.append(" --tun-type gre");
        }
        switch (tunnel.checksum()) {
            case NONE -> text.append(" --tun-nocsum");
            case FULL -> text.append(" --tun-csum");
            case REMOTE -> text.append(" --tun-remcsum");
        }
    }

    private static void begin(StringBuilder text, char command, ServiceKey key, boolean sayable) {
        if (!sayable || key instanceof ServiceKey.OtherProtocol) {
            text.append("# ");
        }
        text.append('-').append(command);
        if (key instanceof ServiceKey.Address service) {
            text.append(
                    switch (service.protocol()) {
                        case TCP -> " -t ";
                        case UDP -> " -u ";
                        case SCTP -> " --sctp-service ";
                    });
            text.append(Ports.join(service.address(), service.port()));
        } else if (key instanceof ServiceKey.FirewallMark service) {
            text.append(" -f ").append(Integer.toUnsignedString(service.mark()));
            if (service.family() == IpFamily.IPV6) {
                text.append(" -6");
            }
        } else {
            text.append(' ').append(key);
        }
    }
}
