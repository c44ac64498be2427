// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The sets of a {@link SimulatedKernel}: what a test looks at beside the netlink requests. */
public final class SimulatedIpsets {
    private final KernelContext kernel;

    /** By index; a set that was destroyed leaves a hole that the next one fills. */
    private final List<@Nullable SimulatedSet> slots = new ArrayList<>();

    SimulatedIpsets(KernelContext kernel) {
        this.kernel = kernel;
    }

    /**
     * Returns all sets as a script for {@code ipset restore}, like {@code ipset save -sorted} prints it, without bucket
     * sizes and initial values.
     *
     * @return one line for each set and element; lists come last, sets are sorted by name, elements by their parts
     */
    public String save() {
        synchronized (kernel.lock()) {
            StringBuilder text = new StringBuilder();
            all().stream()
                    .sorted(Comparator.comparing(
                                    (SimulatedSet set) -> set.settings().kind() == SetKind.LIST_SET)
                            .thenComparing((SimulatedSet set) -> set.name()))
                    .forEach(set -> append(text, set));
            return text.toString();
        }
    }

    /**
     * Says how many rules match a set, which the kernel then counts among what refers to it: it is not destroyed, and
     * listings tell of them.
     *
     * @param name the set
     * @param rules how many they are now
     * @return false if there is no such set, which then no rule can match
     */
    public boolean matchedBy(String name, int rules) {
        synchronized (kernel.lock()) {
            SimulatedSet set = find(name);
            if (set != null) {
                set.matchedBy(rules);
            }
            return set != null;
        }
    }

    private void append(StringBuilder text, SimulatedSet set) {
        text.append("create ")
                .append(set.name())
                .append(' ')
                .append(set.settings())
                .append('\n');
        Map<SetElement, ElementState> elements = set.elements();
        boolean ordered = set.settings().kind() == SetKind.LIST_SET;
        (ordered ? elements.keySet().stream() : elements.keySet().stream().sorted(SetElement.ORDER))
                .forEach(element -> text.append("add ")
                        .append(set.name())
                        .append(' ')
                        .append(ElementText.of(
                                this,
                                set.settings(),
                                element,
                                Objects.requireNonNull(elements.get(element)),
                                kernel.now()))
                        .append('\n'));
    }

    Collection<SimulatedSet> all() {
        List<SimulatedSet> all = new ArrayList<>();
        for (SimulatedSet set : slots) {
            if (set != null) {
                all.add(set);
            }
        }
        return all;
    }

    /** Returns the number of indexes; not every one has a set. */
    int indexes() {
        return slots.size();
    }

    @Nullable
    SimulatedSet at(int index) {
        return index < slots.size() ? slots.get(index) : null;
    }

    int indexOf(SimulatedSet set) {
        return slots.indexOf(set);
    }

    @Nullable
    SimulatedSet find(String name) {
        for (SimulatedSet set : slots) {
            if (set != null && set.name().equals(name)) {
                return set;
            }
        }
        return null;
    }

    /** Returns the set of a name. */
    SimulatedSet existing(String name) {
        SimulatedSet set = find(name);
        if (set == null) {
            throw new Refused(ErrorNumbers.ENOENT);
        }
        return set;
    }

    void create(String name, SetSettings settings, boolean exclusive) {
        SimulatedSet present = find(name);
        if (present != null) {
            if (exclusive || !present.settings().isSame(settings, kernel.release())) {
                throw new Refused(ErrorNumbers.EEXIST);
            }
            return;
        }
        int hole = slots.indexOf(null);
        SimulatedSet set = new SimulatedSet(name, settings, kernel::now);
        if (hole < 0) {
            slots.add(set);
        } else {
            slots.set(hole, set);
        }
    }

    void destroy(SimulatedSet set) {
        expire();
        if (isHeld(set)) {
            throw new Refused(IpsetNumbers.ERR_BUSY);
        }
        flush(set);
        slots.set(indexOf(set), null);
    }

    private static boolean isHeld(SimulatedSet set) {
        return set.isBeingListed() || set.references() > 0;
    }

    void destroyAll() {
        expire();
        if (all().stream().anyMatch(SimulatedIpsets::isHeld)) {
            throw new Refused(IpsetNumbers.ERR_BUSY);
        }
        slots.clear();
    }

    void rename(SimulatedSet set, String newName) {
        expire();
        if (isHeld(set)) {
            throw new Refused(IpsetNumbers.ERR_REFERENCED);
        }
        if (find(newName) != null) {
            throw new Refused(IpsetNumbers.ERR_EXIST_NAME2);
        }
        set.name(newName);
    }

    /** Lets two sets change names and places. */
    void swap(SimulatedSet set, String otherName) {
        SimulatedSet other = find(otherName);
        if (other == null) {
            throw new Refused(IpsetNumbers.ERR_EXIST_NAME2);
        }
        if (set.settings().kind().features() != other.settings().kind().features()
                || set.settings().family() != other.settings().family()) {
            throw new Refused(IpsetNumbers.ERR_TYPE_MISMATCH);
        }
        if (set.isBeingListed() || other.isBeingListed()) {
            throw new Refused(ErrorNumbers.EBUSY);
        }
        String name = set.name();
        set.name(other.name());
        other.name(name);
        set.swapReferences(other);
        Collections.swap(slots, indexOf(set), indexOf(other));
    }

    /** Empties a set; a list lets go of its members. */
    void flush(SimulatedSet set) {
        if (set.settings().kind() == SetKind.LIST_SET) {
            set.elements().keySet().forEach(member -> reference(member, -1));
        }
        set.flush();
    }

    private void reference(SetElement member, int change) {
        SimulatedSet set = at(member.set());
        if (set != null) {
            set.reference(change);
        }
    }

    void addMember(SimulatedSet list, SetElement member, ElementOptions options, boolean exclusive) {
        expire();
        if (list.addMember(member, options, exclusive)) {
            reference(member, 1);
        }
    }

    void deleteMember(SimulatedSet list, SetElement member, ElementOptions options, boolean exclusive) {
        expire();
        if (list.deleteMember(member, options.placement(), exclusive)) {
            reference(member, -1);
        }
    }

    /** Takes members out of lists whose time has come. */
    void expire() {
        for (SimulatedSet set : all()) {
            if (set.settings().kind() == SetKind.LIST_SET) {
                set.takeExpired().forEach(member -> reference(member, -1));
            }
        }
    }
}
