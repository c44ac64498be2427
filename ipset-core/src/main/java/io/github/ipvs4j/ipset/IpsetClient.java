// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import io.github.ipvs4j.netlink.KernelRejected;
import io.github.ipvs4j.netlink.NetlinkClient;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.netlink.Outcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Creates, fills, lists and destroys the kernel's ipsets over netlink, in one network namespace.
 *
 * <p>Needs {@code CAP_NET_ADMIN} over that namespace. Safe for use by many threads; see {@link NetlinkClient} for
 * deadlines and failures. Every error tells the set, the entry and what to do, for example {@code add 10.0.0.1,tcp:80
 * to set web: errno 4352: the set is full (maxelem 65536); delete entries, or create it again with a higher
 * maxElements}.
 * Follows {@code net/netfilter/ipset/ip_set_core.c}.
 *
 * <pre>{@code
 * try (IpsetClient ipset = IpsetClient.open()) {
 *     SetDefinition web = SetDefinition.hashIpPort("web", IpFamily.IPV4);
 *     ipset.createIfAbsent(web);
 *     List<Outcome> outcomes = ipset.add(
 *             "web", List.of(new SetEntry.IpPort(IpAddress.of("10.0.0.1"), SetProtocol.TCP, 80)));
 *     ipset.list("web").ifPresent(set -> log.info("{} has {}", set.name(), set.entries()));
 * }
 * }</pre>
 */
public final class IpsetClient extends IpsetReader implements AutoCloseable {
    /** How many entries are at hand at a time where memory is to stay constant. */
    private static final int SLICE = 20_000;

    private IpsetClient(NetlinkClient client) {
        super(new SetExchange(client));
    }

    /**
     * Opens a client in the present network namespace.
     *
     * @return a client that the caller closes
     * @throws io.github.ipvs4j.netlink.SocketFailed if the system refuses the socket
     */
    public static IpsetClient open() {
        return open(NetlinkClient.builder(NetlinkProtocol.NETFILTER));
    }

    /**
     * Opens a client.
     *
     * @param settings deadline, namespace and the like, for {@link NetlinkProtocol#NETFILTER}
     * @return a client that the caller closes
     * @throws io.github.ipvs4j.netlink.SocketFailed if the system refuses the socket
     */
    public static IpsetClient open(NetlinkClient.Builder settings) {
        return new IpsetClient(settings.open());
    }

    /**
     * Creates a set, which must not be there yet. The revision of its type is asked from the kernel once a client.
     *
     * @param definition what to create
     * @throws KernelRejected with {@code EEXIST} if the name is taken, or if the kernel lacks the type
     */
    public void create(SetDefinition definition) {
        exchange.execute(exchange.creation(definition));
    }

    /**
     * Creates a set unless one of the same definition is there already.
     *
     * @param definition what to create; the number of buckets may differ
     * @return false if it was there already
     * @throws KernelRejected with {@code EEXIST} if the name is taken by a set of another type, family, limit, range or
     *     options, or if the kernel lacks the type
     */
    public boolean createIfAbsent(SetDefinition definition) {
        return exchange.executeUnlessSatisfied(exchange.creation(definition));
    }

    /**
     * Destroys a set with its entries.
     *
     * @param name the set
     * @throws KernelRejected with {@code ENOENT} if it is not there, with errno 4100 if a rule or set refers to it
     */
    public void destroy(String name) {
        exchange.execute(new SetRequest.Destroy(SetDefinition.requireName(name)));
    }

    /**
     * Destroys a set with its entries if it is there.
     *
     * @param name the set
     * @return false if it was not there
     * @throws KernelRejected with errno 4100 if a rule or set refers to it
     */
    public boolean destroyIfPresent(String name) {
        return exchange.executeUnlessSatisfied(new SetRequest.Destroy(SetDefinition.requireName(name)));
    }

    /**
     * Removes all entries of a set, of any type.
     *
     * @param name the set
     * @throws KernelRejected with {@code ENOENT} if it is not there
     */
    public void flush(String name) {
        exchange.execute(new SetRequest.Flush(SetDefinition.requireName(name)));
    }

