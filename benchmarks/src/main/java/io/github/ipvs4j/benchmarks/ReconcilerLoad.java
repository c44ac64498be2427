// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.benchmarks;

import com.sun.management.ThreadMXBean;
import io.github.ipvs4j.ipvs.TransportProtocol;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.netlink.Transport;
import io.github.ipvs4j.reconciler.CommandRunner;
import io.github.ipvs4j.reconciler.Endpoint;
import io.github.ipvs4j.reconciler.EndpointPort;
import io.github.ipvs4j.reconciler.EndpointSlice;
import io.github.ipvs4j.reconciler.ObjectName;
import io.github.ipvs4j.reconciler.Reconciler;
import io.github.ipvs4j.reconciler.ReconcilerBuilder;
import io.github.ipvs4j.reconciler.Service;
import io.github.ipvs4j.reconciler.ServicePort;
import io.github.ipvs4j.reconciler.SyncReport;
import io.github.ipvs4j.testkit.SimulatedKernel;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Reconciles Services with endpoints in the present network namespace, or with a simulated kernel, and prints one line
 * of JSON: milliseconds, netlink's system calls and bytes, allocation and failures of the first sync, of one changed
 * slice, of a resync without a change and of a second reconciler's first sync, and the heap that a Service retains.
 *
 * <pre>{@code
 * ip netns exec NAME java -cp benchmarks.jar io.github.ipvs4j.benchmarks.ReconcilerLoad 10000 8
 * ip netns exec NAME java -cp benchmarks.jar io.github.ipvs4j.benchmarks.ReconcilerLoad 10000 8 --restart
 * }</pre>
 *
 * <p>The first sync is that of a new JVM, from the first object to the last answer; what the JVM took since its own
 * start stands beside it. With {@code --restart}, only that is done: after a run without, this is the restart of a
 * process that finds its state in the kernel. The second reconciler of the first JVM, {@code again}, does the same with
 * code that has been compiled by then.
 */
public final class ReconcilerLoad {
    private static final String USAGE =
            "usage: ReconcilerLoad SERVICES ENDPOINTS [--simulated] [--no-rules] [--restart|--once]";

    private static final int FIRST_SERVICE = 0x0a60_0000;
    private static final int FIRST_ENDPOINT = 0x0a80_0000;
    private static final int FIRST_REPLACEMENT = 0x0af0_0000;

    /** So many that the compiler is as far with one change in the small table as in the large one. */
    private static final int CHANGES_AHEAD = 2_000;

    /** The same without the flags of the start script, where a second compiler goes on for longer. */
    private static final int SIMULATED_CHANGES_AHEAD = 10_000;

    /**
     * The Services that change ahead, there and back again: the kernel keeps for minutes what is deleted and searches
     * all of it for each new destination, which thousands of them would make a part of what is measured.
     */
    private static final int CHANGING = 20;

    /** Of so many, each of a Service of its own, the median is taken. */
    private static final int CHANGES = 101;

    private static final int RESYNCS = 3;
    private static final int COLLECTIONS = 5;
    private static final int LONG_ENOUGH = 1000;

    /** A prime, so that changes that follow one another are not neighbours. */
    private static final int STRIDE = 7919;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final List<CountingTransport> transports = new ArrayList<>();
    private final int services;
    private final int endpoints;

    ReconcilerLoad(int services, int endpoints) {
        this.services = services;
        this.endpoints = endpoints;
    }

