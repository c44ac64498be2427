// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.testkit.SetKind.Part;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** A set of the simulated kernel. */
final class SimulatedSet {
    private final SetSettings settings;
    private final LongSupplier clock;

    /** Bitmaps list their elements by number, the others in the order in which they came. */
    private Map<SetElement, ElementState> elements;

    /** Bitmaps do not forget what they counted for an element that was deleted. */
    private final Map<SetElement, ElementState> former = new HashMap<>();

    private String name;
    private int listings;
    private int references;

    /** How many of the references are those of rules. */
    private int matches;

    SimulatedSet(String name, SetSettings settings, LongSupplier clock) {
        this.name = name;
        this.settings = settings;
        this.clock = clock;
        this.elements = settings.kind().isBitmap() ? new TreeMap<>(SetElement.ORDER) : new LinkedHashMap<>();
    }

    String name() {
        return name;
    }

    void name(String newName) {
        name = newName;
    }

    SetSettings settings() {
        return settings;
    }

    /** Returns the elements whose time has not come. */
    Map<SetElement, ElementState> elements() {
        if (!settings.hasTimeout()) {
            return elements;
        }
        Map<SetElement, ElementState> live = new LinkedHashMap<>(elements);
        live.values().removeIf(state -> state.isExpired(now()));
        return live;
    }

    private long now() {
        return clock.getAsLong();
    }

    /** Adds an element, or overwrites what stands beside it; one that is there is told if the request is exclusive. */
    void add(SetElement element, ElementOptions options, boolean exclusive) {
        SetElement known = known(element);
        ElementState before = known == null ? null : elements.get(known);
        ElementState state = options.state(now(), settings.hasTimeout());
        if (settings.kind() == SetKind.BITMAP_IP_MAC) {
            addWithHardware(element, before, state, options, exclusive);
            return;
        }
        if (known != null && before != null && !before.isExpired(now())) {
            requireTolerant(exclusive);
            elements.put(known, keepCounters(state, before, options));
            return;
        }
        forget(element);
        if (settings.kind().isHash() && Integer.compareUnsigned(elements().size(), settings.maxElements()) >= 0) {
            if (!settings.has(IpsetNumbers.FLAG_FORCE_ADD) || elements.isEmpty()) {
                throw new Refused(IpsetNumbers.ERR_HASH_FULL);
            }
            elements.remove(elements.keySet().iterator().next());
        }
        elements.put(element, counting(element, state, options));
    }

    private void forget(SetElement element) {
        ElementState last = elements.remove(element);
        if (last != null && settings.kind().isBitmap()) {
            former.put(element, last);
        }
    }

    private ElementState counting(SetElement element, ElementState state, ElementOptions options) {
        ElementState last = former.remove(element);
        return last == null ? state : keepCounters(state, last, options);
    }

    private static void requireTolerant(boolean exclusive) {
        if (exclusive) {
            throw new Refused(IpsetNumbers.ERR_EXIST);
        }
    }

    /** What the request does not count stays as it is. */
    private static ElementState keepCounters(ElementState state, ElementState before, ElementOptions options) {
        return new ElementState(
                state.ends(),
                state.idleTimeout(),
                options.packets() == -1 ? before.packets() : state.packets(),
                options.bytes() == -1 ? before.bytes() : state.bytes(),
                state.comment(),
                state.skb(),
                state.nomatch(),
                state.mac());
    }

    /** The time of an element begins to run when its hardware address is known. */
    private void addWithHardware(
            SetElement element,
            @Nullable ElementState before,
            ElementState state,
            ElementOptions options,
            boolean exclusive) {
        ElementState idle = settings.hasTimeout() ? state.withEnd(ElementState.FOR_EVER, options.timeout()) : state;
        if (before == null) {
            elements.put(element, counting(element, options.mac() == -1 ? idle : state, options));
            return;
        }
        boolean filled = before.mac() != -1;
        if (!filled && options.mac() != -1) {
            int seconds = options.timeout() == settings.timeout() ? before.idleTimeout() : options.timeout();
            long end = settings.hasTimeout() ? ElementState.end(now(), Math.max(0, seconds)) : ElementState.FOR_EVER;
            elements.put(element, keepCounters(state.withEnd(end, -1), before, options));
            return;
        }
        boolean expired = before.isExpired(now()) || before.idleTimeout() > 0;
        requireTolerant(exclusive && !expired);
        long mac = options.mac() == -1 || !filled ? before.mac() : options.mac();
        elements.put(
                element, keepCounters(filled ? state : idle, before, options).withMac(mac));
    }

