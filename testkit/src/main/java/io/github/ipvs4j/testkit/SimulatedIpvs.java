// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.ipvs.DestinationKey;
import io.github.ipvs4j.ipvs.ServiceKey;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The virtual services of a {@link SimulatedKernel}: what a test looks at and drives beside the netlink requests.
 *
 * <p>A destination that is deleted while it has connections goes to a trash list, as in the kernel: added again to the
 * same service it has them still.
 */
public final class SimulatedIpvs {
    /** Ticks per second of the kernel that is imitated; timeouts are kept in 32 bits of ticks. */
    private static final int HZ = 100;

    private static final int CONNECTION_TABLE_SIZE = 4096;
    private static final int FIRST_TABLE_SIZE = 256;
    private static final int DEFAULT_TCP = 900;
    private static final int DEFAULT_TCP_FIN = 120;
    private static final int DEFAULT_UDP = 300;

    private final Object lock;
    private final KernelModules modules;
    private final SimulatedLinks links;
    private final KernelRelease release;
    private final Map<ServiceId, ServiceEntry> byAddress = new LinkedHashMap<>();
    private final Map<ServiceId, ServiceEntry> byMark = new LinkedHashMap<>();
    private final Map<ServiceId, Map<DestinationId, DestinationEntry>> trash = new HashMap<>();
    private boolean used;
    private int[] timeouts = {DEFAULT_TCP, DEFAULT_TCP_FIN, DEFAULT_UDP};

    SimulatedIpvs(Object lock, KernelModules modules, SimulatedLinks links, KernelRelease release) {
        this.lock = lock;
        this.release = release;
        this.modules = modules;
        this.links = links;
    }

    /**
     * Returns the whole table as a script for {@code ipvsadm -R}, like {@code ipvsadm -Sn} prints it, with thresholds
     * and tunnels beside.
     *
     * @return one line for each service and destination, sorted by keys
     */
    public String save() {
        synchronized (lock) {
            return IpvsText.of(services());
        }
    }

    /**
     * Lets a destination have so many connections. It may be one that was deleted while it had some.
     *
     * @param service the service
     * @param destination its destination
     * @param active number of connections that the kernel would count as active
     * @param inactive number of those that it would count as inactive
     * @throws IllegalArgumentException if there is no such destination, or a number is negative
     */
    public void setConnections(ServiceKey service, DestinationKey destination, int active, int inactive) {
        if (active < 0 || inactive < 0) {
            throw new IllegalArgumentException(
                    "connections " + active + " and " + inactive + ": expected no negative numbers");
        }
        synchronized (lock) {
            ServiceId id = ServiceId.of(service);
            DestinationId wanted = new DestinationId(destination.address(), destination.port());
            ServiceEntry entry = find(id);
            DestinationEntry live = entry == null ? null : entry.destination(wanted);
            DestinationEntry dead = trash.getOrDefault(id, Map.of()).get(wanted);
            if (live != null) {
                live.connections(active, inactive);
            } else if (dead != null) {
                dead.connections(active, inactive);
                if (!dead.hasConnections()) {
                    takeFromTrash(id, wanted);
                }
            } else {
                throw new IllegalArgumentException("service " + service + " has no destination " + destination
                        + ", nor one that was deleted" + " with connections");
            }
        }
    }

    boolean supports(int family) {
        return family == IpFamily.IPV4.number() || (family == IpFamily.IPV6.number() && modules.has("ipv6"));
    }

    @Nullable
    ServiceEntry find(ServiceId id) {
        return table(id).get(id);
    }

    /** Returns all services in the kernel's order: those with addresses first. */
    Collection<ServiceEntry> services() {
        List<ServiceEntry> all = new ArrayList<>(byAddress.values());
        all.addAll(byMark.values());
        return all;
    }

    private Map<ServiceId, ServiceEntry> table(ServiceId id) {
        return id.mark() == 0 ? byAddress : byMark;
    }

    void add(ServiceId id, ServiceSettings settings) {
        checkSettings(id, settings);
        used = true;
        table(id).put(id, new ServiceEntry(id, kept(settings)));
    }

    void edit(ServiceEntry service, ServiceSettings settings) {
        checkSettings(service.id(), settings);
        service.settings(kept(settings));
    }

