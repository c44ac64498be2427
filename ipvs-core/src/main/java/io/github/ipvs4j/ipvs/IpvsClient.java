// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import io.github.ipvs4j.netlink.DeadlineExceeded;
import io.github.ipvs4j.netlink.GenericClient;
import io.github.ipvs4j.netlink.GenericFamily;
import io.github.ipvs4j.netlink.GenericRequest;
import io.github.ipvs4j.netlink.KernelRejected;
import io.github.ipvs4j.netlink.MalformedReply;
import io.github.ipvs4j.netlink.NetlinkClient;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.netlink.SocketFailed;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Controls the IPVS table of one network namespace.
 *
 * <p>There are verbs for single things, and {@link #snapshot}, {@link Plan#between} and {@link #apply} for the table as
 * a whole. Safe for use by many threads, which take turns, so that the client never disturbs its own listings. Every
 * command, also a read, needs {@code CAP_NET_ADMIN} in the initial user namespace. A single verb waits for the kernel's
 * answer at most until the deadline of the client's settings.
 *
 * <pre>{@code
 * try (IpvsClient ipvs = IpvsClient.open()) {
 *     VirtualService web = VirtualService.of(ServiceKey.tcp(IpAddress.of("10.96.0.10"), 80), Scheduler.ROUND_ROBIN);
 *     IpvsState desired = IpvsState.of(VirtualServer.of(
 *             web,
 *             Destination.masquerade(IpAddress.of("10.1.2.3"), 8080),
 *             Destination.masquerade(IpAddress.of("10.1.2.4"), 8080).withWeight(3)));
 *     Plan plan = Plan.between(ipvs.snapshot().state(), desired, Ownership.only(web.key()::equals));
 *     ipvs.apply(plan, OnFailure.ROLL_BACK);
 * }
 * }</pre>
 *
 * <p>All of them may throw {@link SocketFailed} if the system refuses, {@link DeadlineExceeded} if the kernel does not
 * answer, and {@link MalformedReply} if its answer cannot be read. Follows {@code net/netfilter/ipvs/ip_vs_ctl.c}.
 */
public final class IpvsClient implements AutoCloseable {
    private static final GenericFamily FAMILY = new GenericFamily(
            IpvsCommands.FAMILY,
            IpvsCommands.VERSION,
            "the kernel has no IPVS; load the module with 'modprobe ip_vs', or use a kernel built with CONFIG_IP_VS");

    private final ReentrantLock turn = new ReentrantLock();
    private final GenericClient kernel;
    private final TableReader table;
    private final ControlReader control;

    private IpvsClient(GenericClient kernel, TableReader table) {
        this.kernel = kernel;
        this.table = table;
        this.control = new ControlReader(kernel);
    }

    /**
     * Opens a client in the present network namespace, with a deadline of five seconds.
     *
     * @return a client that the caller closes
     * @throws KernelRejected if the kernel has no IPVS; the message says what to do
     * @throws SocketFailed if the system refuses the socket
     */
    public static IpvsClient open() {
        return open(NetlinkClient.builder(NetlinkProtocol.GENERIC));
    }

    /**
     * Opens a client.
     *
     * @param settings deadline, network namespace and the like, for {@link NetlinkProtocol#GENERIC}
     * @return a client that the caller closes
     * @throws KernelRejected if the kernel has no IPVS; the message says what to do
     * @throws SocketFailed if the system refuses the socket
     */
    public static IpvsClient open(NetlinkClient.Builder settings) {
        GenericClient kernel = GenericClient.open(settings, FAMILY);
        boolean opened = false;
        try {
            IpvsClient client = new IpvsClient(kernel, new TableReader(kernel));
            opened = true;
            return client;
        } finally {
            if (!opened) {
                kernel.close();
            }
        }
    }

    /**
     * Adds a service without destinations.
     *
     * @param service the new one
     * @throws KernelRejected with {@code EEXIST} if there is one with this key, {@code ENOENT} if the scheduler's or
     *     the engine's module is missing
     */
    public void addService(VirtualService service) {
        execute(new IpvsRequest.AddService(service));
    }

    /**
     * Replaces all attributes of a service. Its destinations, connections and statistics stay.
     *
     * @param service the service as it shall be, best made from what was read
     * @throws KernelRejected with {@code ESRCH} if there is no such service, {@code ENOENT} if the scheduler's or the
     *     engine's module is missing; nothing is changed then
     */
    public void updateService(VirtualService service) {
        execute(new IpvsRequest.UpdateService(service));
    }

    /**
     * Deletes a service with its destinations. Its connections stay in the kernel until they time out, without effect.
     *
     * @param key of the service
     * @throws KernelRejected with {@code ESRCH} if there is no such service
     */
    public void deleteService(ServiceKey key) {
        execute(new IpvsRequest.DeleteService(key));
    }

    /**
     * Reads a service.
     *
     * @param key of the service
     * @return empty if there is none
     */
    public Optional<ObservedService> service(ServiceKey key) {
        return inTurn(() -> table.find(key));
    }

    /**
     * Lists all services, each once, in the kernel's order, which means nothing.
     *
     * @return the services
     */
    public List<ObservedService> services() {
        return inTurn(() -> List.copyOf(table.services().entries()));
    }

    /**
     * Adds a destination to a service.
     *
     * @param service key of the service
     * @param destination the new one
     * @throws KernelRejected with {@code ESRCH} if there is no such service, {@code EEXIST} if it has the destination,
     *     {@code EINVAL} if the address is not unicast or the forwarding does not fit
     */
    public void addDestination(ServiceKey service, Destination destination) {
        execute(new IpvsRequest.AddDestination(service, destination));
    }

    /**
     * Replaces all attributes of a destination. Its connections and statistics stay, and so does its place in the order
     * of the service's destinations.
     *
     * @param service key of the service
     * @param destination the destination as it shall be, best made from what was read
     * @throws KernelRejected with {@code ESRCH} if there is no such service, {@code ENOENT} if it has no such
     *     destination
     */
    public void updateDestination(ServiceKey service, Destination destination) {
        execute(new IpvsRequest.UpdateDestination(service, destination));
    }

    /**
     * Deletes a destination of a service. The kernel drops the packets of its connections from then on; who wants to
     * let them end first sets the weight to 0 and waits.
     *
     * @param service key of the service
     * @param key of the destination
     * @throws KernelRejected with {@code ESRCH} if there is no such service, {@code ENOENT} if it has no such
     *     destination
     */
    public void deleteDestination(ServiceKey service, DestinationKey key) {
        execute(new IpvsRequest.DeleteDestination(service, key));
    }

    /**
     * Lists the destinations of a service, each once, in the order in which they were added. A list that may lack some
     * is read again, up to three times; {@link #snapshot(Collection)} also tells if others never rested meanwhile.
     *
     * @param service key of the service
     * @return the destinations
     * @throws KernelRejected with {@code ESRCH} if there is no such service
     */
    public List<ObservedDestination> destinations(ServiceKey service) {
        return inTurn(() -> {
            List<ObservedDestination> destinations = new SnapshotReader(table).destinations(service);
            if (destinations.isEmpty()) {
                // For a service that is not there the kernel lists nothing, too.
                table.service(service, "list destinations of service");
            }
            return List.copyOf(destinations);
        });
    }

    /**
     * Reads the whole table, again where others change it meanwhile; see {@link Snapshot}.
     *
     * @return services with their destinations, and whether the reading was undisturbed in the end
     */
    public Snapshot snapshot() {
        return inTurn(() -> new SnapshotReader(table).all());
    }

    /**
     * Reads some services with their destinations. The cost does not depend on the size of the table.
     *
     * @param keys of the services; those that are not there are missing in the snapshot
     * @return the services that are there, in the order of the keys
     */
    public Snapshot snapshot(Collection<ServiceKey> keys) {
        return inTurn(() -> new SnapshotReader(table).some(keys));
    }

    /**
     * Carries out a plan.
     *
     * <p>What is already so counts as success, so that applying a plan a second time does no harm: deleting what is not
     * there, and adding what is there with equal attributes.
     *
     * <p>Where others have changed the table since the plan was made, the services that it did not fit are read again,
     * and what still leads to the plan's end is done: what is there with other attributes is updated, what has gone is
     * added again, up to a service with all its destinations if the plan was made from states; such a plan leads a
     * service that others have changed to its end as a whole, so that destinations which they have put there go.
     * Changes whose answers do not come in time are settled in the same way, if the kernel answers again. What three
     * rounds have not settled stays as it is: three for the changes, with {@link OnFailure#ROLL_BACK} for the deletions
     * among them and for the others by themselves, and three for services as a whole. {@link Applied#corrections()}
     * tells what was done.
     *
     * @param plan what to do
     * @param onFailure what to do when a change fails
     * @return an outcome for each change; with {@link OnFailure#ROLL_BACK} all of them have succeeded
     * @throws PlanFailed if a change failed and {@link OnFailure#ROLL_BACK} was asked for
     */
    public Applied apply(Plan plan, OnFailure onFailure) {
        return inTurn(() -> {
            PlanRun run = new PlanRun(kernel, table, plan);
            return onFailure == OnFailure.ROLL_BACK ? run.carryOutOrUndo() : run.carryOutAll();
        });
    }

    /**
     * Reads the version of the kernel's IPVS and the size of its connection table.
     *
     * @return both
     */
    public IpvsInfo info() {
        return inTurn(control::info);
    }

    /**
     * Reads how long connections are remembered.
     *
     * @return the three timeouts
     */
    public Timeouts timeouts() {
        return inTurn(control::timeouts);
    }

    /**
     * Sets how long connections are remembered. Those that exist take the new time with their next packet.
     *
     * @param timeouts at most {@link Timeouts#MAX} each; one of zero leaves what is set
     * @throws IllegalArgumentException if one is longer than every kernel takes; nothing is changed then
     */
    public void setTimeouts(Timeouts timeouts) {
        timeouts.checkWanted();
        execute(new ControlRequest.SetTimeouts(timeouts));
    }

    /** Sets the statistics of all services and destinations, and the totals, to zero. Connections stay. */
    public void zero() {
        execute(new ControlRequest.Zero(Optional.empty()));
    }

    /**
     * Sets the statistics of a service and of its destinations to zero. Connections stay, and so do the totals.
     *
     * @param key of the service
     * @throws KernelRejected with {@code ESRCH} if there is no such service
     */
    public void zero(ServiceKey key) {
        execute(new ControlRequest.Zero(Optional.of(key)));
    }

    /**
     * Deletes all services of the network namespace with their destinations, also those of other owners. Timeouts and
     * sync daemons stay; connections stay in the kernel until they time out, without effect.
     */
    public void flush() {
        execute(ControlRequest.Plain.FLUSH);
    }

    /**
     * Lists the sync daemons that run.
     *
     * @return at most one of each role, with every value filled in; one of a role unknown here is left out
     */
    public List<SyncDaemon> daemons() {
        return inTurn(control::daemons);
    }

    /**
     * Starts a sync daemon, which shares connections with other directors.
     *
     * @param daemon what to start
     * @throws KernelRejected with {@code EEXIST} if one of this role runs, {@code ENODEV} if there is no such
     *     interface, {@code EINVAL} if a service has a destination of the other address family
     */
    public void startDaemon(SyncDaemon daemon) {
        execute(new ControlRequest.StartDaemon(daemon));
    }

    /**
     * Stops a sync daemon.
     *
     * @param role whether to stop the one that sends or the one that takes
     * @throws KernelRejected with {@code ESRCH} if none of this role runs
     */
    public void stopDaemon(SyncRole role) {
        // The kernel says nothing where the daemon's thread has not had its turn yet: netlink_rcv_skb answers no EINTR.
        // It does answer what is asked after it.
        List<GenericRequest> stop = List.of(new ControlRequest.StopDaemon(role), ControlRequest.Plain.GET_INFO);
        inTurn(() -> kernel.batch(stop)).get(0).failure().ifPresent(why -> {
            throw why;
        });
    }

    /** Closes the sockets and frees the buffers; a second call does nothing. */
    @Override
    public void close() {
        try {
            table.close();
        } finally {
            kernel.close();
        }
    }

    private void execute(GenericRequest request) {
        inTurn(() -> {
            kernel.execute(request);
            return Boolean.TRUE;
        });
    }

    private <T> T inTurn(Supplier<T> call) {
        turn.lock();
        try {
            return call.get();
        } finally {
            turn.unlock();
        }
    }
}