    /** Deletes an element; one that is not there is told only if the request is exclusive. */
    void delete(SetElement element, boolean exclusive) {
        SetElement known = known(element);
        ElementState before = known == null ? null : elements.get(known);
        boolean hash = settings.kind().isHash();
        if (known != null && before != null && !(hash && before.isExpired(now()))) {
            forget(known);
            if (!before.isExpired(now()) && before.idleTimeout() <= 0) {
                return;
            }
        }
        requireTolerant(exclusive);
    }

    /** Returns the element that the kernel takes for the same: the name of an interface may be the beginning of one. */
    private @Nullable SetElement known(SetElement element) {
        if (!settings.kind().has(Part.DEVICE)) {
            return elements.containsKey(element) ? element : null;
        }
        return elements.keySet().stream()
                .filter(own -> sameNetwork(own, element) && matchesDevice(own, element))
                .findFirst()
                .orElse(null);
    }

    private static boolean sameNetwork(SetElement own, SetElement wanted) {
        return own.with(null, 0)
                        .withDevice("", own.physical(), false)
                        .equals(wanted.with(null, 0).withDevice("", wanted.physical(), false))
                && own.length() == wanted.length()
                && own.address() != null
                && Objects.equals(own.address(), wanted.address());
    }

    private static boolean matchesDevice(SetElement own, SetElement wanted) {
        return own.wildcard()
                ? wanted.device().startsWith(own.device())
                : own.device().equals(wanted.device());
    }

    /**
     * Tells whether an element is in the set; a host is in every network around it, the smallest of which decides. A
     * request that counts adds to the counters of what it finds.
     *
     * @param options whether exceptions are asked for
     */
    boolean contains(SetElement element, ElementOptions options) {
        if (settings.kind() == SetKind.BITMAP_IP_MAC) {
            ElementState state = elements.get(element);
            if (state == null) {
                return false;
            }
            if (options.mac() == -1 || state.mac() == -1) {
                return true;
            }
            if (state.mac() != options.mac()) {
                return false;
            }
            count(element, state, options);
            return true;
        }
        if (settings.kind() == SetKind.LIST_SET) {
            return containsMember(element, options.placement());
        }
        SetElement found = settings.kind().hasNetworks() && isHost(element) ? around(element) : live(element);
        ElementState state = found == null ? null : elements.get(found);
        if (found == null || state == null) {
            return false;
        }
        count(found, state, options);
        return state.nomatch() == options.isNomatch();
    }

    private void count(SetElement element, ElementState state, ElementOptions options) {
        if (settings.has(IpsetNumbers.FLAG_COUNTERS) && options.packets() != -1) {
            elements.put(
                    element, state.withCounters(state.packets() + options.packets(), state.bytes() + options.bytes()));
        }
    }

    private @Nullable SetElement live(SetElement element) {
        SetElement known = known(element);
        ElementState state = known == null ? null : elements.get(known);
        return state == null || state.isExpired(now()) ? null : known;
    }

    private boolean isHost(SetElement element) {
        int longest = settings.addressFamily().maxPrefixLength();
        return (!settings.kind().has(Part.NET) || element.length() == longest)
                && (!settings.kind().has(Part.SECOND_NET) || element.secondLength() == longest);
    }

    private @Nullable SetElement around(SetElement host) {
        boolean first = settings.kind().has(Part.NET);
        boolean second = settings.kind().has(Part.SECOND_NET);
        for (int length : first ? lengths(SetElement::length) : List.of(host.length())) {
            SetElement network =
                    first && host.address() != null ? host.with(host.address().masked(length), length) : host;
            for (int other : second ? lengths(SetElement::secondLength) : List.of(host.secondLength())) {
                SetElement candidate = second && host.second() != null
                        ? network.withSecond(host.second().masked(other), other)
                        : network;
                SetElement found = live(candidate);
                if (found != null) {
                    return found;
                }
            }
            if (settings.kind().has(Part.DEVICE)
                    && elements.keySet().stream().anyMatch(own -> sameNetwork(own, network))) {
                // The kernel looks no further than the first network that has other interfaces.
                return null;
            }
        }
        return null;
    }

