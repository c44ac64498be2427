// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.KernelRejected;
import io.github.ipvs4j.netlink.NetlinkClient;
import io.github.ipvs4j.netlink.NetlinkException;
import io.github.ipvs4j.netlink.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Changes to many entries of one set, with an outcome for each.
 *
 * <p>Where the outcome must tell what was there already, every entry is a message of its own, since of a message with
 * many entries the kernel tells one error only. Otherwise a message holds many entries. The kernel stops at the first
 * one that it refuses and tells its number; those behind it are sent in the next round, so that few rounds bring in all
 * good ones and name all bad ones. Where bad ones lie close together, the rest is tried one by one after some rounds.
 */
final class EntryBatch {
    /** How often what stands behind a bad entry is sent as a message before its entries are tried one by one. */
    private static final int ROUNDS = 4;

    private final NetlinkClient client;
    private final String set;
    private final SetType type;
    private final Supplier<@Nullable SetDefinition> definition;
    private @Nullable SetDefinition known;
    private boolean asked;

    /**
     * Makes a batch for a set.
     *
     * @param definition looks up what the set is, asked at most once and only for the words of an error
     */
    EntryBatch(NetlinkClient client, String set, SetType type, Supplier<@Nullable SetDefinition> definition) {
        this.client = client;
        this.set = set;
        this.type = type;
        this.definition = definition;
    }

    /** Adds what is not there and deletes what is there; tells of each entry whether it was so already. */
    List<Outcome> exclusive(boolean adds, List<SetMember> members) {
        return explained(oneByOne(adds, true, members), adds, members);
    }

    /** Adds or deletes; what is there already gets the options anew, and what is not need not be deleted. */
    List<Outcome> tolerant(boolean adds, List<SetMember> members) {
        List<Outcome> outcomes = Arrays.asList(new Outcome[members.size()]);
        List<EntriesRequest> messages = new ArrayList<>(members.size() / EntriesRequest.MAX_ENTRIES + 1);
        for (int from = 0; from < members.size(); from += EntriesRequest.MAX_ENTRIES) {
            int to = Math.min(members.size(), from + EntriesRequest.MAX_ENTRIES);
            messages.add(part(adds, false, members, from, to));
        }
        List<EntriesRequest> unclear = new ArrayList<>();
        for (int round = 0; !messages.isEmpty() && round < ROUNDS; round++) {
            List<Outcome> ofMessages = client.batch(messages);
            List<EntriesRequest> rest = new ArrayList<>();
            for (int i = 0; i < messages.size(); i++) {
                EntriesRequest message = messages.get(i);
                if (ofMessages.get(i) instanceof Outcome.Rejected rejected) {
                    int bad = message.indexOf(rejected.why().part());
                    if (bad < 0) {
                        unclear.add(message);
                        continue;
                    }
                    fill(outcomes, message.first(), bad, Outcome.DONE);
                    outcomes.set(bad, new Outcome.Rejected(ofOne(adds, members.get(bad), rejected.why())));
                    if (bad + 1 < message.end()) {
                        rest.add(part(adds, false, members, bad + 1, message.end()));
                    }
                } else {
                    fill(outcomes, message.first(), message.end(), ofMessages.get(i));
                }
            }
            messages = rest;
        }
        unclear.addAll(messages);
        tryOneByOne(adds, unclear, outcomes);
        return explained(outcomes, adds, members);
    }

