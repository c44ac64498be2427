// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.ipvs.Scheduler;
import io.github.ipvs4j.ipvs.Timeouts;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpPrefix;
import io.github.ipvs4j.netlink.NetlinkClient;
import io.github.ipvs4j.netlink.NetlinkException;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.netlink.Transport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Settings of a {@link Reconciler}; made by {@link Reconciler#builder()}. */
public final class ReconcilerBuilder {
    private static final int DEFAULT_MASQUERADE_BIT = 14;

    private String nodeName = "";
    private Scheduler scheduler = Scheduler.ROUND_ROBIN;
    private Optional<IpAddress> nodeIp = Optional.empty();
    private LocalDetection localDetection = new LocalDetection.ClusterCidrs(List.of());
    private boolean masqueradeAll;
    private int masqueradeBit = DEFAULT_MASQUERADE_BIT;
    private NodePortAddresses nodePortAddresses = NodePortAddresses.all();
    private List<IpPrefix> excludeCidrs = List.of();
    private boolean strictArp;
    private Timeouts timeouts = new Timeouts(Duration.ZERO, Duration.ZERO, Duration.ZERO);
    private boolean serviceAnnotations;
    private final List<SyncListener> listeners = new ArrayList<>();
    private Duration deadline = Duration.ofSeconds(10);
    private Duration drainTime = Duration.ofMinutes(15);
    private LongSupplier nanoTime = System::nanoTime;
    private Path proc = Path.of("/proc");
    private @Nullable Duration healthPatience;
    private @Nullable Path namespace;
    private Transport.@Nullable Factory transport;
    private @Nullable CommandRunner commands;

    ReconcilerBuilder() {}

    /**
     * Sets the name of the own node, by which its endpoints are told.
     *
     * @param nodeName as the Node object has it
     * @return this
     */
    public ReconcilerBuilder nodeName(String nodeName) {
        this.nodeName = nodeName;
        return this;
    }

    /**
     * Sets the scheduler of all virtual servers.
     *
     * @param scheduler {@link Scheduler#ROUND_ROBIN} if not set
     * @return this
     */
    public ReconcilerBuilder scheduler(Scheduler scheduler) {
        this.scheduler = scheduler;
        return this;
    }

    /**
     * Sets the node's own address of a family. Whether the source ranges of a Service include the node is judged by it.
     *
     * @param address if not set, that of the Node object, or else localhost
     * @return this
     */
    public ReconcilerBuilder nodeIp(IpAddress address) {
        this.nodeIp = Optional.of(address);
        return this;
    }

    /**
     * Sets how traffic of the cluster's own pods is told from other traffic.
     *
     * @param localDetection by nothing if not set
     * @return this
     */
    public ReconcilerBuilder localDetection(LocalDetection localDetection) {
        this.localDetection = localDetection;
        return this;
    }

    /**
     * Sets whether everything that goes to a cluster address is masqueraded.
     *
     * @param masqueradeAll false if not set
     * @return this
     */
    public ReconcilerBuilder masqueradeAll(boolean masqueradeAll) {
        this.masqueradeAll = masqueradeAll;
        return this;
    }

    /**
     * Sets which bit of the packet mark asks for masquerading.
     *
     * @param bit 0 to 31; 14 if not set
     * @return this
     */
    public ReconcilerBuilder masqueradeBit(int bit) {
        this.masqueradeBit = bit;
        return this;
    }

    /**
     * Sets on which of the node's addresses node ports are reached.
     *
     * @param addresses {@link NodePortAddresses#all()} if not set
     * @return this
     */
    public ReconcilerBuilder nodePortAddresses(NodePortAddresses addresses) {
        this.nodePortAddresses = addresses;
        return this;
    }

    /**
     * Sets where virtual servers are never deleted, though they look like those of a Service that is gone. One that a
     * Service wants is brought to what it wants there, too.
     *
     * @param blocks none if not set
     * @return this
     */
    public ReconcilerBuilder excludeCidrs(List<IpPrefix> blocks) {
        this.excludeCidrs = blocks;
        return this;
    }

    /**
     * Sets whether the node answers ARP requests only for addresses of the device that is asked, and asks only with
     * such ones ({@code arp_ignore} 1, {@code arp_announce} 2). Those who announce addresses of load balancers need it.
     *
     * @param strictArp false if not set, and then both stay as they are
     * @return this
     */
    public ReconcilerBuilder strictArp(boolean strictArp) {
        this.strictArp = strictArp;
        return this;
    }

    /**
     * Sets how long IPVS remembers idle connections.
     *
     * @param timeouts those of zero stay as they are, as all do if not set
     * @return this
     */
    public ReconcilerBuilder timeouts(Timeouts timeouts) {
        this.timeouts = timeouts;
        return this;
    }

    /**
     * Sets whether a Service chooses its scheduler, its endpoints' weights and its drain time by annotations whose keys
     * begin with {@code ipvs4j.github.io/}; {@code docs/choices.md} explains them. Whoever may write Services then
     * decides this for their traffic on this node.
     *
     * @param allowed false if not set, as kube-proxy knows no such thing
     * @return this
     */
    public ReconcilerBuilder serviceAnnotations(boolean allowed) {
        this.serviceAnnotations = allowed;
        return this;
    }

    /**
     * Adds who is told what the reconciler does.
     *
     * @param listener for example a {@link KubeProxyMeters}
     * @return this
     */
    public ReconcilerBuilder listener(SyncListener listener) {
        listeners.add(listener);
        return this;
    }

    /**
     * Answers load balancers on the health-check node ports of Services of type LoadBalancer with the external policy
     * {@code Local}: 200 where the node has endpoints of its own, 503 where it has none or changes do not reach the
     * kernel. The servers listen in the network namespace of this process. Without this call there are none.
     *
     * @param patience how long a change may wait for a sync
     * @return this
     */
    public ReconcilerBuilder healthCheckServers(Duration patience) {
        this.healthPatience = patience;
        return this;
    }

    /**
     * Works in another network namespace; programs are then run through {@code nsenter}.
     *
     * @param path for example {@code /run/netns/blue}
     * @return this
     */
    public ReconcilerBuilder namespace(Path path) {
        this.namespace = path;
        return this;
    }

    /**
     * Sets how long one exchange with the kernel may take.
     *
     * @param deadline more than zero; ten seconds if not set
     * @return this
     */
    public ReconcilerBuilder deadline(Duration deadline) {
        this.deadline = deadline;
        return this;
    }

    /**
     * Sets for how long a TCP destination that is wanted no more keeps its connections at most. It gets no new ones and
     * is deleted when there are none left, or when this time is over, whichever comes first.
     *
     * @param drainTime zero to delete at once; 15 minutes if not set, as long as IPVS remembers an idle connection
     * @return this
     */
    public ReconcilerBuilder drainTime(Duration drainTime) {
        this.drainTime = drainTime;
        return this;
    }

    /** Puts another clock in the place of {@link System#nanoTime}. */
    ReconcilerBuilder clock(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        return this;
    }

    /**
     * Puts something else in the place of the kernel's sockets.
     *
     * @param factory for example a simulated kernel
     * @return this
     */
    public ReconcilerBuilder transport(Transport.Factory factory) {
        this.transport = factory;
        return this;
    }

    /**
     * Puts something else in the place of the programs that the reconciler runs.
     *
     * @param commands runs them
     * @return this
     */
    public ReconcilerBuilder commands(CommandRunner commands) {
        this.commands = commands;
        return this;
    }

    /**
     * Puts another folder in the place of {@code /proc}, whose {@code sys} holds the kernel's settings and whose
     * {@code net/if_inet6} tells whether there is IPv6.
     *
     * @param folder its path
     * @return this
     */
    public ReconcilerBuilder proc(Path folder) {
        this.proc = folder;
        return this;
    }

    /**
     * Opens the sockets and checks that the kernel answers; changes nothing.
     *
     * @return a reconciler that the caller closes
     * @throws IllegalArgumentException if a setting is wrong
     * @throws NetlinkException if the system has no IPVS or ipset, or the process may not use them; the message
     *     says which module or capability is missing
     */
    public Reconciler open() {
        Settings settings = settings();
        CommandRunner runner = runner();
        KernelSettings kernelSettings =
                namespace == null || commands != null ? KernelSettings.files(proc) : KernelSettings.commands(runner);
        Kernel kernel = Kernel.open(this::client, kernelSettings);
        Pace pace = new Pace(nanoTime, drainTime);
        if (healthPatience == null) {
            return new Reconciler(settings, kernel, runner, proc, pace, new Listeners(listeners), null);
        }
        Health health = new Health(healthPatience, nanoTime);
        List<SyncListener> all = new ArrayList<>(listeners);
        all.add(health);
        HealthCheckServers servers = new HealthCheckServers(health::isGood);
        return new Reconciler(settings, kernel, runner, proc, pace, new Listeners(all), servers);
    }

    /** Checks what was set. */
    Settings settings() {
        return new Settings(
                nodeName,
                nodeIp,
                scheduler,
                localDetection,
                masqueradeAll,
                masqueradeBit,
                nodePortAddresses,
                excludeCidrs,
                strictArp,
                timeouts,
                serviceAnnotations);
    }

    private CommandRunner runner() {
        if (commands != null) {
            return commands;
        }
        return namespace == null ? new ProcessRunner() : ProcessRunner.in(namespace);
    }

    private NetlinkClient.Builder client(NetlinkProtocol protocol) {
        NetlinkClient.Builder client = NetlinkClient.builder(protocol).deadline(deadline);
        if (namespace != null) {
            client.namespace(namespace);
        }
        if (transport != null) {
            client.transport(transport);
        }
        return client;
    }
}