    /**
     * Adds entries in few datagrams. One that is there already is {@link Outcome.AlreadySo} and left as it is; one that
     * the kernel refuses does not hinder the others.
     *
     * @param name the set
     * @param entries what to add, of the kind that the set's type holds
     * @return an outcome for each entry, in the same order
     * @throws KernelRejected with {@code ENOENT} if there is no such set
     * @throws IllegalArgumentException if an entry does not fit the set's type or family; then nothing was added
     */
    public List<Outcome> add(String name, Collection<? extends SetEntry> entries) {
        return addMembers(name, members(entries));
    }

    /**
     * Adds entries with what they carry, and ranges, in few datagrams. One that is there already is
     * {@link Outcome.AlreadySo} and left as it is; one that the kernel refuses does not hinder the others. Of a range,
     * what is there already gets all options anew, and the outcome does not tell of it.
     *
     * @param name the set
     * @param members what to add, of the kind that the set's type holds
     * @return an outcome for each member, in the same order; of a range that is refused, a part may have been added
     * @throws KernelRejected with {@code ENOENT} if there is no such set
     * @throws IllegalArgumentException if a member does not fit the set's type or family; then nothing was added
     */
    public List<Outcome> addMembers(String name, Collection<SetMember> members) {
        return exchange.batch(SetDefinition.requireName(name), members).exclusive(true, List.copyOf(members));
    }

    /**
     * Adds entries with what they carry, and ranges; what is there already gets all options anew. This is the quickest
     * way to fill a set: the kernel is not asked to tell what was there.
     *
     * @param name the set
     * @param members what to add, of the kind that the set's type holds
     * @return an outcome for each member, in the same order
     * @throws KernelRejected with {@code ENOENT} if there is no such set
     * @throws IllegalArgumentException if a member does not fit the set's type or family; then nothing was added
     */
    public List<Outcome> putMembers(String name, Collection<SetMember> members) {
        return exchange.batch(SetDefinition.requireName(name), members).tolerant(true, List.copyOf(members));
    }

    /**
     * Adds entries as {@link #putMembers} does, in constant memory however many they are.
     *
     * @param name the set
     * @param members what to add, of the kind that the set's type holds; taken while the kernel works
     * @param failures takes each member that was not added, and why
     * @return how many were added
     * @throws KernelRejected with {@code ENOENT} if there is no such set
     * @throws IllegalArgumentException if a member does not fit the set's type or family; those before it may have been
     *     added
     */
    public long load(String name, Iterator<SetMember> members, BiConsumer<SetMember, Outcome> failures) {
        SetDefinition.requireName(name);
        long added = 0;
        List<SetMember> slice = new ArrayList<>();
        while (members.hasNext()) {
            slice.add(members.next());
            if (slice.size() == SLICE || !members.hasNext()) {
                List<Outcome> outcomes = exchange.batch(name, slice).tolerant(true, slice);
                for (int i = 0; i < slice.size(); i++) {
                    if (outcomes.get(i).succeeded()) {
                        added++;
                    } else {
                        failures.accept(slice.get(i), outcomes.get(i));
                    }
                }
                slice.clear();
            }
        }
        return added;
    }

    /**
     * Deletes entries in few datagrams. One that is not there is {@link Outcome.AlreadySo}; one that the kernel refuses
     * does not hinder the others.
     *
     * @param name the set
     * @param entries what to delete, of the kind that the set's type holds
     * @return an outcome for each entry, in the same order
     * @throws KernelRejected with {@code ENOENT} if there is no such set
     * @throws IllegalArgumentException if an entry does not fit the set's type or family; then nothing was deleted
     */
    public List<Outcome> delete(String name, Collection<? extends SetEntry> entries) {
        return deleteMembers(name, members(entries));
    }

    /**
     * Deletes entries and ranges in few datagrams, as {@link #delete} does. Of a range, what is there is deleted, and
     * the outcome does not tell whether it was anything.
     *
     * @param name the set
     * @param members what to delete, of the kind that the set's type holds
     * @return an outcome for each member, in the same order
     * @throws KernelRejected with {@code ENOENT} if there is no such set
     * @throws IllegalArgumentException if a member does not fit the set's type or family; then nothing was deleted
     */
    public List<Outcome> deleteMembers(String name, Collection<SetMember> members) {
        return exchange.batch(SetDefinition.requireName(name), members).exclusive(false, List.copyOf(members));
    }

    private static List<SetMember> members(Collection<? extends SetEntry> entries) {
        List<SetMember> members = new ArrayList<>(entries.size());
        entries.forEach(entry -> members.add(new SetMember(entry)));
        return members;
    }

