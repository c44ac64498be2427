// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import io.github.ipvs4j.netlink.ConntrackEntry.Zone;
import io.netty.channel.IoEventLoopGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Works on the kernel's table of tracked connections by ctnetlink.
 *
 * <p>Entries are deleted one by one, each by its own tuple, zone and number, and many of them in few datagrams. The
 * kernel's own delete by filter is not used: several of its forms delete more than was asked and answer with success.
 *
 * <p>Needs {@code CAP_NET_ADMIN} over the network namespace. Safe for use by many threads; see {@link NetlinkClient}
 * for deadlines and failures. Follows {@code net/netfilter/nf_conntrack_netlink.c}.
 *
 * <pre>{@code
 * try (ConntrackClient conntrack = ConntrackClient.open(NetlinkClient.builder(NetlinkProtocol.NETFILTER))) {
 *     conntrack.deleteIf(ConntrackFilter.ALL, entry -> entry.original().destination().equals(virtualAddress)
 *             && entry.original().destinationPort() == 53);
 * }
 * }</pre>
 */
public final class ConntrackClient implements AutoCloseable {
    private final NetlinkClient client;

    /**
     * What became of one entry that was to be deleted.
     *
     * @param entry the entry
     * @param outcome {@link Outcome.AlreadySo} if it was gone, or another had taken its place
     */
    public record Deletion(ConntrackEntry entry, Outcome outcome) {}

    private ConntrackClient(NetlinkClient client) {
        this.client = client;
    }

    /**
     * Opens a client.
     *
     * @param settings deadline, namespace and the like, for {@link NetlinkProtocol#NETFILTER}
     * @return a client that the caller closes
     * @throws SocketFailed if the system refuses the socket
     */
    public static ConntrackClient open(NetlinkClient.Builder settings) {
        return new ConntrackClient(settings.open());
    }

    /**
     * Subscribes to changes of the table. Joining needs {@code CAP_NET_ADMIN}.
     *
     * @param settings namespace and the like, for {@link NetlinkProtocol#NETFILTER}
     * @param loops a group made with {@code EpollIoHandler.newFactory()}; it stays the caller's
     * @param kinds what to hear of; on a busy node each of them comes thousands of times a second
     * @param listener takes the events, on the event loop; must not block
     * @return the subscription, which the caller closes
     * @throws SocketFailed if the system refuses the socket or a group
     */
    public static NetlinkEvents subscribe(
            NetlinkClient.Builder settings,
            IoEventLoopGroup loops,
            Set<ConntrackEvent.Kind> kinds,
            Consumer<? super ConntrackEvent> listener) {
        int[] groups =
                kinds.stream().mapToInt(ConntrackEvent.Kind::group).sorted().toArray();
        return NetlinkEvents.open(
                settings,
                loops,
                new TypedListener<>(
                        ConntrackCodec::event, new ConntrackEvent.Lost(), ConntrackEvent.Ended::new, listener),
                groups);
    }

    /**
     * Lists entries one by one, in no particular order. The kernel walks its table without a lock: while the table
     * grows or shrinks an entry can be missed, or come twice.
     *
     * @param filter which entries
     * @param consumer takes each entry; it must not use this client
     */
    public void forEach(ConntrackFilter filter, Consumer<? super ConntrackEntry> consumer) {
        client.dump(
                new ConntrackRequest.List(filter),
                message -> ConntrackCodec.read(message).filter(filter::lets).ifPresent(consumer));
    }

    /**
     * Lists entries; see {@link #forEach} for what the list is worth.
     *
     * @param filter which entries
     * @return in no particular order
     */
    public List<ConntrackEntry> list(ConntrackFilter filter) {
        List<ConntrackEntry> entries = new ArrayList<>();
        forEach(filter, entries::add);
        return entries;
    }

    /**
     * Looks an entry up by either of its tuples.
     *
     * @param tuple the original one, or that of the answers
     * @param zone the entry's zone
     * @return empty if there is none
     */
    public Optional<ConntrackEntry> find(ConntrackTuple tuple, Zone zone) {
        try {
            return client.query(new ConntrackRequest.Get(tuple, zone), ConntrackCodec::read);
        } catch (KernelRejected e) {
            if (e.errno().equals(Errno.ENOENT)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * Adds an entry, for example in a test or from another node's table; its number is the kernel's to choose.
     *
     * @param entry with a status that says it is confirmed (8), and with a time-out
     * @throws KernelRejected with {@code EEXIST} if there is one of this tuple
     */
    public void add(ConntrackEntry entry) {
        client.execute(new ConntrackRequest.Add(entry));
    }

    /**
     * Deletes an entry by its original tuple. The entry is looked up first, because the kernel would take one whose
     * answers have this tuple as well.
     *
     * @param original the tuple, which must match to the last field
     * @param zone its zone
     * @return false if there is no such entry
     */
    public boolean delete(ConntrackTuple original, Zone zone) {
        Optional<ConntrackEntry> found =
                find(original, zone).filter(entry -> entry.original().equals(original));
        return found.isPresent() && delete(found.get());
    }

    private boolean delete(ConntrackEntry entry) {
        try {
            client.execute(new ConntrackRequest.Delete(entry.original(), entry.zone(), entry.id()));
            return true;
        } catch (KernelRejected e) {
            if (e.errno().equals(Errno.ENOENT)) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Deletes entries that were listed before, in few datagrams. An entry that is gone, or whose tuple belongs to a
     * later connection by now as far as the kernel's number of it tells, is {@link Outcome.AlreadySo}.
     *
     * @param entries what to delete, as it was listed
     * @return an outcome for each entry, in the same order
     */
    public List<Outcome> delete(List<ConntrackEntry> entries) {
        return client.batch(entries.stream()
                .map(entry -> new ConntrackRequest.Delete(entry.original(), entry.zone(), entry.id()))
                .toList());
    }

    /**
     * Lists entries, chooses among them, and deletes the chosen ones one by one.
     *
     * @param filter which entries to look at
     * @param choice which of those to delete
     * @return what became of each chosen entry
     */
    public List<Deletion> deleteIf(ConntrackFilter filter, Predicate<? super ConntrackEntry> choice) {
        List<ConntrackEntry> chosen = new ArrayList<>();
        forEach(filter, entry -> {
            if (choice.test(entry)) {
                chosen.add(entry);
            }
        });
        List<Outcome> outcomes = delete(chosen);
        List<Deletion> deletions = new ArrayList<>(chosen.size());
        for (int i = 0; i < chosen.size(); i++) {
            deletions.add(new Deletion(chosen.get(i), outcomes.get(i)));
        }
        return deletions;
    }

    /** Deletes every entry of the network namespace, whatever it is. */
    public void deleteAll() {
        client.execute(new ConntrackRequest.Flush());
    }

    /** Closes the socket and frees the buffers; a second call does nothing. */
    @Override
    public void close() {
        client.close();
    }
}
