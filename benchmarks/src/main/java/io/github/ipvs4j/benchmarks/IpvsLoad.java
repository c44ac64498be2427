// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.benchmarks;

import io.github.ipvs4j.ipvs.Applied;
import io.github.ipvs4j.ipvs.Destination;
import io.github.ipvs4j.ipvs.IpvsClient;
import io.github.ipvs4j.ipvs.IpvsState;
import io.github.ipvs4j.ipvs.OnFailure;
import io.github.ipvs4j.ipvs.Ownership;
import io.github.ipvs4j.ipvs.Plan;
import io.github.ipvs4j.ipvs.Scheduler;
import io.github.ipvs4j.ipvs.ServiceKey;
import io.github.ipvs4j.ipvs.VirtualServer;
import io.github.ipvs4j.ipvs.VirtualService;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.NetlinkClient;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.testkit.SimulatedKernel;
import java.io.PrintStream;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Loads a table of virtual services into the present network namespace, which has none yet, or into a simulated
 * kernel, reads it, changes one destination, and prints one line of JSON: operations, milliseconds and errors of each,
 * and the heap that the table retains.
 *
 * <pre>{@code
 * ip netns exec NAME java -cp benchmarks.jar io.github.ipvs4j.benchmarks.IpvsLoad 20000 8 --warm 10
 * }</pre>
 *
 * <p>A load is all from the wanted state to the kernel's last answer, the plan included. A snapshot is all from the
 * kernel to {@link IpvsState}. A change is all from two states of one service to the kernel's answer, as of a caller
 * who knows what changed; its figure is the median of many, each of another service than the ones before it, as long as
 * there are others.
 */
public final class IpvsLoad {
    private static final String USAGE = "usage: IpvsLoad SERVICES DESTINATIONS [--warm N] [--keep] [--simulated]";

    private static final int FIRST_SERVICE = 0x0a60_0000;
    private static final int FIRST_DESTINATION = 0x0a80_0000;
    private static final int SERVICE_PORT = 80;
    private static final int DESTINATION_PORT = 8080;

    private static final int CHANGES = 501;
    private static final int CHANGES_AHEAD = 2000;

    /** A prime, so that changes that follow one another are not neighbours in the kernel's tables. */
    private static final int STRIDE = 7919;

    private final int services;
    private final int destinations;

    /**
     * Prepares a measurement.
     *
     * @param services how many
     * @param destinations how many each of them has
     */
    IpvsLoad(int services, int destinations) {
        this.services = services;
        this.destinations = destinations;
    }

    /** What one run took. */
    private record Figures(Measured load, Measured snapshot, Measured change) {}