    private List<Integer> lengths(ToIntFunction<SetElement> of) {
        return elements.keySet().stream()
                .map(of::applyAsInt)
                .distinct()
                .sorted(Collections.reverseOrder())
                .toList();
    }

    private boolean containsMember(SetElement member, ElementOptions.Placement placement) {
        List<SetElement> members = new ArrayList<>(elements().keySet());
        int place = members.indexOf(member);
        return place >= 0 && isPlaced(members, place, placement);
    }

    private static boolean isPlaced(List<SetElement> members, int place, ElementOptions.Placement placement) {
        if (placement.before() == 0) {
            return true;
        }
        int neighbour = place + (placement.before() > 0 ? 1 : -1);
        return neighbour >= 0
                && neighbour < members.size()
                && members.get(neighbour).set() == placement.reference();
    }

    /** Adds a member to this list, and returns whether it is new. */
    boolean addMember(SetElement member, ElementOptions options, boolean exclusive) {
        List<SetElement> members = new ArrayList<>(elements.keySet());
        ElementOptions.Placement placement = options.placement();
        int reference = placement.before() == 0 ? -1 : members.indexOf(SetElement.ofSet(placement.reference()));
        boolean isItself = member.set() == placement.reference();
        if (placement.before() != 0 && (reference < 0 || isItself)) {
            throw new Refused(IpsetNumbers.ERR_REFERENCE_EXISTS);
        }
        ElementState before = elements.get(member);
        ElementState state = options.state(now(), settings.hasTimeout());
        if (before != null) {
            requireTolerant(exclusive);
            elements.put(member, keepCounters(state, before, options));
            return false;
        }
        int place = reference < 0 ? members.size() : reference + (placement.before() > 0 ? 0 : 1);
        members.add(place, member);
        Map<SetElement, ElementState> reordered = new LinkedHashMap<>();
        for (SetElement one : members) {
            reordered.put(one, elements.getOrDefault(one, state));
        }
        elements = reordered;
        return true;
    }

    /** Deletes a member of this list, if it stands where it should; false if it is not there and nobody minds. */
    boolean deleteMember(SetElement member, ElementOptions.Placement placement, boolean exclusive) {
        List<SetElement> members = new ArrayList<>(elements.keySet());
        int place = members.indexOf(member);
        if (place < 0 && placement.before() == 0) {
            requireTolerant(exclusive);
            return false;
        }
        if (place < 0 || !isPlaced(members, place, placement)) {
            throw new Refused(IpsetNumbers.ERR_REFERENCE_EXISTS);
        }
        elements.remove(member);
        return true;
    }

    /** Returns the members of this list whose time has come, and forgets them. */
    List<SetElement> takeExpired() {
        List<SetElement> expired = new ArrayList<>();
        elements.forEach((member, state) -> {
            if (state.isExpired(now())) {
                expired.add(member);
            }
        });
        expired.forEach(elements::remove);
        return expired;
    }

    void flush() {
        new ArrayList<>(elements.keySet()).forEach(this::forget);
    }

    /** Notes that a list has taken this set in, or let go of it. */
    void reference(int change) {
        references += change;
    }

    /** Notes how many rules match this set. */
    void matchedBy(int rules) {
        references += rules - matches;
        matches = rules;
    }

    int references() {
        return references;
    }

    /** Lets two sets change what refers to them, which is their names and not their contents. */
    void swapReferences(SimulatedSet other) {
        int own = references;
        references = other.references;
        other.references = own;
        int ownMatches = matches;
        matches = other.matches;
        other.matches = ownMatches;
    }

    /** Holds the set while a listing stands in its middle. */
    void beginListing() {
        listings++;
    }

    void endListing() {
        listings--;
    }

    boolean isBeingListed() {
        return listings > 0;
    }
}
