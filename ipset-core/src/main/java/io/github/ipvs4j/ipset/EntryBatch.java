// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import io.github.ipvs4j.netlink.KernelRejected;
import io.github.ipvs4j.netlink.NetlinkClient;
import io.github.ipvs4j.netlink.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Changes to many entries of one set, with an outcome for each.
 *
 * <p>Where the outcome must tell what was there already, every entry is a message of its own, since of a message with
 * many entries the kernel tells one error only. Otherwise a message holds many entries; those of a message that was
 * refused are tried once more one by one, so that two rounds bring in all good ones and name all bad ones.
 */
final class EntryBatch {
    private final NetlinkClient client;
    private final String set;
    private final SetType type;
    private final Supplier<@Nullable SetDefinition> definition;

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
        List<EntriesRequest> messages = new ArrayList<>(members.size() / EntriesRequest.MAX_ENTRIES + 1);
        for (int from = 0; from < members.size(); from += EntriesRequest.MAX_ENTRIES) {
            int to = Math.min(members.size(), from + EntriesRequest.MAX_ENTRIES);
            messages.add(new EntriesRequest(adds, false, set, members.subList(from, to), 0));
        }
        List<Outcome> ofMessages = client.batch(messages);
        List<SetMember> refused = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            if (ofMessages.get(i) instanceof Outcome.Rejected) {
                refused.addAll(messages.get(i).members());
            }
        }
        List<Outcome> again = refused.isEmpty() ? List.of() : oneByOne(adds, false, refused);
        List<Outcome> outcomes = new ArrayList<>(members.size());
        int next = 0;
        for (int i = 0; i < messages.size(); i++) {
            int size = messages.get(i).members().size();
            boolean wasRefused = ofMessages.get(i) instanceof Outcome.Rejected;
            for (int j = 0; j < size; j++) {
                outcomes.add(wasRefused ? again.get(next++) : ofMessages.get(i));
            }
        }
        return explained(outcomes, adds, members);
    }

    private List<Outcome> oneByOne(boolean adds, boolean exclusive, List<SetMember> members) {
        List<SetRequest.Entry> requests = new ArrayList<>(members.size());
        for (SetMember member : members) {
            requests.add(request(adds, exclusive, member, null));
        }
        List<Outcome> outcomes = new ArrayList<>(client.batch(requests));
        for (int i = 0; i < outcomes.size(); i++) {
            if (outcomes.get(i) instanceof Outcome.Rejected rejected
                    && requests.get(i).isSatisfiedBy(rejected.why().errno())) {
                outcomes.set(i, Outcome.ALREADY_SO);
            }
        }
        return outcomes;
    }

    private SetRequest.Entry request(boolean adds, boolean exclusive, SetMember member, @Nullable SetOptions options) {
        return new SetRequest.Entry(
                adds ? IpsetCommands.ADD : IpsetCommands.DELETE, exclusive, set, type, options, member);
    }

    /** Puts the set's limit into the words of those refusals that it caused. */
    private List<Outcome> explained(List<Outcome> outcomes, boolean adds, List<SetMember> members) {
        SetOptions options = null;
        for (int i = 0; i < outcomes.size(); i++) {
            if (!(outcomes.get(i) instanceof Outcome.Rejected rejected)) {
                continue;
            }
            KernelRejected why = rejected.why();
            SetRequest.Entry request = request(adds, true, members.get(i), options);
            if (!EntryErrors.isBeyondLimit(request, why)) {
                continue;
            }
            if (options == null) {
                SetDefinition known = definition.get();
                if (known == null) {
                    return outcomes;
                }
                options = known.options();
            }
            SetRequest.Entry knowing = request.withOptions(options);
            outcomes.set(
                    i,
                    new Outcome.Rejected(new KernelRejected(
                            knowing.describe(), why.errno(), why.kernelMessage(), knowing.explain(why.errno()))));
        }
        return outcomes;
    }
}
