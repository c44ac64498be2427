// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.reconciler;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.netlink.SocketFailed;
import io.github.ipvs4j.netlink.Transport;
import io.github.ipvs4j.testkit.SimulatedKernel;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A node for tests: a simulated kernel, its /proc and its iptables; 192.168.1.10 and fd00:1::10 are on eth0. */
final class SimulatedNode {
    final SimulatedKernel kernel;
    final SimulatedIptables iptables = new SimulatedIptables();

    /** What was done to the node, in order: a protocol for each datagram, a program for each run. */
    final List<String> steps = new ArrayList<>();

    /** How many system calls the netlink sockets made: sent and received datagrams. */
    int calls;

    private final Path proc;
    private Set<String> matched = Set.of();
    private long nanoTime;
    private int longest = Integer.MAX_VALUE;
    private Runnable afterStep = () -> {};
    private int stepsToLive = Integer.MAX_VALUE;

    SimulatedNode(Path proc) throws IOException {
        this(proc, SimulatedKernel.create());
    }

    SimulatedNode(Path proc, SimulatedKernel kernel) throws IOException {
        this(proc, kernel, "192.168.1.10", "fd00:1::10");
    }

    /** Makes a node with other addresses on eth0. */
    SimulatedNode(Path proc, SimulatedKernel kernel, String... addresses) throws IOException {
        this.proc = proc;
        this.kernel = kernel;
        has("eth0", addresses);
        set("sys/kernel/osrelease", "6.1.0-21-amd64");
        set("sys/net/ipv4/ip_forward", "0");
        for (String key : List.of("conntrack", "expire_nodest_conn", "expire_quiescent_template")) {
            set("sys/net/ipv4/vs/" + key, "0");
        }
        set("net/if_inet6", "");
    }

    /** Gives the node a device, if it has it not yet, with addresses. */
    void has(String device, String... addresses) {
        if (!kernel.links().save().contains(device + " ")) {
            kernel.links().addHardware(device);
        }
        for (String address : addresses) {
            kernel.links().addAddress(device, IpAddress.of(address), address.contains(":") ? 64 : 24);
        }
    }

    /** Returns the rules of a chain of IPv4 without their comments. */
    List<String> rules(String table, String chain) {
        return rules("iptables", table, chain);
    }

    /** Returns the rules of a chain without their comments. */
    List<String> rules(String program, String table, String chain) {
        return iptables.chain(program, table, chain).stream()
                .map(rule -> rule.replaceAll("-m comment --comment \"[^\"]*\" ", ""))
                .toList();
    }

    /** Returns a setting or other file of /proc. */
    Path proc(String file) {
        return proc.resolve(file);
    }

    /** Starts a reconciler as a new process would. */
    Reconciler start() {
        return settings().open();
    }

    ReconcilerBuilder settings() {
        return Reconciler.builder()
                .nodeName("node-a")
                .transport(this::open)
                .clock(() -> nanoTime)
                .commands(this::run)
                .proc(proc);
    }

    /** Lets the process die when it has done so many steps: nothing it does from then on reaches the node. */
    void dieAfter(int steps) {
        stepsToLive = steps;
    }

    /** Lets processes that start from now on send datagrams of so many bytes at most. */
    void shortDatagrams(int bytes) {
        longest = bytes;
    }

    /** Lets time pass. */
    void pass(Duration time) {
        nanoTime += time.toNanos();
    }

    /** Calls something after every step. */
    void afterStep(Runnable look) {
        afterStep = look;
    }

    /** Tells whether the process has died. */
    boolean dead() {
        return stepsToLive < 0;
    }

    /** Returns all virtual servers as sorted lines. */
    List<String> servers() {
        return kernel.ipvs().save().lines().sorted().toList();
    }

    /** Returns the destinations of a virtual server, in order. */
    List<String> destinations(String server) {
        return servers().stream()
                .map(line -> line.split(" ", -1))
                .filter(words -> words[0].equals("-a") && words[2].equals(server))
                .map(words -> words[4])
                .toList();
    }

    /** Returns the addresses on the dummy device. */
    List<String> addresses() {
        String device = "kube-ipvs0 ";
        return kernel.links()
                .save()
                .lines()
                .dropWhile(line -> !line.contains(device))
                .skip(1)
                .takeWhile(line -> line.startsWith(" "))
                .map(String::strip)
                .sorted()
                .toList();
    }

    /** Returns the entries of the sets as lines SET ENTRY. */
    List<String> entries() {
        return kernel.ipsets()
                .save()
                .lines()
                .filter(line -> line.startsWith("add "))
                .map(line -> line.substring("add ".length()))
                .sorted()
                .toList();
    }

    /** Returns everything that a restart must not change. */
    String everything() throws IOException {
        try (Stream<Path> files = Files.walk(proc)) {
            String settings = files.filter(Files::isRegularFile)
                    .sorted()
                    .map(file -> file + " " + read(file))
                    .collect(Collectors.joining("\n"));
            return String.join(
                    "\n",
                    kernel.ipvs().save(),
                    kernel.ipsets().save(),
                    kernel.links().save(),
                    iptables.save("iptables"),
                    iptables.save("ip6tables"),
                    settings);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void set(String file, String value) throws IOException {
        Files.createDirectories(proc(file).getParent());
        Files.writeString(proc(file), value + "\n");
    }

    private CommandRunner.Result run(List<String> command, String input) throws IOException {
        if (--stepsToLive < 0) {
            throw new IOException("killed");
        }
        steps.add(command.get(0));
        CommandRunner.Result result = iptables.run(command, input);
        countMatches();
        afterStep.run();
        return result;
    }

    /** Flushes a chain as somebody else would. */
    void flush(String program, String table, String chain) {
        iptables.chain(program, table, chain).clear();
        countMatches();
    }

    /** Lets the kernel know which rules match its sets. */
    private void countMatches() {
        Map<String, Integer> now = iptables.matches();
        matched.forEach(set -> kernel.ipsets().matchedBy(set, now.getOrDefault(set, 0)));
        matched = Set.copyOf(now.keySet());
        now.forEach(kernel.ipsets()::matchedBy);
    }

    private Transport open(NetlinkProtocol protocol) {
        Transport real = kernel.transports().open(protocol);
        return new Transport() {
            @Override
            public int portId() {
                return real.portId();
            }

            @Override
            public int maxDatagram() {
                return Math.min(longest, real.maxDatagram());
            }

            @Override
            public int maxPendingAnswers() {
                return real.maxPendingAnswers();
            }

            @Override
            public void send(ByteBuf datagram) {
                if (--stepsToLive < 0) {
                    throw new SocketFailed("killed", null);
                }
                steps.add(protocol.name());
                calls++;
                real.send(datagram);
                afterStep.run();
            }

            @Override
            public Received receive(ByteBuf into) {
                calls++;
                return real.receive(into);
            }

            @Override
            public void close() {
                real.close();
            }
        };
    }
}
