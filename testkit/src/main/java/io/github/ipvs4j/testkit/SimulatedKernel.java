// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.netlink.Transport;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * A kernel for tests: it answers the same netlink bytes as Linux, so that the library's clients run on it unchanged,
 * without privileges and on any system.
 *
 * <pre>{@code
 * SimulatedKernel kernel = SimulatedKernel.create();
 * try (IpvsClient ipvs = IpvsClient.open(
 *         NetlinkClient.builder(NetlinkProtocol.GENERIC).transport(kernel.transports()))) {
 *     ipvs.addService(VirtualService.of(ServiceKey.tcp(IpAddress.of("10.96.0.1"), 80), Scheduler.ROUND_ROBIN));
 * }
 * assertThat(kernel.ipvs().save()).isEqualTo("-A -t 10.96.0.1:80 -s rr\n");
 * kernel.assertQuiescent();
 * }</pre>
 *
 * <p>It imitates Linux on a machine of 64 bits, 6.1 unless told otherwise: the order of checks and the errors, the
 * ways of acknowledging, capping and explaining errors, listings in parts, several requests in a datagram, and the
 * silence that follows damaged framing. It has as many network namespaces as a test asks for, and a clock that stands
 * still until the test moves it. Safe for use by many threads, which take turns.
 *
 * <p>What it has:
 *
 * <ul>
 *   <li>{@link NetlinkProtocol#GENERIC}: the controller ({@code GETFAMILY} by name, by number, all) and IPVS (services,
 *       destinations, the trash list, flush, zero, timeouts, info, synchronisation daemons, and statistics that a test
 *       drives with {@link SimulatedIpvs#carry}).
 *   <li>{@link NetlinkProtocol#NETFILTER}: ipset with all sixteen types, their extensions and all commands; ctnetlink
 *       with all its commands, filters and events.
 *   <li>{@link NetlinkProtocol#ROUTE}: {@code lo}, dummies and hardware of the test's making, their addresses; create,
 *       switch, look up, delete and list; the local table that follows from the addresses.
 * </ul>
 *
 * <p>What it has not is refused with {@code EOPNOTSUPP}: {@code GETPOLICY}; translation, masters, helpers, labels and
 * sequence numbers of tracked connections; everything else of nfnetlink; all messages of rtnetlink but those above,
 * among them those for other tables.
 *
 * <p>Known differences from Linux in what it has:
 *
 * <ul>
 *   <li>Entries are listed in the order in which they were made (destinations newest first, bitmaps by number); the
 *       order of Linux follows hashes, which start from a random number.
 *   <li>For the same reason a set with {@code forceadd} lets go of its oldest entry, not of one in the same bucket; an
 *       entry does not find the counters that a deleted one left in its bucket; and a set does not enlarge its table,
 *       whose size in memory is an invention.
 *   <li>The synchronisation daemons of IPVS neither send nor receive, as there is no network here. That one was stopped
 *       is always acknowledged; Linux says nothing if the daemon's thread has not had its turn yet, which depends on
 *       what else the machine does.
 *   <li>The time that an entry of a {@code bitmap:ip,mac} has left is not disturbed when it is added again without its
 *       hardware address; Linux takes it for a time on its clock then.
 *   <li>Tracked connections have no counters, time stamps, labels and helpers, which packets or other modules make; one
 *       that ended is gone at once, where Linux collects them some time later.
 *   <li>Links are described by fewer attributes, without what drivers tell; a dummy that is switched on gets no
 *       link-local address, which Linux makes by chance.
 *   <li>Extended acknowledgements are without the description of the offended policy, which the library does not read.
 *   <li>Only ctnetlink has multicast groups; changes of links and addresses are not told.
 * </ul>
 */
public final class SimulatedKernel {
    private final KernelContext context;
    private final KernelFeatures features;
    private final SimulatedNamespace initial;
    private final Map<String, SimulatedNamespace> others = new TreeMap<>();

    private SimulatedKernel(Builder builder) {
        context = new KernelContext(builder.privileged, builder.receiveBuffer, builder.features, builder.release);
        features = new KernelFeatures(builder.modules, builder.padded, builder.conntrackZones);
        initial = new SimulatedNamespace("", context, features);
    }

    /**
     * Makes a kernel that has everything.
     *
     * @return an empty one
     */
    public static SimulatedKernel create() {
        return builder().build();
    }

    /**
     * Prepares a kernel that lacks something, or is of another release.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Returns a network namespace, which is made when it is asked for first.
     *
     * @param name of the test's choice; empty for the one that the kernel starts with
     * @return always the same one for a name
     */
    public SimulatedNamespace namespace(String name) {
        synchronized (context.lock()) {
            return name.isEmpty()
                    ? initial
                    : others.computeIfAbsent(name, missing -> new SimulatedNamespace(missing, context, features));
        }
    }

    /**
     * Returns what opens sockets in the first network namespace.
     *
     * @return for {@link io.github.ipvs4j.netlink.NetlinkClient.Builder#transport}
     */
    public Transport.Factory transports() {
        return initial.transports();
    }

    /**
     * Returns the virtual services of the first network namespace.
     *
     * @return always the same view, which follows every change
     */
    public SimulatedIpvs ipvs() {
        return initial.ipvs();
    }

    /**
     * Returns the sets of the first network namespace.
     *
     * @return always the same view, which follows every change
     */
    public SimulatedIpsets ipsets() {
        return initial.ipsets();
    }

    /**
     * Returns the network interfaces of the first network namespace.
     *
     * @return always the same view, which follows every change
     */
    public SimulatedLinks links() {
        return initial.links();
    }

    /**
     * Returns the tracked connections of the first network namespace.
     *
     * @return always the same view, which follows every change
     */
    public SimulatedConntrack conntrack() {
        return initial.conntrack();
    }

    /**
     * Lets time pass, which stands still otherwise: what is due meanwhile happens. Tracked connections and entries of
     * sets end, deleted destinations are forgotten, statistics are added up, and what {@link #after} has planned is
     * done.
     *
     * @param time how much; cut to whole milliseconds
     * @throws IllegalArgumentException if it is negative
     */
    public void advance(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("time " + time + ": expected none that is negative");
        }
        synchronized (context.lock()) {
            context.advance(time.toMillis(), () -> {
                initial.timePassed();
                others.values().forEach(SimulatedNamespace::timePassed);
            });
        }
    }

    /**
     * Plans something for a moment that comes when {@link #advance} has let so much time pass: connections that end,
     * for example, or another program that changes something.
     *
     * @param delay from now on; cut to whole milliseconds
     * @param action what happens then; it may use clients of this kernel, on the thread that lets time pass
     * @throws IllegalArgumentException if the delay is negative
     */
    public void after(Duration delay, Runnable action) {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("delay " + delay + ": expected none that is negative");
        }
        synchronized (context.lock()) {
            context.plan(delay.toMillis(), action);
        }
    }

    /**
     * Lets things go wrong.
     *
     * @param protocol whose requests and replies are meant
     * @return the faults of that protocol
     */
    public Faults faults(NetlinkProtocol protocol) {
        return context.faults(protocol);
    }

    /**
     * Checks that no socket is open and everything that was asked for or planned has happened: the last line of a test.
     *
     * @throws AssertionError with what is left
     */
    public void assertQuiescent() {
        synchronized (context.lock()) {
            String unrest = context.unrest();
            if (!unrest.isEmpty()) {
                throw new AssertionError("the simulated kernel is not quiescent:" + unrest);
            }
        }
    }

    /** Settings of a simulated kernel. */
    public static final class Builder {
        private static final int DEFAULT_RECEIVE_BUFFER = 16 << 20;

        private KernelModules modules = KernelModules.all();
        private boolean privileged = true;
        private int receiveBuffer = DEFAULT_RECEIVE_BUFFER;
        private boolean padded;
        private boolean conntrackZones = true;
        private SocketFeatures features = SocketFeatures.ALL;
        private KernelRelease release = KernelRelease.LINUX_6_1;

        private Builder() {}

        /**
         * Leaves a module away, which then cannot be loaded either.
         *
         * @param module {@code ip_vs}; a scheduler such as {@code ip_vs_mh}; {@code ip_vs_pe_sip}; {@code ip_set}; a
         *     set type such as {@code ip_set_hash_ipport}; {@code nf_conntrack_netlink}; {@code dummy}; {@code ipv6}
         * @return this
         * @throws IllegalArgumentException if the kernel never had it
         */
        public Builder withoutModule(String module) {
            modules = modules.without(module);
            return this;
        }

        /**
         * Lets all clients lack the capability {@code CAP_NET_ADMIN}.
         *
         * @return this
         */
        public Builder withoutCapability() {
            privileged = false;
            return this;
        }

        /**
         * Sets the size of the sockets' receive buffers; what does not fit is dropped, as the kernel does.
         *
         * @param bytes a small answer takes about 1,000; 16 MiB if not set
         * @return this
         */
        public Builder receiveBuffer(int bytes) {
            if (bytes < 1) {
                throw new IllegalArgumentException("receive buffer of " + bytes + " bytes: expected at least 1");
            }
            receiveBuffer = bytes;
            return this;
        }

        /**
         * Answers as kernels for machines that cannot read 64 bits at any address: empty attributes stand in front of
         * such values, so that they are aligned.
         *
         * @return this
         */
        public Builder aligned() {
            return aligned(true);
        }

        /**
         * Answers as kernels for machines that cannot read 64 bits at any address do, or as others do.
         *
         * @param wanted whether empty attributes align such values; false if not set
         * @return this
         */
        public Builder aligned(boolean wanted) {
            padded = wanted;
            return this;
        }

        /**
         * Chooses the release of Linux to imitate.
         *
         * @param wanted 6.1 if not set
         * @return this
         */
        public Builder release(KernelRelease wanted) {
            release = wanted;
            return this;
        }

        /**
         * Leaves zones of tracked connections away, as some kernels are built.
         *
         * @return this
         */
        public Builder withoutConntrackZones() {
            conntrackZones = false;
            return this;
        }

        /** Lets sockets be without options that the library asks for, as on old kernels. */
        Builder features(SocketFeatures wanted) {
            features = wanted;
            return this;
        }

        /**
         * Makes the kernel.
         *
         * @return an empty one
         */
        public SimulatedKernel build() {
            return new SimulatedKernel(this);
        }
    }
}