    /** What a step took. */
    private record Cost(long nanoseconds, long calls, long bytes, long allocated, int failures) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "{\"milliseconds\": %.3f, \"calls\": %d, \"bytes\": %d, \"allocated\": %d, \"failures\": %d}",
                    nanoseconds / 1e6,
                    calls,
                    bytes,
                    allocated,
                    failures);
        }
    }

    /**
     * Runs the measurement.
     *
     * @param arguments number of Services, number of endpoints of each, {@code --simulated} for a simulated kernel,
     *     {@code --no-rules} to let iptables out, for kernels that have none, {@code --restart} for the first sync
     *     only, {@code --once} for that and a resync, as {@code kube-proxy --once} does both
     * @throws IOException if the simulated node's folder cannot be made
     */
    public static void main(String[] arguments) throws IOException {
        List<String> options = List.of(arguments).subList(Math.min(2, arguments.length), arguments.length);
        if (arguments.length < 2
                || !List.of("--simulated", "--no-rules", "--restart", "--once").containsAll(options)) {
            throw new IllegalArgumentException(USAGE);
        }
        ReconcilerLoad load = new ReconcilerLoad(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]));
        if (options.contains("--simulated")) {
            System.out.println(load.runSimulated(Files.createTempDirectory("ipvs4j")));
        } else {
            ReconcilerBuilder settings =
                    load.settings(Transport.Factory.kernel(), Path.of("/proc"), !options.contains("--no-rules"));
            if (options.contains("--once")) {
                load.once(settings);
            } else {
                System.out.println(
                        options.contains("--restart") ? load.restart(settings) : load.run(settings, CHANGES_AHEAD));
            }
        }
    }

    /**
     * Runs with a simulated kernel.
     *
     * @param proc an empty folder, for the settings of the node
     * @return an object of JSON
     */
    String runSimulated(Path proc) throws IOException {
        SimulatedKernel kernel = SimulatedKernel.create();
        Map<String, String> settings = Map.of(
                "sys/kernel/osrelease", "6.1.0",
                "sys/net/ipv4/ip_forward", "0",
                "sys/net/ipv4/vs/conntrack", "0",
                "sys/net/ipv4/vs/expire_nodest_conn", "0",
                "sys/net/ipv4/vs/expire_quiescent_template", "0",
                "net/if_inet6", "");
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            Path file = proc.resolve(setting.getKey());
            Files.createDirectories(file.getParent());
            Files.writeString(file, setting.getValue() + "\n");
        }
        String line = run(settings(kernel.transports(), proc, false), SIMULATED_CHANGES_AHEAD);
        kernel.assertQuiescent();
        return line;
    }

    private ReconcilerBuilder settings(Transport.Factory factory, Path proc, boolean withRules) {
        ReconcilerBuilder settings =
                Reconciler.builder().nodeName("node-a").proc(proc).transport(protocol -> counted(factory, protocol));
        return withRules ? settings : settings.commands((command, input) -> new CommandRunner.Result(0, "", ""));
    }

    private String restart(ReconcilerBuilder settings) {
        try (Reconciler reconciler = settings.open()) {
            Cost restart = measure(() -> fill(reconciler));
            return String.format(
                    Locale.ROOT,
                    "{\"services\": %d, \"endpoints\": %d, \"restart\": %s, \"sinceStart\": %d}",
                    services,
                    endpoints,
                    restart,
                    sinceStart());
        }
    }

    private void once(ReconcilerBuilder settings) {
        try (Reconciler reconciler = settings.open()) {
            SyncReport filled = fill(reconciler);
            if (!filled.succeeded() || !reconciler.resync().succeeded()) {
                throw new IllegalStateException("not all Services were applied: an archive made of this is of no use");
            }
        }
    }

    private static long sinceStart() {
        return System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime();
    }

    private String run(ReconcilerBuilder settings, int ahead) {
        Cost first;
        long sinceStart;
        Cost change;
        Cost resync;
        try (Reconciler reconciler = settings.open()) {
            first = measure(() -> fill(reconciler));
            sinceStart = sinceStart();
            for (int i = 0; i < ahead; i++) {
                int service = i % CHANGING;
                change(reconciler, service, i / CHANGING % 2 == 0 ? replacement(service) : endpoint(service, 0));
            }
            change = median(CHANGES, i -> {
                int service = (int) ((long) (CHANGING + i) * STRIDE % services);
                return measure(() -> change(reconciler, service, replacement(CHANGING + i)));
            });
            fill(reconciler);
            resync = median(RESYNCS, i -> measure(reconciler::resync));
        }
        // Not in a variable, which would keep it in the heap to the end of this method.
        Deque<Reconciler> restarted = new ArrayDeque<>(List.of(settings.open()));
        Cost again = measure(() -> fill(restarted.element()));
        double heap = heapPerService(restarted);
        return String.format(
                Locale.ROOT,
                "{\"services\": %d, \"endpoints\": %d, \"first\": %s, \"sinceStart\": %d, \"change\": %s,"
                        + " \"resync\": %s, \"again\": %s, \"heapPerService\": %.1f}",
                services,
                endpoints,
                first,
                sinceStart,
                change,
                resync,
                again,
                heap);
    }

    private Transport counted(Transport.Factory factory, NetlinkProtocol protocol) {
        CountingTransport transport = new CountingTransport(factory.open(protocol));
        transports.add(transport);
        return transport;
    }

    private Cost measure(Supplier<SyncReport> step) {
        transports.forEach(CountingTransport::restart);
        long allocated = threads.getCurrentThreadAllocatedBytes();
        long start = System.nanoTime();
        SyncReport report = step.get();
        long end = System.nanoTime();
        return new Cost(
                end - start,
                transports.stream()
                        .mapToLong(one -> one.sends() + one.receives() + one.looks())
                        .sum(),
                transports.stream().mapToLong(CountingTransport::bytes).sum(),
                threads.getCurrentThreadAllocatedBytes() - allocated,
                report.failures().size());
    }

    /** One of several runs of a step. */
    private interface Run {
        Cost number(int number);
    }

    private static Cost median(int runs, Run run) {
        List<Cost> sorted = IntStream.range(0, runs)
                .mapToObj(run::number)
                .sorted(Comparator.comparingLong(Cost::nanoseconds))
                .toList();
        return sorted.get(runs / 2);
    }

    private SyncReport fill(Reconciler reconciler) {
        for (int i = 0; i < services; i++) {
            reconciler.put(Service.builder(name(i))
                    .clusterIps(List.of(address(FIRST_SERVICE + i)))
                    .ports(List.of(ServicePort.of("http", TransportProtocol.TCP, 80)))
                    .build());
            reconciler.put(slice(i, endpoint(i, 0)));
        }
        return reconciler.sync();
    }

    /** Replaces the first endpoint of a Service. */
    private SyncReport change(Reconciler reconciler, int service, IpAddress endpoint) {
        reconciler.put(slice(service, endpoint));
        return reconciler.sync();
    }

    private static IpAddress replacement(int number) {
        return address(FIRST_REPLACEMENT + number);
    }

    private IpAddress endpoint(int service, int number) {
        return address(FIRST_ENDPOINT + service * endpoints + number);
    }

    private EndpointSlice slice(int service, IpAddress first) {
        List<Endpoint> some = new ArrayList<>(endpoints);
        some.add(Endpoint.ready(first, "node-b"));
        for (int j = 1; j < endpoints; j++) {
            some.add(Endpoint.ready(endpoint(service, j), "node-b"));
        }
        return new EndpointSlice(
                name(service),
                name(service).name(),
                IpFamily.IPV4,
                List.of(new EndpointPort("http", TransportProtocol.TCP, 8080)),
                some,
                Map.of());
    }

    private static ObjectName name(int service) {
        return new ObjectName("default", "service-" + service);
    }

    private static IpAddress address(int bits) {
        return IpAddress.of(new byte[] {(byte) (bits >> 24), (byte) (bits >> 16), (byte) (bits >> 8), (byte) bits});
    }

    /** Closes the one reconciler and returns what it retained; a simulated kernel's own heap is not counted. */
    private double heapPerService(Deque<Reconciler> reconcilers) {
        long with = usedHeap();
        reconcilers.remove().close();
        transports.clear();
        return (double) (with - usedHeap()) / services;
    }

    /**
     * Returns what the last collection left. What is in use later counts the buffers that threads allocate from, too,
     * which grow with the heap and are as large as many Services.
     */
    private static long usedHeap() {
        ReferenceQueue<Object> cleared = new ReferenceQueue<>();
        for (int i = 0; i < COLLECTIONS; i++) {
            Reference<Object> last = new PhantomReference<>(new Object(), cleared);
            System.gc();
            // Objects with finalizers or cleaners go, with all that they hold, only while these have the processor.
            try {
                cleared.remove(LONG_ENOUGH);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                Reference.reachabilityFence(last);
            }
        }
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP && pool.getCollectionUsage() != null)
                .mapToLong(pool -> pool.getCollectionUsage().getUsed())
                .sum();
    }
}
