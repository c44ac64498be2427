// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.KernelRejected;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The verbs of {@link IpsetClient} that change nothing. */
abstract sealed class IpsetReader permits IpsetClient {
    private static final Logger LOG = LoggerFactory.getLogger(IpsetClient.class);

    final SetExchange exchange;

    IpsetReader(SetExchange exchange) {
        this.exchange = exchange;
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
     * Asks the kernel whether an entry is in a set. An address is in a set of networks if one of them contains it and
     * no exception does; with {@link EntryOptions#nomatch()} it is asked for the exception.
     *
     * @param name the set
     * @param member the entry
     * @return whether it is
     * @throws KernelRejected with {@code ENOENT} if there is no such set
     * @throws IllegalArgumentException if the entry does not fit the set's type or family
     */
    public boolean test(String name, SetMember member) {
        return exchange.test(SetDefinition.requireName(name), member);
    }

    /**
     * Looks up which revisions of a type the kernel has, and loads the type if it can.
     *
     * @param type the type
     * @param family of the addresses; empty for {@code bitmap:port}, {@code hash:mac} and {@code list:set}
     * @return empty if the kernel lacks the type
     */
    public Optional<TypeRevisions> revisions(SetType type, Optional<IpFamily> family) {
        return exchange.revisions(new SetRequest.Type(type, family));
    }

    /**
     * Looks up the number of a set, which stays its own when it is renamed.
     *
     * @param name the set
     * @return empty if it is not there
     */
    public OptionalInt index(String name) {
        try {
            IndexRequest request = new IndexRequest(SetDefinition.requireName(name), 0);
            return OptionalInt.of(Integer.parseInt(exchange.lookUp(request)));
        } catch (KernelRejected e) {
            absent(e);
            return OptionalInt.empty();
        }
    }

    /**
     * Looks up the name of the set with a number.
     *
     * @param index 0 to 65535
     * @return empty if there is none
     */
    public Optional<String> nameOf(int index) {
        try {
            return Optional.of(exchange.lookUp(new IndexRequest(null, index)));
        } catch (KernelRejected e) {
            return absent(e);
        }
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
        return observe(new SetRequest.Listing(SetDefinition.requireName(name), 0), null);
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
     * Lists a set and hands its entries on one by one, in constant memory however many they are.
     *
     * @param name the set
     * @param consumer takes each entry with what it carries, in the kernel's order; it must not use this client
     * @return the set without its contents; empty if it is not there
     */
    public Optional<ObservedSet> stream(String name, Consumer<? super SetMember> consumer) {
        return observe(new SetRequest.Listing(SetDefinition.requireName(name), 0), consumer);
    }

    /**
     * Looks up what a set is and what the kernel counts about it, of any type, without its entries.
     *
     * @param name the set
     * @return the set without its contents; empty if it is not there
     */
    public Optional<ObservedSet> describe(String name) {
        SetRequest.Listing request =
                new SetRequest.Listing(SetDefinition.requireName(name), IpsetMessage.FLAG_LIST_HEADERS);
        return observe(request, entry -> {});
    }

    /**
     * Looks up what all sets are and what the kernel counts about them, of any type, without their entries.
     *
     * @return the sets without their contents, in the kernel's order
     */
    public List<ObservedSet> describe() {
        return exchange.list(new SetRequest.Listing(null, IpsetMessage.FLAG_LIST_HEADERS), entry -> {}).stream()
                .map(ListedSet::observed)
                .toList();
    }

    private Optional<ObservedSet> observe(SetRequest.Listing request, @Nullable Consumer<? super SetMember> consumer) {
        try {
            return exchange.list(request, consumer).stream().findFirst().map(ListedSet::observed);
        } catch (KernelRejected e) {
            return absent(e);
        }
    }

    static <T> Optional<T> absent(KernelRejected e) {
        if (e.errno().equals(Errno.ENOENT)) {
            return Optional.empty();
        }
        throw e;
    }
}
