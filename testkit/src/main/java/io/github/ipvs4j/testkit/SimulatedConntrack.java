// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.ConntrackEntry;
import io.github.ipvs4j.netlink.ConntrackEntry.Direction;
import io.github.ipvs4j.netlink.ConntrackEntry.Zone;
import io.github.ipvs4j.netlink.MessageWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The tracked connections of a {@link SimulatedNamespace}: what a test looks at and drives beside the netlink requests.
 * Entries end by themselves when the kernel's clock passes their timeout.
 */
public final class SimulatedConntrack {
    /** Makes numbers that look as if they came from a hash, and never 0 for a kernel's lifetime. */
    private static final int ID_FACTOR = 0x9e37_79b1;

    private final KernelContext kernel;
    private final EventChannel events;
    private final ConntrackAnswers answers;

    /** In the order in which they were made, by a number that is never used again. */
    private final TreeMap<Integer, TrackedConnection> byNumber = new TreeMap<>();

    private final Map<TrackedConnection, Integer> numbers = new HashMap<>();
    private final Map<Key, TrackedConnection> byKey = new HashMap<>();
    private int lastNumber;

    /** No entry ends earlier. */
    private long nextEnd = Long.MAX_VALUE;

    /** What the kernel finds an entry by. */
    private record Key(TrackedTuple tuple, Direction direction, int zone) {}

    SimulatedConntrack(KernelContext kernel, EventChannel events) {
        this.kernel = kernel;
        this.events = events;
        this.answers = new ConntrackAnswers(kernel.release());
    }

    /**
     * Adds an entry, as a packet would.
     *
     * @param entry what to add; its number is the kernel's to choose, and it is always confirmed
     * @throws IllegalArgumentException if there is an entry of one of its tuples
     */
    public void add(ConntrackEntry entry) {
        synchronized (kernel.lock()) {
            TrackedConnection connection =
                    make(TrackedTuple.of(entry.original()), TrackedTuple.of(entry.reply()), entry.zone());
            if (find(connection.original(), entry.zone()) != null || find(connection.reply(), entry.zone()) != null) {
                throw new IllegalArgumentException("there is an entry of " + entry.original() + " already");
            }
            connection.changeStatus((entry.status() & ConntrackNumbers.CHANGEABLE) | ConntrackNumbers.CONFIRMED);
            connection.mark(entry.mark());
            end(connection, now() + entry.timeout().toMillis());
            insert(connection, 0);
        }
    }

    /**
     * Returns all entries.
     *
     * @return in the order in which they were made
     */
    public List<ConntrackEntry> entries() {
        synchronized (kernel.lock()) {
            return all().stream().map(this::entry).toList();
        }
    }

    private ConntrackEntry entry(TrackedConnection connection) {
        boolean udpLite = kernel.release().hasUdpLite();
        return new ConntrackEntry(
                connection.original().toTuple(udpLite),
                connection.reply().toTuple(udpLite),
                connection.zone(),
                connection.status(),
                connection.mark(),
                Duration.ofMillis(Math.max(0, connection.ends() - now())),
                connection.id());
    }

    /**
     * Returns all entries as text.
     *
     * @return a sorted line for each, such as {@code udp 10.1.0.1:1001 -> 10.96.0.10:53, answers 10.2.0.5:53 ->
     *     10.1.0.1:1001}, with mark and zone behind where they are not 0
     */
    public String save() {
        return entries().stream().map(SimulatedConntrack::line).sorted().collect(Collectors.joining());
    }

    private static String line(ConntrackEntry entry) {
        String answers = entry.reply().toString();
        return entry.original() + ", answers " + answers.substring(answers.indexOf(' ') + 1)
                + (entry.mark() == 0 ? "" : ", mark 0x" + Integer.toHexString(entry.mark()))
                + (entry.zone().id() == 0 ? "" : ", zone " + entry.zone().id()) + "\n";
    }

