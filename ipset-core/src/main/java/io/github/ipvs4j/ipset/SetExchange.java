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
import java.util.function.Consumer;
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
        // Where the type is missing, the kernel refuses the set itself with the same error, in the words of that
        // request.
        Optional<TypeRevisions> present = revisions(question);
        present.ifPresent(some -> revisions.put(question, some.highest()));
        return present.map(TypeRevisions::highest).orElse(0);
    }

    /** Asks which revisions of a type there are; none if the kernel lacks the type. */
    Optional<TypeRevisions> revisions(SetRequest.Type question) {
        try {
            return Optional.of(client.query(
                    question,
                    answer -> new TypeRevisions(
                            number(answer, IpsetMessage.LOWEST_REVISION), number(answer, IpsetMessage.REVISION))));
        } catch (KernelRejected e) {
            if (e.errno().number() == IpsetErrors.FIND_TYPE) {
                return Optional.empty();
            }
            throw e;
        }
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
        try {
            client.execute(request);
        } catch (KernelRejected e) {
            throw SetReferences.isAbout(e.errno()) ? new SetReferences(this).explained(request, e) : e;
        }
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
        if (SetReferences.isAbout(errno)) {
            return new Outcome.Rejected(new SetReferences(this).explained(request, rejected.why()));
        }
        return request instanceof SetRequest.Create create && errno.equals(Errno.EEXIST)
                ? compareWithExisting(create, rejected)
                : rejected;
    }

    /** The tolerant form of the request makes the kernel itself compare, options unknown to us included. */
    private Outcome compareWithExisting(SetRequest.Create create, Outcome.Rejected rejected) {
        try {
            client.execute(new SetRequest.Create(create.definition(), create.revision(), false));
        } catch (KernelRejected e) {
            return e.errno().equals(Errno.EEXIST)
                    ? notTheSame(create, e, header(create.definition().name()))
                    : new Outcome.Rejected(e);
        }
        // mtype_same_set() does not look at the family: one that shows in nothing else would pass.
        ListedSet existing = header(create.definition().name());
        boolean same = existing != null
                && create.definition()
                        .family()
                        .map(family ->
                                family.number() == existing.observed().header().family())
                        .orElse(true);
        return same ? Outcome.ALREADY_SO : notTheSame(create, rejected.why(), existing);
    }

    private static Outcome notTheSame(SetRequest.Create create, KernelRejected e, @Nullable ListedSet existing) {
        String explanation =
                SetErrors.explainExisting(create.definition(), existing == null ? null : existing.observed());
        return new Outcome.Rejected(new KernelRejected(create.describe(), e.errno(), e.kernelMessage(), explanation));
    }

    /** Prepares changes to entries of one set, of which each fits its type and family. */
    EntryBatch batch(String name, Collection<SetMember> members) {
        return new EntryBatch(client, name, typeFor(name, members), () -> {
            ListedSet set = header(name);
            return set == null ? null : set.definition();
        });
    }

    private SetType typeFor(String name, Collection<SetMember> members) {
        SetHeader header = header(new SetRequest.Header(name));
        SetType type = SetType.named(header.typeName()).orElse(null);
        for (SetMember member : members) {
            if (type == null || !type.holds(member.entry()) || !isOfFamily(member.entry(), header.family())) {
                throw new IllegalArgumentException("entry " + member.spec() + " does not fit into set " + name + " ("
                        + header.typeName() + ", address family " + header.family() + ")");
            }
        }
        if (type == null) {
            throw new IllegalArgumentException("set " + name + " is of unknown type " + header.typeName());
        }
        return type;
    }

    private static boolean isOfFamily(SetEntry entry, int family) {
        return entry.family().map(own -> own.number() == family).orElse(true);
    }

    /** Prepares changes to entries of a set that is known. */
    EntryBatch batch(SetDefinition set) {
        return new EntryBatch(client, set.name(), set.type(), () -> set);
    }

    /** Asks the kernel whether an entry is in a set. */
    boolean test(String name, SetMember member) {
        SetRequest.Entry request =
                new SetRequest.Entry(IpsetCommands.TEST, true, name, typeFor(name, List.of(member)), null, member);
        try {
            client.execute(request);
            return true;
        } catch (KernelRejected e) {
            if (request.isSatisfiedBy(e.errno())) {
                return false;
            }
            throw e;
        }
    }

    /** Looks up the number of a set, or the name of a number. */
    String lookUp(IndexRequest request) {
        return client.query(request, answer -> {
            AttributeReader attributes = answer.attributes(IpsetMessage.HEADER_SIZE);
            while (attributes.next()) {
                if (attributes.type() == IpsetMessage.INDEX) {
                    return Integer.toString(attributes.u16be());
                }
                if (attributes.type() == IpsetMessage.SET_NAME && request.name() == null) {
                    return attributes.string();
                }
            }
            throw attributes.malformed("the answer to '" + request.describe() + "' holds no such thing");
        });
    }

    /** Lists a set without its entries; null if there is none. */
    @Nullable
    ListedSet header(String name) {
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
        return list(request, null);
    }

    /** Lists sets; their entries go to the consumer if there is one. */
    List<ListedSet> list(SetRequest.Listing request, @Nullable Consumer<? super SetMember> consumer) {
        SetListing listing = new SetListing(consumer);
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
