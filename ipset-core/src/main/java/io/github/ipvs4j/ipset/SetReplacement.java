// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import io.github.ipvs4j.netlink.KernelRejected;
import io.github.ipvs4j.netlink.NetlinkException;
import io.github.ipvs4j.netlink.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

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

    Replacement run() {
        Optional<ObservedSet> found = present();
        if (found.isEmpty()) {
            create(wanted.definition(), wanted.members());
            return new Replacement(Replacement.Way.CREATED, wanted.entries().size(), 0);
        }
        IpSet present = found.get().contents().orElse(null);
        if (present == null
                || !wanted.definition().matches(present.definition())
                || !found.get().unread().isEmpty()) {
            return swap(present);
        }
        if (wanted.definition().type() == SetType.LIST_SET) {
            return List.copyOf(wanted.entries()).equals(List.copyOf(present.entries()))
                    ? new Replacement(Replacement.Way.UNCHANGED, 0, 0)
                    : swap(present);
        }
        return change(
                present, Math.max(found.get().elements(), present.entries().size()));
    }

    private Optional<ObservedSet> present() {
        try {
            return exchange.list(new SetRequest.Listing(wanted.name(), 0)).stream()
                    .findFirst()
                    .map(ListedSet::observed);
        } catch (KernelRejected e) {
            return IpsetReader.absent(e);
        }
    }

    private Replacement change(IpSet present, long elements) {
        List<SetMember> added = new ArrayList<>();
        List<SetMember> updated = new ArrayList<>();
        List<SetMember> surplus = new ArrayList<>();
        boolean plain = present.options().isEmpty() && wanted.options().isEmpty();
        for (SetEntry entry : wanted.entries()) {
            if (!present.entries().contains(entry)) {
                added.add(new SetMember(entry, wanted.optionsOf(entry)));
            } else if (!plain && wanted.optionsOf(entry).differsFrom(present.optionsOf(entry))) {
                updated.add(new SetMember(entry, wanted.optionsOf(entry).inheriting(present.optionsOf(entry))));
            }
        }
        for (SetEntry entry : present.entries()) {
            if (!wanted.entries().contains(entry)) {
                surplus.add(new SetMember(entry, present.optionsOf(entry)));
            }
        }
        int changes = added.size() + updated.size() + surplus.size();
        if (changes == 0) {
            return new Replacement(Replacement.Way.UNCHANGED, 0, 0);
        }
        if (changes > wanted.entries().size() + 1 || !hasRoom(elements + added.size())) {
            return swap(present);
        }
        carryOut(present, added, updated, surplus);
        return new Replacement(Replacement.Way.CHANGED, added.size() + updated.size(), surplus.size());
    }

    private boolean hasRoom(long entries) {
        return !(wanted.definition().options() instanceof SetOptions.Hash hash)
                || (!hash.forceAdd() && entries <= hash.maxElements());
    }

    private void carryOut(IpSet present, List<SetMember> added, List<SetMember> updated, List<SetMember> surplus) {
        EntryBatch batch = exchange.batch(wanted.definition());
        List<SetMember> put = new ArrayList<>(added);
        put.addAll(updated);
        try {
            require(batch.tolerant(true, put));
            require(batch.tolerant(false, surplus));
        } catch (NetlinkException e) {
            List<SetMember> before = new ArrayList<>(surplus);
            updated.forEach(member -> before.add(new SetMember(member.spec(), present.optionsOf(member.entry()))));
            cleanUp(e, () -> {
                require(batch.tolerant(false, added));
                require(batch.tolerant(true, before));
            });
            throw e;
        }
    }

    private Replacement swap(@Nullable IpSet present) {
        SetDefinition definition = wanted.definition();
        String temporary = temporaryName(definition.name());
        List<SetMember> members = new ArrayList<>(wanted.entries().size());
        for (SetMember member : wanted.members()) {
            members.add(present == null ? member : inheriting(member, present));
        }
        exchange.executeUnlessSatisfied(new SetRequest.Destroy(temporary));
        create(sized(definition.withName(temporary)), members);
        try {
            exchange.execute(new NamesRequest(IpsetCommands.SWAP, temporary, definition.name()));
        } catch (NetlinkException e) {
            cleanUp(e, () -> exchange.executeUnlessSatisfied(new SetRequest.Destroy(temporary)));
            throw e;
        }
        Optional<String> leftBehind = Optional.empty();
        try {
            exchange.executeUnlessSatisfied(new SetRequest.Destroy(temporary));
        } catch (NetlinkException e) {
            leftBehind = Optional.of(temporary);
        }
        return new Replacement(Replacement.Way.SWAPPED, members.size(), 0, leftBehind);
    }

    /** Keeps what runs for an entry that stays, as far as the new set can carry it. */
    private SetMember inheriting(SetMember member, IpSet present) {
        EntryOptions running = present.optionsOf(member.entry());
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
        exchange.execute(exchange.creation(definition));
        try {
            require(exchange.batch(definition).tolerant(true, members));
        } catch (NetlinkException e) {
            cleanUp(e, () -> exchange.executeUnlessSatisfied(new SetRequest.Destroy(definition.name())));
            throw e;
        }
    }

    private static void require(List<Outcome> outcomes) {
        for (Outcome outcome : outcomes) {
            if (outcome instanceof Outcome.Rejected rejected) {
                throw rejected.why();
            }
            if (outcome instanceof Outcome.Unknown unknown) {
                throw unknown.why();
            }
        }
    }

    private static void cleanUp(NetlinkException failure, Runnable steps) {
        try {
            steps.run();
        } catch (NetlinkException e) {
            failure.addSuppressed(e);
        }
    }

    /** The same name every time, so that what a killed process left is found and removed by the next one. */
    static String temporaryName(String name) {
        UUID digest = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
        return "ipvs4j~" + Long.toHexString(digest.getMostSignificantBits() ^ digest.getLeastSignificantBits());
    }
}
