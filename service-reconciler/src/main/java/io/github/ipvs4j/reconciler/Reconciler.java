// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.ipvs.Scheduler;
import io.github.ipvs4j.netlink.NetlinkException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the kernel of one node in step with Services and EndpointSlices.
 *
 * <p>The owner tells it what changes with {@code put} and {@code remove}, which only remember, and then calls
 * {@link #sync()}, which brings the kernel to what they ask for. Safe for use by many threads; objects may be put while
 * another thread syncs, and are then seen by the next sync.
 *
 * <pre>{@code
 * try (Reconciler reconciler = Reconciler.builder().nodeName("node-a").open()) {
 *     reconciler.put(service);
 *     reconciler.put(slice);
 *     SyncReport report = reconciler.sync();
 *     report.failures().forEach(failure -> log.warn("{}", failure));
 * }
 * }</pre>
 *
 * <p>It works through the device {@code kube-ipvs0} (a dummy, which it makes and never switches on), kube-proxy's
 * ipsets and iptables chains, virtual servers, {@code net.ipv4.ip_forward}, and of {@code net.ipv4.vs} the settings
 * {@code conntrack}, {@code expire_nodest_conn} and {@code expire_quiescent_template}. Needs
 * {@code CAP_NET_ADMIN} and iptables 1.6.2 or newer.
 */
public final class Reconciler implements ObjectSink, SyncLoop.Work, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);

    private final ReentrantLock syncing = new ReentrantLock();
    private final DesiredState state = new DesiredState();
    private final ObjectStore objects;
    private final Kernel kernel;
    private final Scheduler scheduler;
    private final Applier applier;
    private final Surroundings surroundings;
    private final Pace pace;
    private final SyncListener listeners;
    private final Intake intake;
    private final @Nullable HealthCheckServers healthChecks;
    private boolean known;
    private @Nullable Setback doubt;

    Reconciler(
            Settings settings,
            Kernel kernel,
            CommandRunner commands,
            Path proc,
            Pace pace,
            SyncListener listeners,
            @Nullable HealthCheckServers healthChecks) {
        this.listeners = listeners;
        this.healthChecks = healthChecks;
        this.pace = pace;
        this.objects = new ObjectStore(settings.nodeName(), settings.serviceAnnotations());
        this.intake = new Intake(objects, state, healthChecks);
        this.kernel = kernel;
        this.scheduler = settings.scheduler();
        this.applier = new Applier(kernel, settings, state, pace);
        this.surroundings = new Surroundings(kernel, settings, commands, proc, applier);
    }

    /**
     * Prepares a reconciler.
     *
     * @return a builder; the node's name must be set
     */
    public static ReconcilerBuilder builder() {
        return new ReconcilerBuilder();
    }

    /**
     * Takes a Service, new or changed.
     *
     * @param service replaces the one of the same name; one that carries the label
     *     {@code service.kubernetes.io/service-proxy-name} or {@code service.kubernetes.io/headless} counts as removed
     */
    @Override
    public void put(Service service) {
        if (objects.put(service)) {
            listeners.serviceChanged();
        }
    }

    /**
     * Forgets a Service.
     *
     * @param name unknown names are ignored
     */
    @Override
    public void removeService(ObjectName name) {
        if (objects.remove(name)) {
            listeners.serviceChanged();
        }
    }

    /**
     * Takes an EndpointSlice, new or changed; its Service may come later.
     *
     * @param slice replaces the one of the same name; one with a label as of {@link #put(Service)} counts as removed
     */
    @Override
    public void put(EndpointSlice slice) {
        if (objects.put(slice)) {
            listeners.endpointsChanged();
        }
    }

    /**
     * Forgets an EndpointSlice.
     *
     * @param name unknown names are ignored
     */
    @Override
    public void removeEndpointSlice(ObjectName name) {
        if (objects.removeSlice(name)) {
            listeners.endpointsChanged();
        }
    }

    /**
     * Takes a Node, new or changed; only the own one counts.
     *
     * @param node replaces the one of the same name
     */
    @Override
    public void put(Node node) {
        objects.put(node);
    }

    /**
     * Forgets a Node.
     *
     * @param name unknown names are ignored
     */
    @Override
    public void removeNode(String name) {
        objects.removeNode(name);
    }

    /**
     * Brings the kernel to what changed since the last call, and tries again what failed then. The first call, and one
     * after a failure, reads the kernel as {@link #resync()} does; others ask only whether the virtual servers that
     * they add are there already, and for the connection counts of those that lose endpoints.
     *
     * @return what was done and what failed; a failure of one Service does not keep the others waiting
     */
    @Override
    public SyncReport sync() {
        return told(this::cause, this::pass);
    }

    private SyncCause cause() {
        boolean doubtful = doubt != null && doubt.isOver(pace.now());
        return !known ? SyncCause.START : doubtful ? SyncCause.DOUBT : SyncCause.CHANGES;
    }

    /**
     * Reads the kernel's state and the node's addresses anew, and repairs what differs from what the objects ask for.
     * What is not of this reconciler's making, or of an earlier run's, is left alone: other virtual servers than those
     * on {@code kube-ipvs0}'s addresses or known by the {@code KUBE-} sets, other sets, other rules.
     *
     * @return what was done and what failed
     */
    @Override
    public SyncReport resync() {
        return told(() -> SyncCause.COMPARISON, pass -> {
            applier.distrust();
            applier.endSetbacks();
            pass(pass);
        });
    }

    /**
     * Deletes destinations at weight 0 that are no longer wanted and to which no connection is left. Reads the
     * connection counts of each virtual server that has such destinations at once, and nothing if there are none.
     *
     * @return what was done, what of that failed, and how many destinations still wait for their connections to end.
     *     What failed in an earlier call is not told again; {@link #sync()} and {@link #resync()} tell when that is in
     *     place
     */
    @Override
    public SyncReport drain() {
        return told(() -> SyncCause.DRAIN, pass -> {
            applier.drain(pass);
            if (pass.doubtful()) {
                doubt = Setback.after(doubt, pace.now(), "");
            }
        });
    }

    /**
     * Tells when {@link #drain()} has something to do in any case: the time of a destination at weight 0 is over.
     *
     * @return after how many nanoseconds; empty if there is no such destination
     */
    @Override
    public OptionalLong nextDrainDeadline() {
        return alone(applier::nextDrainDeadline);
    }

    /**
     * Tells whether somebody has taken out rules that this reconciler had put into the kernel, so that
     * {@link #resync()} has something to do. Reads how many rules refer to each set and nothing else, and runs no
     * program; that rules which match no set are gone, only {@link #resync()} finds out.
     *
     * @return true, too, if the kernel cannot be asked
     */
    @Override
    public boolean isDisturbed() {
        return alone(() -> {
            try {
                return applier.isDisturbed();
            } catch (NetlinkException e) {
                LOG.warn("whether rules were taken out: {}", e.getMessage());
                return true;
            }
        });
    }

    /**
     * Removes what this reconciler or an earlier run has made: virtual servers, rules with their chains, the device
     * with its addresses, and sets, of both families. What is not provably of that making is left alone, as are the
     * kernel's settings. All objects are forgotten; whoever puts new ones starts anew.
     *
     * @return what was removed, and what could not be; a later call tries that again
     */
    public SyncReport cleanup() {
        return told(() -> SyncCause.CLEANUP, pass -> {
            try {
                Observation seen = surroundings.look();
                surroundings.leftOut().forEach(pass::failed);
                objects.clear();
                NodeFacts node = compileChanges(pass);
                intake.compileAround(seen, node, pass);
                Adoption.take(seen, node, state, intake.foreign());
                applier.adopted();
                applier.uninstall(seen, pass);
                applier.distrust();
            } catch (NetlinkException e) {
                pass.refused(e);
            }
            answerHealthChecks(pass);
            known = false;
        });
    }

    /**
     * Finds out whether the kernel has the scheduler of all virtual servers: unless one that is there has it, by making
     * one on an address for documentation, 198.51.100.0, and deleting it at once.
     *
     * @throws NetlinkException if the kernel has not; the message says which module is missing
     */
    public void checkScheduler() {
        alone(() -> {
            StartCheck.check(kernel.ipvs(), scheduler);
            return true;
        });
    }

    /**
     * Makes the kernel's settings without which IPVS does not carry Services, which {@link #sync()} does, too, and
     * nothing else. Where they are made, a process without the right to make them can do the rest.
     *
     * @return what was set, and what could not be
     */
    public SyncReport prepare() {
        return told(() -> SyncCause.PREPARATION, applier::prepareSettings);
    }

    /**
     * Tells what {@link #sync()} would do now, after reading the kernel anew, and does nothing of it.
     *
     * @return what would be done, but for what only shows on the way: destinations that drain and turn out to be idle,
     *     and tracked flows to endpoints that have gone
     */
    public SyncPlan plan() {
        return alone(() -> {
            Pass pass = new Pass(SyncCause.PLAN);
            String text = "";
            try {
                applier.distrust();
                look(pass);
                text = applier.plan(pass);
            } catch (NetlinkException e) {
                pass.refused(e);
            }
            intake.tell(pass);
            SyncReport report = pass.report(applier.drainingCount(), applier.families(), intake.gaps());
            return new SyncPlan(text, report.failures());
        });
    }

    /** Tells whether nothing is remembered of any object, nor of anything in the kernel that is for one. */
    boolean remembersNothing() {
        return alone(() -> intake.isEmpty() && state.isEmpty() && applier.drainingCount() == 0);
    }

    /** Closes the sockets, and the health-check servers, and leaves the kernel as it is; a second call does nothing. */
    @Override
    public void close() {
        alone(() -> {
            if (healthChecks != null) {
                healthChecks.close();
            }
            kernel.close();
            return true;
        });
    }

    private <T> T alone(Supplier<T> work) {
        syncing.lock();
        try {
            return work.get();
        } finally {
            syncing.unlock();
        }
    }

    /** Does something alone, and tells the listeners and the flight recorder of it. */
    private SyncReport told(Supplier<SyncCause> cause, Consumer<Pass> work) {
        return alone(() -> {
            SyncEvent event = FlightLog.begin();
            Pass pass = new Pass(cause.get());
            listeners.began(pass.cause());
            work.accept(pass);
            SyncReport report = pass.report(applier.drainingCount(), applier.families(), intake.gaps());
            FlightLog.end(event, report);
            listeners.ended(report);
            return report;
        });
    }

    private void pass(Pass pass) {
        boolean read = pass.cause() != SyncCause.CHANGES;
        try {
            if (read) {
                look(pass);
                if (!known) {
                    applier.suspectFlows();
                }
                known = true;
                applier.begin(pass);
            } else {
                NodeFacts node = compileChanges(pass);
                applier.begin(pass);
                if (!intake.meetAmongNew(applier, node, doubt != null, pass)) {
                    look(pass);
                }
            }
            applier.apply(pass);
        } catch (NetlinkException e) {
            pass.refused(e);
        }
        intake.tell(pass);
        answerHealthChecks(pass);
        if (pass.doubtful()) {
            doubt = Setback.after(doubt, pace.now(), "");
        } else if (read) {
            doubt = null;
        }
    }

    /** Reads the kernel, and finds out what must be done. */
    private void look(Pass pass) {
        Observation seen = surroundings.look();
        NodeFacts node = compileChanges(pass);
        applier.saw(seen);
        intake.compileAround(seen, node, pass);
        Adoption.take(seen, node, state, intake.foreign());
        applier.adopted();
    }

    /** Lets load balancers know what the kernel has by now; before it has anything, they are told nothing. */
    private void answerHealthChecks(Pass pass) {
        if (healthChecks != null && known) {
            healthChecks
                    .bring(HealthCheckServers.where(surroundings.facts(objects)))
                    .forEach((service, reason) -> pass.failed(List.of(service), reason));
        }
    }

    private NodeFacts compileChanges(Pass pass) {
        NodeFacts node = surroundings.facts(objects);
        applier.locate(node);
        intake.compile(node, pass);
        return node;
    }
}
