// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.IpFamily;
import java.util.Optional;

/**
 * What the kernel's error numbers mean for each request, and what to do. Follows {@code ip_vs_genl_set_cmd},
 * {@code ip_vs_add_service}, {@code ip_vs_edit_service}, {@code ip_vs_add_dest} and {@code __ip_vs_update_dest} in
 * {@code net/netfilter/ipvs/ip_vs_ctl.c}.
 */
final class Explanations {
    private static final int ESRCH = 3;
    private static final int EINVAL = 22;
    private static final int ENOENT = 2;
    private static final int EEXIST = 17;
    private static final int ENODEV = 19;
    private static final int ERANGE = 34;
    private static final int ENOPROTOOPT = 92;
    private static final int EAFNOSUPPORT = 97;
    private static final int EADDRINUSE = 98;
    private static final int EADDRNOTAVAIL = 99;

    private Explanations() {}

    static String ofAdd(VirtualService service, Errno errno) {
        return errno.number() == EEXIST
                ? "there is a service with this key already; update it instead"
                : ofValues(service, errno);
    }

    static String ofUpdate(VirtualService service, Errno errno) {
        return errno.number() == ESRCH ? "there is no such service; add it first" : ofValues(service, errno);
    }

    private static String ofValues(VirtualService service, Errno errno) {
        return switch (errno.number()) {
            case ENOENT -> missingModule(service.scheduler().name(), service.persistenceEngine());
            case EINVAL ->
                "the kernel does not take these attributes, or the scheduler " + service.scheduler()
                        + " does not take this service";
            case ENOPROTOOPT -> "the module ip_vs is being unloaded; try again";
            default -> ofKey(service.key(), errno);
        };
    }

    private static String missingModule(String scheduler, Optional<String> engine) {
        String module = "ip_vs_" + scheduler;
        String remedy = "load it with 'modprobe " + module + "', or use a kernel built with it";
        if (engine.isEmpty()) {
            return "scheduler module " + module + " is not loaded; " + remedy;
        }
        String engineModule = "ip_vs_pe_" + engine.get();
        return "scheduler module " + module + " or persistence engine module " + engineModule
                + " is not loaded; load them with 'modprobe -a " + module + " " + engineModule
                + "', or use a kernel built with them";
    }

    static String ofKey(ServiceKey key, Errno errno) {
        return switch (errno.number()) {
            case ESRCH -> "there is no such service";
            case EAFNOSUPPORT -> noFamily(key.family());
            default -> "";
        };
    }

    private static String noFamily(IpFamily family) {
        return family == IpFamily.IPV6
                ? "the kernel has no IPv6, or it is disabled; boot without 'ipv6.disable=1' a kernel with"
                        + " CONFIG_IP_VS_IPV6"
                : "";
    }

    static String ofAdd(ServiceKey service, Destination destination, Errno errno) {
        return switch (errno.number()) {
            case ESRCH -> "there is no such service; add it before its destinations";
            case EEXIST -> "the service has this destination already; update it instead";
            case EINVAL -> refusedValues(service, destination, true);
            default -> ofValues(destination, errno);
        };
    }

    static String ofUpdate(ServiceKey service, Destination destination, Errno errno) {
        return switch (errno.number()) {
            case ESRCH -> "there is no such service";
            case ENOENT -> "the service has no such destination; add it first";
            case EINVAL -> refusedValues(service, destination, false);
            default -> ofValues(destination, errno);
        };
    }

    static String ofDelete(ServiceKey service, DestinationKey key, Errno errno) {
        return switch (errno.number()) {
            case ESRCH -> "there is no such service";
            case ENOENT -> "the service has no such destination";
            case EAFNOSUPPORT -> noFamily(key.address().family());
            default -> "";
        };
    }

    private static String ofValues(Destination destination, Errno errno) {
        return switch (errno.number()) {
            case ERANGE -> "the kernel does not take this weight or these thresholds";
            case EAFNOSUPPORT -> noFamily(destination.address().family());
            default -> "";
        };
    }

    private static String refusedValues(ServiceKey service, Destination destination, boolean isNew) {
        if (destination.address().family() != service.family()) {
            return destination.forwarding() instanceof Forwarding.Tunnel
                    ? "a destination of the other address family cannot be there while a sync daemon runs;"
                            + " stop the daemon with 'ipvsadm --stop-daemon'"
                    : "a destination of the other address family must be tunnelled";
        }
        if (destination.upperThreshold() < 0) {
            return "this kernel takes thresholds up to " + Integer.MAX_VALUE;
        }
        if (!isNew) {
            return "";
        }
        return destination.address().family() == IpFamily.IPV6
                ? "the address must be unicast: not link-local, multicast, IPv4-mapped or unspecified"
                : "the address must be unicast by the routing table of this network namespace, which is empty"
                        + " as long as the loopback device is down; check the address, and run 'ip link set lo up'";
    }

    static String ofTimeouts(Errno errno) {
        return errno.number() == EINVAL
                ? "a timeout is too long for this kernel; none was changed. Every kernel takes up to "
                        + Timeouts.MAX.toSeconds() + " seconds"
                : "";
    }

    static String ofStart(SyncDaemon daemon, Errno errno) {
        String name = daemon.interfaceName();
        String role = daemon.role().text();
        return switch (errno.number()) {
            case EEXIST ->
                "a " + role + " daemon is running already; stop it first, for example with 'ipvsadm --stop-daemon "
                        + role + "'";
            case ENODEV -> "this network namespace has no interface " + name + "; create it, or name another";
            case EINVAL ->
                "the kernel does not take these attributes, or a service has a destination of the other address"
                        + " family, which cannot be while a sync daemon runs; delete such destinations first";
            case EADDRNOTAVAIL ->
                "the interface " + name + " has no address that the daemon can use; bring it up and give it one of the"
                        + " group's family";
            case EADDRINUSE -> "another program uses the daemon's UDP port; choose another port";
            default -> "";
        };
    }

    static String ofStop(SyncRole role, Errno errno) {
        return errno.number() == ESRCH ? "no " + role.text() + " daemon is running" : "";
    }
}
