// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a table of services as {@code ipvsadm -Sn} does, sorted. */
final class IpvsText {
    private static final int SINGLE_IPV4 = -1;
    private static final int UDP = 17;
    private static final int SCTP = 132;

    private IpvsText() {}

    static String of(Collection<ServiceEntry> services) {
        StringBuilder text = new StringBuilder();
        services.stream()
                .sorted(Comparator.comparing(ServiceEntry::id, ServiceId.ORDER))
                .forEach(service -> append(text, service));
        return text.toString();
    }

    private static void append(StringBuilder text, ServiceEntry service) {
        String name = name(service.id());
        text.append("-A ").append(name).append(" -s ").append(service.settings().scheduler());
        settings(text, service.id().family(), service.settings());
        text.append('\n');
        service.destinations().stream()
                .sorted(Comparator.comparing(DestinationEntry::id, DestinationId.ORDER))
                .forEach(destination -> append(text, name, destination));
    }

    private static String name(ServiceId id) {
        if (id.mark() != 0) {
            return "-f " + Integer.toUnsignedString(id.mark()) + (id.family() == IpFamily.IPV6 ? " -6" : "");
        }
        String option = switch (id.protocol()) {
            case UDP -> "-u ";
            case SCTP -> "--sctp-service ";
            default -> "-t ";
        };
        return option + endpoint(id.address(), id.port());
    }

    private static String endpoint(IpAddress address, int port) {
        return (address.family() == IpFamily.IPV6 ? "[" + address + "]" : address.toString()) + ":" + port;
    }

    private static void settings(StringBuilder text, IpFamily family, ServiceSettings settings) {
        if ((settings.flags() & IpvsNumbers.FLAG_PERSISTENT) != 0) {
            text.append(" -p ").append(Integer.toUnsignedString(settings.timeoutSeconds()));
            text.append(mask(family, settings.netmask()));
            if (!settings.engine().isEmpty()) {
                text.append(" --pe ").append(settings.engine());
            }
        }
        if ((settings.flags() & IpvsNumbers.FLAG_ONE_PACKET) != 0) {
            text.append(" -o");
        }
        List<String> names = switch (settings.scheduler()) {
            case "sh" -> List.of("sh-fallback", "sh-port");
            case "mh" -> List.of("mh-fallback", "mh-port");
            default -> List.of("flag-1", "flag-2");
        };
        String first = (settings.flags() & IpvsNumbers.FLAG_SCHEDULER_1) != 0 ? names.get(0) : null;
        String second = (settings.flags() & IpvsNumbers.FLAG_SCHEDULER_2) != 0 ? names.get(1) : null;
        text.append(schedulerFlags(first, second));
    }

    private static String schedulerFlags(@Nullable String first, @Nullable String second) {
        if (first == null) {
            return second == null ? "" : " -b " + second;
        }
        return " -b " + first + (second == null ? "" : "," + second);
    }

    private static String mask(IpFamily family, int netmask) {
        if (family == IpFamily.IPV6) {
            return netmask == IpFamily.IPV6.maxPrefixLength() ? "" : " -M " + netmask;
        }
        if (netmask == SINGLE_IPV4) {
            return "";
        }
        int bits = HostOrder.swap32(netmask);
        return " -M " + (bits >>> 24) + "." + (bits >>> 16 & 0xff) + "." + (bits >>> 8 & 0xff) + "." + (bits & 0xff);
    }

    private static void append(StringBuilder text, String service, DestinationEntry destination) {
        DestinationSettings settings = destination.settings();
        text.append("-a ").append(service).append(" -r ");
        text.append(endpoint(destination.id().address(), destination.id().port()));
        text.append(
                switch (settings.method()) {
                    case IpvsNumbers.METHOD_DIRECT -> " -g";
                    case IpvsNumbers.METHOD_TUNNEL -> " -i" + tunnel(settings);
                    default -> " -m";
                });
        text.append(" -w ").append(settings.weight());
        if (settings.upper() != 0) {
            text.append(" -x ").append(Integer.toUnsignedString(settings.upper()));
        }
        if (settings.lower() != 0) {
            text.append(" -y ").append(Integer.toUnsignedString(settings.lower()));
        }
        text.append('\n');
    }

    private static String tunnel(DestinationSettings settings) {
        String checksum = switch (settings.tunnelFlags()) {
            case 0 -> "";
            case 1 -> " --tun-csum";
            default -> " --tun-remcsum";
        };
        return switch (settings.tunnelType()) {
            case IpvsNumbers.TUNNEL_GUE -> " --tun-type gue --tun-port " + settings.tunnelPort() + checksum;
            case IpvsNumbers.TUNNEL_GRE -> " --tun-type gre" + checksum;
            default -> "";
        };
    }
}
