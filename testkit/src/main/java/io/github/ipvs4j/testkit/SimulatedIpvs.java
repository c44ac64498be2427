// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.ipvs.DestinationKey;
import io.github.ipvs4j.ipvs.ServiceKey;
import io.github.ipvs4j.ipvs.Statistics;
import io.github.ipvs4j.ipvs.SyncDaemon;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The virtual services of a {@link SimulatedKernel}: what a test looks at and drives beside the netlink requests.
 *
 * <p>A destination that is deleted goes to a trash list, as in the kernel: added again to the same service it has its
 * connections and counters still. It stays there until it was without connections for two to three minutes of the
 * kernel's clock.
 */
public final class SimulatedIpvs {
    /** Ticks per second of the kernel that is imitated; timeouts are kept in 32 bits of ticks. */
    private static final int HZ = 100;

    private static final int CONNECTION_TABLE_SIZE = 4096;
    private static final int FIRST_TABLE_SIZE = 256;
    private static final int DEFAULT_TCP = 900;
    private static final int DEFAULT_TCP_FIN = 120;
    private static final int DEFAULT_UDP = 300;

    private final KernelContext kernel;
    private final Object lock;
    private final KernelModules modules;
    private final SimulatedLinks links;
    private final KernelRelease release;
    private final Map<ServiceId, ServiceEntry> byAddress = new LinkedHashMap<>();
    private final Map<ServiceId, ServiceEntry> byMark = new LinkedHashMap<>();
    private final DestinationTrash trash;
    private final SyncDaemons daemons;
    private boolean used;
    private boolean carried;
    private long periods;
    private int[] timeouts = {DEFAULT_TCP, DEFAULT_TCP_FIN, DEFAULT_UDP};

    SimulatedIpvs(KernelContext kernel, KernelModules modules, SimulatedLinks links) {
        this.kernel = kernel;
        this.lock = kernel.lock();
        this.release = kernel.release();
        this.modules = modules;
        this.links = links;
        this.trash = new DestinationTrash(kernel);
        this.daemons = new SyncDaemons(links);
        this.periods = kernel.now() / TrafficCounters.PERIOD;
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
     * Returns the synchronisation daemons that run.
     *
     * @return the master first, with everything filled in
     */
    public List<SyncDaemon> daemons() {
        synchronized (lock) {
            return List.copyOf(daemons.running());
        }
    }

    /**
     * Lets a destination have so many connections. It may be one that was deleted a short time ago.
     *
     * @param service the service
     * @param destination its destination
     * @param active number of connections that the kernel would count as active
     * @param inactive number of those that it would count as inactive
     * @throws IllegalArgumentException if there is no such destination, or a number is negative
     */
    public void setConnections(ServiceKey service, DestinationKey destination, int active, int inactive) {
        setConnections(service, destination, active, inactive, 0);
    }

    /**
     * Lets a destination have so many connections, and clients that come back to it. It may be one that was deleted a
     * short time ago.
     *
     * @param service the service
     * @param destination its destination
     * @param active number of connections that the kernel would count as active
     * @param inactive number of those that it would count as inactive
     * @param persistent number of clients that persistence sends there
     * @throws IllegalArgumentException if there is no such destination, or a number is negative
     */
    public void setConnections(
            ServiceKey service, DestinationKey destination, int active, int inactive, int persistent) {
        if (active < 0 || inactive < 0 || persistent < 0) {
            throw new IllegalArgumentException("connections " + active + ", " + inactive + " and " + persistent
                    + ": expected no negative numbers");
        }
        synchronized (lock) {
            DestinationEntry live = live(service, destination);
            DestinationEntry found = live != null ? live : trash.find(ServiceId.of(service), idOf(destination));
            if (found == null) {
                throw new IllegalArgumentException("service " + service + " has no destination " + destination
                        + ", nor one that was deleted a short time ago");
            }
            found.connections(active, inactive, persistent);
        }
    }

    /**
     * Lets a destination carry traffic, which counts for its service as well. As with Linux, clients see it in the
     * counters and in the averages a second from the next full two seconds of the clock on: after {@link
     * SimulatedKernel#advance}.
     *
     * @param service the service
     * @param destination its destination
     * @param traffic what is added to the counters; the averages in it are not looked at, as the kernel makes its own
     * @throws IllegalArgumentException if there is no such destination
     */
    public void carry(ServiceKey service, DestinationKey destination, Statistics traffic) {
        synchronized (lock) {
            ServiceEntry entry = find(ServiceId.of(service));
            DestinationEntry live = live(service, destination);
            if (entry == null || live == null) {
                throw new IllegalArgumentException("service " + service + " has no destination " + destination);
            }
            carried = true;
            entry.startCounters().carry(traffic);
            live.startCounters().carry(traffic);
        }
    }

    private @Nullable DestinationEntry live(ServiceKey service, DestinationKey destination) {
        ServiceEntry entry = find(ServiceId.of(service));
        return entry == null ? null : entry.destination(idOf(destination));
    }

    private static DestinationId idOf(DestinationKey destination) {
        return new DestinationId(destination.address(), destination.port());
    }

    /** Lets what is due by now happen. */
    void timePassed() {
        trash.timePassed();
        long passed = kernel.now() / TrafficCounters.PERIOD - periods;
        periods += passed;
        if (passed > 0 && carried) {
            services().forEach(service -> service.estimate(passed));
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
        service.destinations().forEach(destination -> trash.put(service, destination));
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
        DestinationEntry revived = trash.take(service, id);
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
        trash.put(service, destination);
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

    SyncDaemons synchronisation() {
        return daemons;
    }

    /** Tells whether a service has a destination of another family than its own. */
    boolean isMixed() {
        return services().stream()
                .anyMatch(service -> service.destinations().stream()
                        .anyMatch(destination -> destination.id().address().family()
                                != service.id().family()));
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