    /**
     * Gives a set another name.
     *
     * @param name the set; nothing may refer to it
     * @param newName the new name, which no set may have
     * @throws KernelRejected with {@code ENOENT} if the set is not there, with errno 4101 if the new name is taken,
     *     with errno 4108 if something refers to the set
     */
    public void rename(String name, String newName) {
        exchange.execute(new NamesRequest(
                IpsetCommands.RENAME, SetDefinition.requireName(name), SetDefinition.requireName(newName)));
    }

    /**
     * Lets two sets change names at one stroke; rules that refer to a name see the other contents from then on.
     *
     * @param name a set
     * @param other another set, whose entries have the same parts and family
     * @throws KernelRejected with {@code ENOENT} or errno 4101 if one is not there, with errno 4102 if they differ too
     *     much, with {@code EBUSY} if one is being listed
     */
    public void swap(String name, String other) {
        exchange.execute(new NamesRequest(
                IpsetCommands.SWAP, SetDefinition.requireName(name), SetDefinition.requireName(other)));
    }

    /**
     * Brings one set to wanted contents, and creates it if it is not there. Rules that refer to the set see an entry
     * that is in both contents all the time.
     *
     * <p>Where few entries differ and there is room, only these are changed, additions first. Otherwise, and where
     * options such as {@code maxElements} differ, a second set is filled and swapped in at one stroke; its name begins
     * with {@code ipvs4j~}. For entries that stay and of which nothing else is said, counters and the time left are
     * kept; by the swap as they were when the set was read, so that what was counted since is lost. Where it fails, the
     * set is as it was before, and a second one is gone. Nobody else should change the set meanwhile.
     *
     * <p>The set is read first, which takes as long as {@link #stream}; who knows what is in it says so instead, with
     * {@link #replace(IpSet, IpSet)}.
     *
     * @param wanted the set as it is to be
     * @return how it was done
     * @throws io.github.ipvs4j.netlink.NetlinkException why it was not done, with the entry; a failure to take it back
     *     is among the suppressed ones. With errno 4102 the present set is of a type that cannot be swapped
     */
    public Replacement replace(IpSet wanted) {
        return new SetReplacement(exchange, wanted).run();
    }

    /**
     * Brings one set from contents that the caller knows to wanted ones, as {@link #replace(IpSet)} does but without
     * reading it: the time it takes is that of the change, if the wanted set was made from the other one by
     * {@link IpSet#with}, or else that of a comparison of the two.
     *
     * <p>Every entry to add must not be there and every entry to delete must be there; if one is not as said, what was
     * changed is taken back, and the set is read after all. What else is in the set is not looked at. After a failure,
     * deleted entries are put back as {@code before} tells them, with counters of zero if it tells none.
     *
     * @param before the set as it is; nobody else may have changed it
     * @param wanted the set as it is to be, of the same name
     * @return how it was done
     * @throws IllegalArgumentException if the names differ
     * @throws io.github.ipvs4j.netlink.NetlinkException why it was not done, with the entry; as for
     *     {@link #replace(IpSet)}
     */
    public Replacement replace(IpSet before, IpSet wanted) {
        if (!before.name().equals(wanted.name())) {
            throw new IllegalArgumentException(
                    "replace set " + before.name() + " by set " + wanted.name() + ": expected the same name");
        }
        return new SetReplacement(exchange, wanted).runFrom(before);
    }

    /**
     * Carries a plan out in few datagrams, in its order. Changes after one that fails are tried all the same. A plan
     * can be applied twice: what is so already is {@link Outcome.AlreadySo}.
     *
     * <p>With {@link SetPlan.OnFailure#ROLL_BACK}, what was carried out is taken back when all has been tried; what was
     * so already stays, and what may have been carried out is taken back too.
     *
     * @param plan what to do
     * @param onFailure what to do if a change fails
     * @return an outcome for each change
     * @throws KernelRejected if the kernel refuses even to be asked, for example with {@code EPERM}; then nothing was
     *     changed
     */
    public AppliedSetPlan apply(SetPlan plan, SetPlan.OnFailure onFailure) {
        return new SetTransaction(exchange).run(plan, onFailure);
    }

    /** Closes the socket and frees the buffers; a second call does nothing. */
    @Override
    public void close() {
        exchange.close();
    }
}
