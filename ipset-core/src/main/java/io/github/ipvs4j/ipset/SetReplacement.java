// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import io.github.ipvs4j.netlink.KernelRejected;
import io.github.ipvs4j.netlink.NetlinkException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

/** Brings one set to wanted contents; after a failure it is as it was, and nothing else is left. */
final class SetReplacement {
    /** Entries a bucket, for which the table need not grow while it is filled. */
    private static final long FILLING = 4;

    private final SetExchange exchange;
    private final IpSet wanted;

    SetReplacement(SetExchange exchange, IpSet wanted) {
        this.exchange = exchange;
        this.wanted = wanted;
    }

    /** Reads what there is, compares, and does what is less work. */
    Replacement run() {
        if (wanted.definition().type() == SetType.LIST_SET) {
            return runOrdered();
        }
        SetComparison comparison = new SetComparison(wanted);
        Optional<ObservedSet> found = present(comparison);
        if (found.isEmpty()) {
            return create();
        }
        SetDefinition present = found.get().definition().orElse(null);
        if (present == null
                || !wanted.definition().matches(present)
                || !found.get().unread().isEmpty()) {
            return swap(comparison::running);
        }
        SetDifference difference = comparison.difference();
        long elements = Math.max(found.get().elements(), comparison.present());
        if (!isWorthwhile(difference, elements)) {
            return swap(comparison::running);
        }
        if (difference.size() > 0) {
            new DifferenceTransaction(exchange.batch(wanted.definition()), difference).run();
        }
        return result(difference);
    }

    /** Does what distinguishes the wanted contents from those that the caller says there are; reads if that fails. */
    Replacement runFrom(IpSet before) {
        if (wanted.definition().type() == SetType.LIST_SET
                || !wanted.definition().matches(before.definition())) {
            return run();
        }
        SetDifference difference = SetDifference.between(before, wanted);
        // Who gives options anew replaces what runs as well, which only the kernel knows.
        SetExtensions extensions = wanted.definition().extensions();
        boolean loses = !difference.updated().isEmpty()
                && (extensions.counters() || extensions.timeout().isPresent());
        if (loses || !isWorthwhile(difference, before.entries().size())) {
            return run();
        }
        if (difference.size() == 0) {
            return result(difference);
        }
        boolean asSaid = new DifferenceTransaction(exchange.batch(wanted.definition()), difference).runExactly();
        return asSaid ? result(difference) : run();
    }

    private static Replacement result(SetDifference difference) {
        int put = difference.added().size() + difference.updated().size();
        int deleted = difference.surplus().size();
        return new Replacement(put + deleted == 0 ? Replacement.Way.UNCHANGED : Replacement.Way.CHANGED, put, deleted);
    }

    private boolean isWorthwhile(SetDifference difference, long elements) {
        int added = difference.added().size();
        return difference.size() <= wanted.entries().size() + 1 && (added == 0 || hasRoom(elements + added));
    }

    /** In a list the order counts, which no difference shows. */
    private Replacement runOrdered() {
        List<SetMember> members = new ArrayList<>();
        Optional<ObservedSet> found = present(members::add);
        if (found.isEmpty()) {
            return create();
        }
        boolean same = found.get().unread().isEmpty()
                && found.get().definition().filter(wanted.definition()::matches).isPresent()
                && members.stream().map(SetMember::entry).toList().equals(List.copyOf(wanted.entries()))
                && members.stream()
                        .noneMatch(member -> wanted.optionsOf(member.entry()).differsFrom(member.options()));
        if (same) {
            return new Replacement(Replacement.Way.UNCHANGED, 0, 0);
        }
        Map<SetEntry, EntryOptions> running = new HashMap<>();
        members.forEach(member -> running.put(member.entry(), member.options()));
        return swap(entry -> running.getOrDefault(entry, EntryOptions.NONE));
    }

    private Optional<ObservedSet> present(Consumer<SetMember> entries) {
        try {
            return exchange.list(new SetRequest.Listing(wanted.name(), 0), entries).stream()
                    .findFirst()
                    .map(ListedSet::observed);
        } catch (KernelRejected e) {
            return IpsetReader.absent(e);
        }
    }

    private Replacement create() {
        create(wanted.definition(), wanted.members());
        return new Replacement(Replacement.Way.CREATED, wanted.entries().size(), 0);
    }

    private boolean hasRoom(long entries) {
        return !(wanted.definition().options() instanceof SetOptions.Hash hash)
                || (!hash.forceAdd() && entries <= hash.maxElements());
    }

    /**
     * Fills a second set and swaps it in.
     *
     * @param running what an entry carries at present
     */
    private Replacement swap(Function<SetEntry, EntryOptions> running) {
        SetDefinition definition = wanted.definition();
        String temporary = temporaryName(definition.name());
        List<SetMember> members = new ArrayList<>(wanted.entries().size());
        for (SetMember member : wanted.members()) {
            members.add(inheriting(member, running.apply(member.entry())));
        }
        exchange.executeUnlessSatisfied(new SetRequest.Destroy(temporary));
        create(sized(definition.withName(temporary)), members);
        try {
            exchange.execute(new NamesRequest(IpsetCommands.SWAP, temporary, definition.name()));
        } catch (NetlinkException e) {
            DifferenceTransaction.cleanUp(e, () -> destroy(temporary));
            throw e;
        }
        Optional<String> leftBehind = Optional.empty();
        try {
            destroy(temporary);
        } catch (NetlinkException e) {
            leftBehind = Optional.of(temporary);
        }
        return new Replacement(Replacement.Way.SWAPPED, members.size(), 0, leftBehind);
    }

    private void destroy(String name) {
        exchange.executeUnlessSatisfied(new SetRequest.Destroy(name));
    }

    /** Keeps what runs for an entry that stays, as far as the new set can carry it. */
    private SetMember inheriting(SetMember member, EntryOptions running) {
        SetExtensions extensions = wanted.definition().extensions();
        boolean carries = (extensions.timeout().isPresent() || running.timeout().isEmpty())
                && (extensions.counters() || running.counters().isEmpty());
        return running.isNone() || !carries
                ? member
                : new SetMember(member.spec(), member.options().inheriting(running));
    }

    /** Gives a hash so many buckets that it need not grow while it is filled. */
    private SetDefinition sized(SetDefinition definition) {
        if (!(definition.options() instanceof SetOptions.Hash hash)) {
            return definition;
        }
        long buckets = Long.highestOneBit(Math.max(1, wanted.entries().size() / FILLING)) * 2;
        return definition.withHashSize(Math.max(hash.hashSize(), buckets));
    }

    /** Creates a set with entries; if that fails, it is not there. */
    private void create(SetDefinition definition, List<SetMember> members) {
        try {
            exchange.execute(exchange.creation(definition));
        } catch (KernelRejected e) {
            throw e;
        } catch (NetlinkException e) {
            // It may have been created all the same.
            DifferenceTransaction.cleanUp(e, () -> destroy(definition.name()));
            throw e;
        }
        try {
            DifferenceTransaction.require(exchange.batch(definition).tolerant(true, members));
        } catch (NetlinkException e) {
            DifferenceTransaction.cleanUp(e, () -> destroy(definition.name()));
            throw e;
        }
    }

    /** The same name every time, so that what a killed process left is found and removed by the next one. */
    static String temporaryName(String name) {
        UUID digest = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
        return "ipvs4j~" + Long.toHexString(digest.getMostSignificantBits() ^ digest.getLeastSignificantBits());
    }
}
