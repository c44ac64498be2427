// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import io.github.ipvs4j.netlink.AttributeReader;
import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.KernelRejected;
import io.github.ipvs4j.netlink.MessageReader;
import io.github.ipvs4j.netlink.NetlinkClient;
import io.github.ipvs4j.netlink.Outcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Requests about sets and the meaning of their answers, over one netlink client. Safe for use by many threads. */
final class SetExchange implements AutoCloseable {
    private final NetlinkClient client;
    private final Map<SetRequest.Type, Integer> revisions = new ConcurrentHashMap<>();

    SetExchange(NetlinkClient client) {
        this.client = client;
    }

    /** Makes the request that creates a set, exclusively, in the revision that the kernel told for the type. */
    SetRequest.Create creation(SetDefinition definition) {
        return new SetRequest.Create(definition, revision(definition.type(), definition.family()), true);
    }

    private int revision(SetType type, Optional<IpFamily> family) {
        SetRequest.Type question = new SetRequest.Type(type, family);
        Integer known = revisions.get(question);
        if (known != null) {
            return known;
        }
        try {
            int revision = client.query(question, SetExchange::revision);
            revisions.put(question, revision);
            return revision;
        } catch (KernelRejected e) {
            if (e.errno().number() == IpsetErrors.FIND_TYPE) {
                // The kernel will refuse the set itself with the same error, in the words of that request.
                return 0;
            }
            throw e;
        }
    }

    private static int revision(MessageReader answer) {
        return number(answer, IpsetMessage.REVISION);
    }

    int protocolVersion() {
        return client.query(new SetRequest.Protocol(), answer -> number(answer, IpsetMessage.PROTOCOL));
    }

    private static int number(MessageReader answer, int type) {
        AttributeReader attributes = answer.attributes(IpsetMessage.HEADER_SIZE);
        while (attributes.next()) {
            if (attributes.type() == type) {
                return attributes.u8();
            }
        }
        return 0;
    }

    void execute(SetRequest request) {
        client.execute(request);
    }

    /** Carries one request out and tells whether it changed anything. */
    boolean executeUnlessSatisfied(SetRequest request) {
        try {
            client.execute(request);
            return true;
        } catch (KernelRejected e) {
            Outcome outcome = judge(request, new Outcome.Rejected(e));
            if (outcome instanceof Outcome.Rejected rejected) {
                throw rejected.why();
            }
            return false;
        }
    }

    /** Carries many requests out and finds for each what its answer means. */
    List<Outcome> batch(List<? extends SetRequest> requests) {
        List<Outcome> outcomes = new ArrayList<>(client.batch(requests));
        for (int i = 0; i < outcomes.size(); i++) {
            if (outcomes.get(i) instanceof Outcome.Rejected rejected) {
                outcomes.set(i, judge(requests.get(i), rejected));
            }
        }
        return outcomes;
    }

    private Outcome judge(SetRequest request, Outcome.Rejected rejected) {
        Errno errno = rejected.why().errno();
        if (request.isSatisfiedBy(errno)) {
            return Outcome.ALREADY_SO;
        }
        return request instanceof SetRequest.Create create && errno.equals(Errno.EEXIST)
                ? compareWithExisting(create)
                : rejected;
    }

    /** The tolerant form of the request makes the kernel itself compare, options unknown to us included. */
    private Outcome compareWithExisting(SetRequest.Create create) {
        try {
            client.execute(new SetRequest.Create(create.definition(), create.revision(), false));
            return Outcome.ALREADY_SO;
        } catch (KernelRejected e) {
            if (!e.errno().equals(Errno.EEXIST)) {
                return new Outcome.Rejected(e);
            }
            ListedSet existing = header(create.definition().name());
            String explanation =
                    SetErrors.explainExisting(create.definition(), existing == null ? null : existing.observed());
            return new Outcome.Rejected(
                    new KernelRejected(create.describe(), e.errno(), e.kernelMessage(), explanation));
        }
    }

    /** Adds or deletes entries of one set. */
    List<Outcome> change(boolean adds, String name, Collection<? extends SetEntry> entries) {
        SetHeader header = header(new SetRequest.Header(name));
        SetType type = SetType.named(header.typeName()).orElse(null);
        List<SetRequest.Entry> requests = new ArrayList<>(entries.size());
        for (SetEntry entry : entries) {
            if (type == null || !type.holds(entry) || !isOfFamily(entry, header.family())) {
                throw new IllegalArgumentException("entry " + entry + " does not fit into set " + name + " ("
                        + header.typeName() + ", address family " + header.family() + ")");
            }
            requests.add(new SetRequest.Entry(adds, name, type, null, entry));
        }
        List<Outcome> outcomes = batch(requests);
        if (outcomes.stream().anyMatch(SetExchange::isBeyondLimit)) {
            nameLimit(header(name), requests, outcomes);
        }
        return outcomes;
    }

    private static boolean isOfFamily(SetEntry entry, int family) {
        return entry.family().map(own -> own.number() == family).orElse(true);
    }

    private static boolean isBeyondLimit(Outcome outcome) {
        return outcome instanceof Outcome.Rejected rejected
                && SetErrors.isBeyondLimit(rejected.why().errno());
    }

    /** Puts the set's limit into the words of those refusals that it caused. */
    private static void nameLimit(@Nullable ListedSet set, List<SetRequest.Entry> requests, List<Outcome> outcomes) {
        SetDefinition definition = set == null ? null : set.definition();
        for (int i = 0; definition != null && i < outcomes.size(); i++) {
            if (outcomes.get(i) instanceof Outcome.Rejected rejected && isBeyondLimit(rejected)) {
                KernelRejected why = rejected.why();
                SetRequest.Entry request = requests.get(i).withOptions(definition.options());
                outcomes.set(
                        i,
                        new Outcome.Rejected(new KernelRejected(
                                request.describe(), why.errno(), why.kernelMessage(), request.explain(why.errno()))));
            }
        }
    }

    /** Lists a set without its entries; null if there is none. */
    private @Nullable ListedSet header(String name) {
        try {
            return list(new SetRequest.Listing(name, IpsetMessage.FLAG_LIST_HEADERS)).stream()
                    .findFirst()
                    .orElse(null);
        } catch (KernelRejected e) {
            if (e.errno().equals(Errno.ENOENT)) {
                return null;
            }
            throw e;
        }
    }

    List<ListedSet> list(SetRequest.Listing request) {
        SetListing listing = new SetListing();
        client.dump(request, listing);
        return listing.sets();
    }

    List<String> names() {
        return list(new SetRequest.Listing(null, IpsetMessage.FLAG_LIST_NAMES)).stream()
                .map(ListedSet::name)
                .toList();
    }

    SetHeader header(SetRequest.Header request) {
        return client.query(request, SetListing::header);
    }

    @Override
    public void close() {
        client.close();
    }
}
