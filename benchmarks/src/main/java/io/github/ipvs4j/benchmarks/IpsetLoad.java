// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.benchmarks;

import io.github.ipvs4j.ipset.EntryOptions;
import io.github.ipvs4j.ipset.IpSet;
import io.github.ipvs4j.ipset.IpsetClient;
import io.github.ipvs4j.ipset.Replacement;
import io.github.ipvs4j.ipset.SetDefinition;
import io.github.ipvs4j.ipset.SetEntry;
import io.github.ipvs4j.ipset.SetMember;
import io.github.ipvs4j.ipset.SetProtocol;
import io.github.ipvs4j.ipset.SetType;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.IpPrefix;
import io.github.ipvs4j.netlink.Outcome;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/**
 * Loads, lists and replaces a large set beside the program {@code ipset}, in the present network namespace, and
 * prints one line of JSON with times in milliseconds, the median of the rounds that count. In the line are:
 *
 * <ul>
 *   <li>{@code load}: create the set and put all entries, with an outcome for each; {@code loadExclusive}: add them so
 *       that each outcome tells what was there; {@code ipsetRestore}: the same by the program, from a file in memory
 *   <li>{@code coldLoad}, only without {@code --warm}: from the start of the JVM to the end of its first load
 *   <li>{@code stream}: take each entry as a value; {@code list}: all of them as one set, and look at each;
 *       {@code ipsetSave}: by the program, as text to nowhere
 *   <li>{@code replace}: exchange one entry in a hundred where the caller says what was there and what changes;
 *       {@code replaceUnknown}: the same for a set that must be read first
 *   <li>{@code loadWithBad}: load with {@code bad} entries among them that the kernel refuses
 * </ul>
 *
 * <pre>{@code
 * ip netns exec NAME java -cp benchmarks.jar io.github.ipvs4j.benchmarks.IpsetLoad hash:ip 100000 --warm 5
 * }</pre>
 */
public final class IpsetLoad {
    private static final String SET = "ipvs4j-load";
    private static final int ROUNDS = 5;

    /** One entry in so many is exchanged for another. */
    private static final int EXCHANGE_EVERY = 100;

    /** One entry in so many is one that the kernel refuses, in the measurement of outcomes. */
    private static final int BAD_EVERY = 500;

    private final SetType type;
    private final int entries;
    private final SetDefinition definition;
    private final List<SetMember> members;
    private double coldMillis = -1;

    private IpsetLoad(SetType type, int entries) {
        this.type = type;
        this.entries = entries;
        this.definition = SetDefinition.hash(SET, type, IpFamily.IPV4).withMaxElements(2L * entries);
        this.members = new ArrayList<>(entries);
        for (int i = 0; i < entries; i++) {
            members.add(new SetMember(entry(i)));
        }
    }

    /**
     * Runs the measurement.
     *
     * @param arguments type of the set, number of entries, and with {@code --warm N} how many rounds go before those
     *     that count; without it one round is run, cold
     * @throws IOException if the file for the program cannot be written
     * @throws InterruptedException if waiting for the program is interrupted
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        boolean warm = arguments.length == 4 && arguments[2].equals("--warm");
        if (!warm && arguments.length != 2) {
            throw new IllegalArgumentException("usage: IpsetLoad TYPE ENTRIES [--warm N]");
        }
        SetType type = SetType.named(arguments[0]).orElseThrow();
        IpsetLoad load = new IpsetLoad(type, Integer.parseInt(arguments[1]));
        int warmUp = warm ? Integer.parseInt(arguments[3]) : 0;
        if (!warm) {
            load.runCold();
        }
        load.run(warmUp, warm ? ROUNDS : 1, System.out);
    }

    private SetEntry entry(int number) {
        int bits = 0x0a00_0000 + number;
        IpAddress address =
                IpAddress.of(ByteBuffer.allocate(Integer.BYTES).putInt(bits).array());
        return switch (type) {
            case HASH_IP -> new SetEntry.Ip(address);
            case HASH_NET -> new SetEntry.Net(new IpPrefix(address, Integer.SIZE));
            case HASH_IP_PORT -> new SetEntry.IpPort(address, SetProtocol.TCP, 80);
            case HASH_IP_PORT_IP -> new SetEntry.IpPortIp(address, SetProtocol.TCP, 80, address);
            default ->
                throw new IllegalArgumentException(
                        type + ": expected hash:ip, hash:net, hash:ip,port or hash:ip,port,ip");
        };
    }

    /** The kernel refuses what the set has no room for. */
    private SetMember bad() {
        return new SetMember(entry(0), EntryOptions.NONE.withComment("bad"));
    }

    private void runCold() {
        try (IpsetClient client = IpsetClient.open()) {
            client.destroyIfPresent(SET);
            load(client);
            Instant start = ProcessHandle.current().info().startInstant().orElseThrow();
            coldMillis = Duration.between(start, Instant.now()).toNanos() / 1e6;
            client.destroy(SET);
        }
    }