    long now() {
        return kernel.now();
    }

    TrackedConnection make(TrackedTuple original, TrackedTuple reply, Zone zone) {
        return new TrackedConnection(original, reply, zone, ++lastNumber * ID_FACTOR);
    }

    Collection<TrackedConnection> all() {
        expire();
        return byNumber.values();
    }

    /** Returns the entries from a number on, as a copy. */
    Collection<TrackedConnection> from(int number) {
        expire();
        return new ArrayList<>(byNumber.tailMap(number, true).values());
    }

    int numberOf(TrackedConnection connection) {
        return numbers.getOrDefault(connection, 0);
    }

    /** Finds an entry by either of its tuples. */
    @Nullable
    TrackedConnection find(TrackedTuple tuple, Zone zone) {
        expire();
        TrackedConnection original = find(tuple, zone, Direction.ORIGINAL);
        return original != null ? original : find(tuple, zone, Direction.REPLY);
    }

    private @Nullable TrackedConnection find(TrackedTuple tuple, Zone zone, Direction direction) {
        return byKey.get(new Key(tuple, direction, ConntrackSelection.in(zone, direction)));
    }

    /** Lets an entry end at a moment, even if the rest of the request that says so fails. */
    void end(TrackedConnection connection, long moment) {
        connection.ends(moment);
        nextEnd = Math.min(nextEnd, moment);
    }

    void insert(TrackedConnection connection, int portId) {
        byNumber.put(lastNumber, connection);
        numbers.put(connection, lastNumber);
        byKey.put(key(connection, Direction.ORIGINAL), connection);
        byKey.put(key(connection, Direction.REPLY), connection);
        tell(connection, ConntrackNumbers.GROUP_NEW, portId);
    }

    private static Key key(TrackedConnection connection, Direction direction) {
        return new Key(
                direction == Direction.ORIGINAL ? connection.original() : connection.reply(),
                direction,
                ConntrackSelection.in(connection.zone(), direction));
    }

    void changed(TrackedConnection connection, int portId) {
        tell(connection, ConntrackNumbers.GROUP_UPDATE, portId);
    }

    void remove(TrackedConnection connection, int portId) {
        byNumber.remove(numberOf(connection));
        numbers.remove(connection);
        byKey.remove(key(connection, Direction.ORIGINAL));
        byKey.remove(key(connection, Direction.REPLY));
        tell(connection, ConntrackNumbers.GROUP_DESTROY, portId);
    }

    void removeIf(@Nullable ConntrackSelection selection, int portId) {
        from(0).stream()
                .filter(connection -> selection == null || selection.lets(connection))
                .forEach(connection -> remove(connection, portId));
    }

    /** Ends the entries whose time has come. */
    void expire() {
        if (now() < nextEnd) {
            return;
        }
        nextEnd = Long.MAX_VALUE;
        for (TrackedConnection connection : new ArrayList<>(byNumber.values())) {
            if (connection.ends() <= now()) {
                remove(connection, 0);
            } else {
                nextEnd = Math.min(nextEnd, connection.ends());
            }
        }
    }

    void write(MessageWriter out, TrackedConnection connection, int users) {
        answers.entry(out, connection, now(), users);
    }

    private void tell(TrackedConnection connection, int group, int portId) {
        boolean gone = group == ConntrackNumbers.GROUP_DESTROY;
        int flags =
                group == ConntrackNumbers.GROUP_NEW ? NetlinkNumbers.FLAG_CREATE | NetlinkNumbers.FLAG_EXCLUSIVE : 0;
        events.send(
                group,
                0,
                portId,
                ConntrackAnswers.type(gone ? ConntrackNumbers.DELETE : ConntrackNumbers.NEW),
                flags,
                out -> {
                    if (gone) {
                        answers.end(out, connection, now());
                    } else {
                        answers.change(out, connection, now());
                    }
                });
    }
}
