// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sets of a {@link SimulatedKernel}: what a test looks at beside the netlink requests. */
public final class SimulatedIpsets {
    private final Object lock;

    /** By index; a set that was destroyed leaves a hole that the next one fills. */
    private final List<@Nullable SimulatedSet> slots = new ArrayList<>();

    SimulatedIpsets(Object lock) {
        this.lock = lock;
    }

    /**
     * Returns all sets as a script for {@code ipset restore}, like {@code ipset save -sorted} prints it, without bucket
     * sizes and initial values.
     *
     * @return one line for each set and element; sets are sorted by name, elements by their parts
     */
    public String save() {
        synchronized (lock) {
            StringBuilder text = new StringBuilder();
            all().stream().sorted(Comparator.comparing(SimulatedSet::name)).forEach(set -> append(text, set));
            return text.toString();
        }
    }

    private static void append(StringBuilder text, SimulatedSet set) {
        text.append("create ")
                .append(set.name())
                .append(' ')
                .append(set.settings())
                .append('\n');
        set.elements().stream()
                .sorted(SetElement.ORDER)
                .forEach(element -> text.append("add ")
                        .append(set.name())
                        .append(' ')
                        .append(element)
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
            if (exclusive || !present.settings().isSame(settings)) {
                throw new Refused(ErrorNumbers.EEXIST);
            }
            return;
        }
        int hole = slots.indexOf(null);
        SimulatedSet set = new SimulatedSet(name, settings);
        if (hole < 0) {
            slots.add(set);
        } else {
            slots.set(hole, set);
        }
    }

    void destroy(SimulatedSet set) {
        if (set.isBeingListed()) {
            throw new Refused(IpsetNumbers.ERR_BUSY);
        }
        slots.set(indexOf(set), null);
    }

    void destroyAll() {
        if (all().stream().anyMatch(SimulatedSet::isBeingListed)) {
            throw new Refused(IpsetNumbers.ERR_BUSY);
        }
        slots.clear();
    }

    void rename(SimulatedSet set, String newName) {
        if (set.isBeingListed()) {
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
        Collections.swap(slots, indexOf(set), indexOf(other));
    }
}