    /**
     * Adds what is not there, or deletes what is there, and wants nothing else.
     *
     * @param done takes what was, or may have been, added or deleted; of a failure too
     * @return false if an entry to add was there or one to delete was not, or if there is no such set
     * @throws NetlinkException if an entry was refused for another reason, or it is not known what became of it
     */
    boolean exact(boolean adds, List<SetMember> members, List<SetMember> done) {
        List<EntriesRequest> messages = new ArrayList<>(members.size() / EntriesRequest.MAX_ENTRIES + 1);
        for (int from = 0; from < members.size(); from += EntriesRequest.MAX_ENTRIES) {
            messages.add(part(adds, true, members, from, Math.min(members.size(), from + EntriesRequest.MAX_ENTRIES)));
        }
        List<Outcome> ofMessages = client.batch(messages);
        NetlinkException failure = null;
        boolean asSaid = true;
        for (int i = 0; i < messages.size(); i++) {
            EntriesRequest message = messages.get(i);
            if (!(ofMessages.get(i) instanceof Outcome.Rejected rejected)) {
                done.addAll(message.members());
                failure = ofMessages.get(i) instanceof Outcome.Unknown unknown ? unknown.why() : failure;
                continue;
            }
            int bad = message.indexOf(rejected.why().part());
            done.addAll(members.subList(message.first(), Math.max(bad, message.first())));
            Errno errno = rejected.why().errno();
            if (errno.number() == IpsetErrors.EXIST || errno.equals(Errno.ENOENT)) {
                asSaid = false;
            } else {
                failure = bad < 0
                        ? rejected.why()
                        : explained(ofOne(adds, members.get(bad), rejected.why()), adds, members.get(bad));
            }
        }
        if (failure != null) {
            throw failure;
        }
        return asSaid;
    }

    private EntriesRequest part(boolean adds, boolean exclusive, List<SetMember> members, int from, int to) {
        return new EntriesRequest(adds, exclusive, set, members.subList(from, to), from + EntriesRequest.FIRST_LINE);
    }

    private static void fill(List<Outcome> outcomes, int from, int to, Outcome outcome) {
        Collections.fill(outcomes.subList(from, to), outcome);
    }

    /** Puts the refusal of a message into the words of the one entry that caused it. */
    private KernelRejected ofOne(boolean adds, SetMember member, KernelRejected why) {
        SetRequest.Entry one = request(adds, false, member, null);
        return new KernelRejected(one.describe(), why.errno(), why.kernelMessage(), one.explain(why.errno()));
    }

    private void tryOneByOne(boolean adds, List<EntriesRequest> messages, List<Outcome> outcomes) {
        List<SetMember> members = new ArrayList<>();
        messages.forEach(message -> members.addAll(message.members()));
        List<Outcome> found = members.isEmpty() ? List.of() : oneByOne(adds, false, members);
        int next = 0;
        for (EntriesRequest message : messages) {
            for (int i = message.first(); i < message.end(); i++) {
                outcomes.set(i, found.get(next++));
            }
        }
    }

    private List<Outcome> oneByOne(boolean adds, boolean exclusive, List<SetMember> members) {
        List<SetRequest.Entry> requests = new ArrayList<>(members.size());
        for (SetMember member : members) {
            // The kernel would stop within a range at the first entry that is as it should be.
            boolean whole = member.spec() instanceof EntryRange;
            requests.add(request(adds, exclusive && !whole, member, null));
        }
        return client.batch(requests);
    }

    private SetRequest.Entry request(boolean adds, boolean exclusive, SetMember member, @Nullable SetOptions options) {
        return new SetRequest.Entry(
                adds ? IpsetCommands.ADD : IpsetCommands.DELETE, exclusive, set, type, options, member);
    }

    /** Puts the set's limit into the words of those refusals that it caused. */
    private List<Outcome> explained(List<Outcome> outcomes, boolean adds, List<SetMember> members) {
        for (int i = 0; i < outcomes.size(); i++) {
            if (outcomes.get(i) instanceof Outcome.Rejected rejected) {
                KernelRejected why = explained(rejected.why(), adds, members.get(i));
                if (why != rejected.why()) {
                    outcomes.set(i, new Outcome.Rejected(why));
                }
            }
        }
        return outcomes;
    }

    private KernelRejected explained(KernelRejected why, boolean adds, SetMember member) {
        SetRequest.Entry request = request(adds, true, member, null);
        if (!EntryErrors.isBeyondLimit(request, why)) {
            return why;
        }
        if (!asked) {
            asked = true;
            known = definition.get();
        }
        SetDefinition limited = known;
        if (limited == null) {
            return why;
        }
        SetRequest.Entry knowing = request.withOptions(limited.options());
        return new KernelRejected(knowing.describe(), why.errno(), why.kernelMessage(), knowing.explain(why.errno()));
    }
}