    /**
     * Runs the measurement.
     *
     * @param arguments number of services, number of destinations of each, with {@code --warm N} how many loads go
     *     before the one that counts, each in a network namespace of its own, {@code --keep} to leave the table, and
     *     {@code --simulated} to use simulated kernels
     */
    public static void main(String[] arguments) {
        int warm = 0;
        boolean keep = false;
        boolean simulated = false;
        for (int i = 2; i < arguments.length; i++) {
            if (arguments[i].equals("--warm") && i + 1 < arguments.length) {
                warm = Integer.parseInt(arguments[++i]);
            } else if (arguments[i].equals("--keep")) {
                keep = true;
            } else if (arguments[i].equals("--simulated")) {
                simulated = true;
            } else {
                throw new IllegalArgumentException(arguments[i] + ": " + USAGE);
            }
        }
        if (arguments.length < 2) {
            throw new IllegalArgumentException(USAGE);
        }
        IpvsLoad load = new IpvsLoad(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]));
        if (simulated) {
            System.out.println(load.runSimulated(warm));
        } else {
            load.run(warm, keep, System.out);
        }
    }

    /**
     * Runs with simulated kernels, one for each load.
     *
     * @param warm how many loads go before the one that counts
     * @return an object of JSON
     */
    String runSimulated(int warm) {
        IpvsState desired = state(1);
        for (int i = 0; i < warm; i++) {
            try (IpvsClient client = IpvsClient.open(ofSimulation())) {
                measure(client, desired);
            }
        }
        try (IpvsClient client = IpvsClient.open(ofSimulation())) {
            return run(client, warm, false);
        }
    }

    private static NetlinkClient.Builder ofSimulation() {
        return settings().transport(SimulatedKernel.create().transports());
    }

    private void run(int warm, boolean keep, PrintStream out) {
        IpvsState desired = state(1);
        for (int i = 0; i < warm; i++) {
            try (FreshNamespace namespace = FreshNamespace.create(i);
                    IpvsClient client = IpvsClient.open(settings().namespace(namespace.path()))) {
                measure(client, desired);
            }
        }
        try (IpvsClient client = IpvsClient.open(settings())) {
            out.println(run(client, warm, keep));
        }
    }

    /**
     * Runs the measurement that counts.
     *
     * @param client of a kernel without virtual services
     * @param warm how many were run before
     * @param keep whether to leave the table
     * @return an object of JSON
     */
    String run(IpvsClient client, int warm, boolean keep) {
        if (!client.services().isEmpty()) {
            throw new IllegalStateException("there are virtual services in this network namespace: use an empty one");
        }
        IpvsState desired = state(1);
        // So that the garbage of the loads before is not collected in this one.
        System.gc();
        Figures figures = measure(client, desired);
        if (keep) {
            // As ipvsadm would have left it.
            apply(client, client.snapshot().state(), desired);
        } else {
            client.flush();
        }
        return String.format(
                Locale.ROOT,
                "{\"services\": %d, \"destinations\": %d, \"warm\": %d, \"load\": %s, \"snapshot\": %s,"
                        + " \"change\": %s, \"heapPerDestination\": %.1f}",
                services,
                destinations,
                warm,
                figures.load,
                figures.snapshot,
                figures.change,
                heapPerDestination());
    }

    private static NetlinkClient.Builder settings() {
        return NetlinkClient.builder(NetlinkProtocol.GENERIC);
    }

    private Figures measure(IpvsClient client, IpvsState desired) {
        int entries = services * (1 + destinations);
        Measured load = Measured.of(entries, () -> apply(client, IpvsState.EMPTY, desired));
        Measured snapshot = snapshot(client, entries, desired);
        for (int i = 0; i < CHANGES_AHEAD; i++) {
            change(client, desired, i, 2 + i);
        }
        Measured[] changes = new Measured[CHANGES];
        for (int i = 0; i < CHANGES; i++) {
            int number = CHANGES_AHEAD + i;
            changes[i] = change(client, desired, number, 2 + number);
        }
        return new Figures(load, snapshot, Measured.median(changes));
    }

    /** Applies what differs between two states; returns how many changes failed. */
    private static int apply(IpvsClient client, IpvsState before, IpvsState after) {
        Plan plan = Plan.between(before, after, Ownership.everything());
        Applied applied = client.apply(plan, OnFailure.CONTINUE);
        return applied.succeeded() ? 0 : applied.failures().size();
    }

    /** Reads the table; what is not as wanted counts as an error. */
    private static Measured snapshot(IpvsClient client, int entries, IpvsState desired) {
        long start = System.nanoTime();
        IpvsState found = client.snapshot().state();
        long end = System.nanoTime();
        int errors = Plan.between(found, desired, Ownership.everything()).size();
        return new Measured(entries, end - start, errors);
    }

    /** Gives the first destination of a service another weight. */
    private Measured change(IpvsClient client, IpvsState desired, int number, int weight) {
        VirtualServer before =
                desired.find(key((int) ((long) number * STRIDE % services))).orElseThrow();
        List<Destination> changed = new ArrayList<>(before.destinations());
        changed.set(0, changed.get(0).withWeight(weight));
        VirtualServer after = new VirtualServer(before.service(), changed);
        return Measured.of(
                1,
                () -> client.apply(Plan.between(before, after), OnFailure.CONTINUE)
                        .failures()
                        .size());
    }

    /** Returns what a destination costs in a state that shares nothing, its part of the service included. */
    private double heapPerDestination() {
        long with = usedHeapBeside(state(2));
        return (double) (with - usedHeap()) / services / destinations;
    }

    private static long usedHeapBeside(IpvsState state) {
        try {
            return usedHeap();
        } finally {
            Reference.reachabilityFence(state);
        }
    }

    private static long usedHeap() {
        // The serial collector leaves some garbage in three collections of four (MarkSweepAlwaysCompactCount).
        for (int i = 0; i < 4; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** Makes the table, with a weight that all destinations have. */
    private IpvsState state(int weight) {
        List<VirtualServer> servers = new ArrayList<>(services);
        for (int i = 0; i < services; i++) {
            List<Destination> some = new ArrayList<>(destinations);
            for (int j = 0; j < destinations; j++) {
                some.add(Destination.masquerade(address(FIRST_DESTINATION + i * destinations + j), DESTINATION_PORT)
                        .withWeight(weight));
            }
            servers.add(new VirtualServer(VirtualService.of(key(i), Scheduler.ROUND_ROBIN), some));
        }
        return IpvsState.of(servers);
    }

    private static ServiceKey key(int service) {
        return ServiceKey.tcp(address(FIRST_SERVICE + service), SERVICE_PORT);
    }

    private static IpAddress address(int bits) {
        return IpAddress.of(ByteBuffer.allocate(Integer.BYTES).putInt(bits).array());
    }
}
