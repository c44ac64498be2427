// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.KernelRejected;
import io.github.ipvs4j.netlink.NetlinkClient;
import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.netlink.Outcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
public final class IpsetClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IpsetClient.class);

    private final SetExchange exchange;

    private IpsetClient(NetlinkClient client) {
        this.exchange = new SetExchange(client);
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
     * Asks which version of the ipset protocol the kernel speaks: the quickest way to find out whether there is an
     * ipset and whether it may be used.
     *
     * @return 7 since Linux 4.20, which this library needs
     * @throws KernelRejected with {@code EPERM} or {@code EINVAL} if ipset may not be used or is not there
     */
    public int protocolVersion() {
        return exchange.protocolVersion();
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
        return exchange.change(true, SetDefinition.requireName(name), entries);
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
        return exchange.change(false, SetDefinition.requireName(name), entries);
    }

    /**
     * Lists the names of all sets, of any type.
     *
     * @return in the kernel's order
     */
    public List<String> names() {
        return exchange.names();
    }

    /**
     * Looks up what a set is, of any type; cheap, and touches neither entries nor references.
     *
     * @param name the set
     * @return empty if it is not there
     */
    public Optional<SetHeader> header(String name) {
        try {
            return Optional.of(exchange.header(new SetRequest.Header(SetDefinition.requireName(name))));
        } catch (KernelRejected e) {
            return absent(e);
        }
    }

    /**
     * Lists a set with its entries. While the kernel lists a set, nobody can destroy, rename or swap it; entries that
     * come or go meanwhile may or may not be listed.
     *
     * @param name the set
     * @return empty if it is not there
     * @throws IllegalStateException if it is of a type that this library does not know; {@link #observe(String)} does
     *     not mind
     */
    public Optional<IpSet> list(String name) {
        return observe(name)
                .map(observed -> observed.contents()
                        .orElseThrow(
                                () -> new IllegalStateException("list set " + name + ": this library does not know "
                                        + String.join(", ", observed.unread()) + "; use observe instead")));
    }

    /**
     * Lists all sets of the types that this library knows; see {@link #list(String)} for what that means for others.
     *
     * <p>Sets of other types are left out; {@link #observe()} tells them all.
     *
     * @return in the kernel's order
     */
    public List<IpSet> list() {
        List<IpSet> known = new ArrayList<>();
        for (ObservedSet observed : observe()) {
            observed.contents()
                    .ifPresentOrElse(
                            known::add,
                            () -> LOG.debug("list sets: left out {}: unknown {}", observed.name(), observed.unread()));
        }
        return known;
    }

    /**
     * Lists a set of any type, with what the kernel counts about it and what of it is not understood here.
     *
     * @param name the set
     * @return empty if it is not there
     */
    public Optional<ObservedSet> observe(String name) {
        try {
            return exchange.list(new SetRequest.Listing(SetDefinition.requireName(name), 0)).stream()
                    .findFirst()
                    .map(ListedSet::observed);
        } catch (KernelRejected e) {
            return absent(e);
        }
    }

    /**
     * Lists all sets of any type, with what the kernel counts about them and what of them is not understood here.
     *
     * @return in the kernel's order
     */
    public List<ObservedSet> observe() {
        return exchange.list(new SetRequest.Listing(null, 0)).stream()
                .map(ListedSet::observed)
                .toList();
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

    private static <T> Optional<T> absent(KernelRejected e) {
        if (e.errno().equals(Errno.ENOENT)) {
            return Optional.empty();
        }
        throw e;
    }
}