    private void checkSettings(ServiceId id, ServiceSettings settings) {
        if (!modules.hasScheduler(settings.scheduler()) || !modules.hasEngine(settings.engine())) {
            throw new Refused(ErrorNumbers.ENOENT);
        }
        int prefix = settings.netmask();
        if (id.family() == IpFamily.IPV6 && (prefix < 1 || prefix > IpFamily.IPV6.maxPrefixLength())) {
            throw new Refused(ErrorNumbers.EINVAL);
        }
    }

    private static ServiceSettings kept(ServiceSettings settings) {
        return new ServiceSettings(
                settings.scheduler(),
                settings.engine(),
                settings.flags() | IpvsNumbers.FLAG_HASHED,
                Integer.divideUnsigned(settings.timeoutSeconds() * HZ, HZ),
                settings.netmask());
    }

    void delete(ServiceEntry service) {
        service.destinations().forEach(destination -> toTrash(service, destination));
        table(service.id()).remove(service.id());
    }

    void flush() {
        services().forEach(this::delete);
    }

    void addDestination(ServiceEntry service, DestinationId id, DestinationSettings settings) {
        checkSettings(settings);
        if (service.destination(id) != null) {
            throw new Refused(ErrorNumbers.EEXIST);
        }
        DestinationEntry revived = takeFromTrash(service.id(), id);
        if (revived != null) {
            // The kernel does not look at the address again.
            revived.settings(settings);
            service.put(revived);
            return;
        }
        if (!isReachable(id.address())) {
            throw new Refused(ErrorNumbers.EINVAL);
        }
        service.put(new DestinationEntry(id, settings));
    }

    void editDestination(ServiceEntry service, DestinationId id, DestinationSettings settings) {
        checkSettings(settings);
        DestinationEntry destination = service.destination(id);
        if (destination == null) {
            throw new Refused(ErrorNumbers.ENOENT);
        }
        destination.settings(settings);
    }

    void deleteDestination(ServiceEntry service, DestinationId id) {
        DestinationEntry destination = service.remove(id);
        if (destination == null) {
            throw new Refused(ErrorNumbers.ENOENT);
        }
        toTrash(service, destination);
    }

    /** Returns the size of the table of connections, which 7.2 makes with the first service. */
    int connectionTableSize() {
        if (release != KernelRelease.LINUX_7_2) {
            return CONNECTION_TABLE_SIZE;
        }
        return used ? FIRST_TABLE_SIZE : 0;
    }

    private void checkSettings(DestinationSettings settings) {
        if (settings.weight() < 0 || Integer.compareUnsigned(settings.lower(), settings.upper()) > 0) {
            throw new Refused(ErrorNumbers.ERANGE);
        }
        if (settings.upper() < 0 && release == KernelRelease.LINUX_7_2) {
            throw new Refused(ErrorNumbers.EINVAL);
        }
        if (settings.tunnelType() == IpvsNumbers.TUNNEL_GUE && settings.tunnelPort() == 0) {
            throw new Refused(ErrorNumbers.EINVAL);
        }
    }

    /** Tells whether the kernel takes an address for that of one host. */
    private boolean isReachable(IpAddress address) {
        if (links.hasAddress(address)) {
            return true;
        }
        if (address.isUnspecified() || address.isMulticast()) {
            return false;
        }
        return address.family() == IpFamily.IPV4
                ? !links.isBroadcast(address)
                : !address.isLinkLocal() && !AddressTypes.isMapped(address);
    }

    private void toTrash(ServiceEntry service, DestinationEntry destination) {
        if (destination.hasConnections()) {
            trash.computeIfAbsent(service.id(), id -> new HashMap<>()).put(destination.id(), destination);
        }
    }

    private @Nullable DestinationEntry takeFromTrash(ServiceId service, DestinationId destination) {
        Map<DestinationId, DestinationEntry> ofService = trash.get(service);
        if (ofService == null) {
            return null;
        }
        DestinationEntry found = ofService.remove(destination);
        if (ofService.isEmpty()) {
            trash.remove(service);
        }
        return found;
    }

    /** Returns the timeouts of TCP, TCP after a FIN, and UDP, in seconds. */
    int[] timeouts() {
        return timeouts.clone();
    }

    /** Sets those of the timeouts that are not 0. */
    void timeouts(int[] seconds) {
        int[] wanted = timeouts.clone();
        for (int i = 0; i < wanted.length; i++) {
            if (seconds[i] < 0 || seconds[i] > Integer.MAX_VALUE / HZ) {
                throw new Refused(ErrorNumbers.EINVAL);
            }
            wanted[i] = seconds[i] == 0 ? wanted[i] : seconds[i];
        }
        timeouts = wanted;
    }
}
