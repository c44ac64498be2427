// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.ipset;

import io.github.ipvs4j.ipset.EntryOptions;
import io.github.ipvs4j.ipset.IpSet;
import io.github.ipvs4j.ipset.SetDefinition;
import io.github.ipvs4j.ipset.SetEntry;
import io.github.ipvs4j.ipset.SetMember;
import java.util.ArrayList;
import java.util.List;

/**
 * A set as it is written: entries and ranges in their order.
 *
 * @param definition what the set is
 * @param members what is added
 */
record RandomSet(SetDefinition definition, List<SetMember> members) {

    String name() {
        return definition.name();
    }

    boolean hasRanges() {
        return members.stream().anyMatch(member -> !(member.spec() instanceof SetEntry));
    }

    /** Returns the lines for {@code ipset restore}. */
    String script() {
        StringBuilder text = new StringBuilder("create ").append(definition).append('\n');
        members.forEach(member ->
                text.append("add ").append(name()).append(' ').append(member).append('\n'));
        return text.toString();
    }

    /** Returns what the set then holds, in the order of a list; only of a set without ranges. */
    IpSet contents() {
        List<SetMember> ordered = new ArrayList<>();
        for (SetMember member : members) {
            int place = member.options()
                    .placement()
                    .map(next -> place(ordered, next))
                    .orElse(ordered.size());
            ordered.add(place, new SetMember(member.spec(), withoutPlacement(member.options())));
        }
        return IpSet.ofMembers(definition, ordered);
    }

    private static int place(List<SetMember> ordered, EntryOptions.Placement next) {
        int place = 0;
        while (!ordered.get(place).spec().toString().equals(next.set())) {
            place++;
        }
        return next.before() ? place : place + 1;
    }

    private static EntryOptions withoutPlacement(EntryOptions options) {
        EntryOptions plain = EntryOptions.NONE.withNomatch(options.nomatch()).withComment(options.comment());
        if (options.timeout().isPresent()) {
            plain = plain.withTimeout(options.timeout().getAsLong());
        }
        if (options.counters().isPresent()) {
            EntryOptions.Counters counters = options.counters().get();
            plain = plain.withCounters(counters.packets(), counters.bytes());
        }
        if (options.mark().isPresent()) {
            plain = plain.withMark(
                    options.mark().get().mark(), options.mark().get().mask());
        }
        if (options.priority().isPresent()) {
            plain = plain.withPriority(
                    options.priority().get().major(), options.priority().get().minor());
        }
        return options.queue().isPresent() ? plain.withQueue(options.queue().getAsInt()) : plain;
    }
}