    private void run(int warmUp, int rounds, PrintStream out) throws IOException, InterruptedException {
        Path script = script();
        Series load = new Series("load");
        Series exclusive = new Series("loadExclusive");
        Series restore = new Series("ipsetRestore");
        Series stream = new Series("stream");
        Series list = new Series("list");
        Series save = new Series("ipsetSave");
        Series replace = new Series("replace");
        Series replaceUnknown = new Series("replaceUnknown");
        Series outcomes = new Series("loadWithBad");
        List<SetMember> withBad = withBad();
        try (IpsetClient client = IpsetClient.open()) {
            client.destroyIfPresent(SET);
            for (int round = -warmUp; round < rounds; round++) {
                load.add(round, () -> load(client));
                stream.add(round, () -> stream(client));
                list.add(round, () -> list(client));
                save.add(round, () -> program("ipset", "save", SET));
                replace(round, client, replace, replaceUnknown);
                client.destroy(SET);
                client.create(definition);
                exclusive.add(round, () -> require(client.addMembers(SET, members), 0));
                client.destroy(SET);
                outcomes.add(round, () -> loadBad(client, withBad));
                client.destroy(SET);
                restore.add(round, () -> program("ipset", "restore", "-f", script.toString()));
                client.destroy(SET);
            }
        } finally {
            Files.delete(script);
        }
        StringJoiner line = new StringJoiner(", ", "{", "}")
                .add("\"type\": \"" + type + "\"")
                .add("\"entries\": " + entries)
                .add("\"warmUp\": " + warmUp)
                .add("\"rounds\": " + rounds);
        if (coldMillis >= 0) {
            line.add(String.format(Locale.ROOT, "\"coldLoad\": %.1f", coldMillis));
        }
        List.of(load, exclusive, restore, stream, list, save, replace, replaceUnknown, outcomes)
                .forEach(series -> line.add(series.toString()));
        out.println(line.add("\"bad\": " + (withBad.size() - entries)));
    }

    /** Exchanges one entry in a hundred for another, as one who knows what is there, and back as one who does not. */
    private void replace(int round, IpsetClient client, Series known, Series unknown) {
        List<SetEntry> some = new ArrayList<>(entries);
        members.forEach(member -> some.add((SetEntry) member.spec()));
        IpSet before = IpSet.of(definition, some);
        List<SetMember> put = new ArrayList<>();
        List<SetEntry> deleted = new ArrayList<>();
        for (int i = 0; i < entries; i += EXCHANGE_EVERY) {
            put.add(new SetMember(entry(entries + i)));
            deleted.add(entry(i));
        }
        IpSet after = before.with(put, deleted);
        known.add(round, () -> requireChange(client.replace(before, after), put.size()));
        unknown.add(round, () -> requireChange(client.replace(before), put.size()));
    }

    private static void requireChange(Replacement done, int changes) {
        if (done.way() != Replacement.Way.CHANGED || done.put() != changes || done.deleted() != changes) {
            throw new IllegalStateException("expected " + changes + " changes: " + done);
        }
    }

    private Path script() throws IOException {
        Path memory = Path.of("/dev/shm");
        Path script = Files.isDirectory(memory)
                ? Files.createTempFile(memory, "ipvs4j", ".ipset")
                : Files.createTempFile("ipvs4j", ".ipset");
        StringBuilder text = new StringBuilder("create ").append(definition).append('\n');
        members.forEach(member ->
                text.append("add ").append(SET).append(' ').append(member).append('\n'));
        Files.writeString(script, text);
        return script;
    }

    private void load(IpsetClient client) {
        client.create(definition);
        require(client.putMembers(SET, members), 0);
    }

    private void loadBad(IpsetClient client, List<SetMember> some) {
        client.create(definition);
        require(client.putMembers(SET, some), some.size() - entries);
    }

    private void stream(IpsetClient client) {
        int[] count = new int[1];
        client.stream(SET, member -> count[0]++);
        if (count[0] != entries) {
            throw new IllegalStateException("listed " + count[0] + " entries of " + entries);
        }
    }

    private void list(IpsetClient client) {
        long hash = 0;
        int count = 0;
        for (SetEntry entry : client.list(SET).orElseThrow().entries()) {
            hash += entry.hashCode();
            count++;
        }
        if (count != entries || hash == 0) {
            throw new IllegalStateException("listed " + count + " entries of " + entries);
        }
    }

    private static void require(List<Outcome> outcomes, int refused) {
        long failed = outcomes.stream().filter(outcome -> !outcome.succeeded()).count();
        if (failed != refused) {
            throw new IllegalStateException(failed + " entries were refused, expected " + refused);
        }
    }

    private List<SetMember> withBad() {
        List<SetMember> some = new ArrayList<>(members);
        for (int i = 0; i < entries / BAD_EVERY; i++) {
            some.add(i * BAD_EVERY, bad());
        }
        return some;
    }

    private static void program(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            if (process.waitFor() != 0) {
                throw new IllegalStateException(String.join(" ", command) + " failed");
            }
        } catch (IOException e) {
            throw new IllegalStateException(String.join(" ", command) + " cannot be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Times of one step. */
    private static final class Series {
        private final String name;
        private final List<Double> millis = new ArrayList<>();

        Series(String name) {
            this.name = name;
        }

        void add(int round, Runnable step) {
            long start = System.nanoTime();
            step.run();
            if (round >= 0) {
                millis.add((System.nanoTime() - start) / 1e6);
            }
        }

        @Override
        public String toString() {
            double[] sorted =
                    millis.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            return String.format(Locale.ROOT, "\"%s\": %.1f", name, sorted[sorted.length / 2]);
        }
    }
}
