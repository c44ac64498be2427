// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/** A set of the simulated kernel. */
final class SimulatedSet {
    private final SetSettings settings;
    private final Set<SetElement> elements = new LinkedHashSet<>();
    private String name;
    private int listings;

    SimulatedSet(String name, SetSettings settings) {
        this.name = name;
        this.settings = settings;
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

    Collection<SetElement> elements() {
        return elements;
    }

    /** Adds an element; one that is there already is told only if the request is exclusive. */
    void add(SetElement element, boolean exclusive) {
        if (elements.contains(element)) {
            if (exclusive) {
                throw new Refused(IpsetNumbers.ERR_EXIST);
            }
        } else if (settings.kind().isHash() && Integer.compareUnsigned(elements.size(), settings.maxElements()) >= 0) {
            throw new Refused(IpsetNumbers.ERR_HASH_FULL);
        } else {
            elements.add(element);
        }
    }

    /** Deletes an element; one that is not there is told only if the request is exclusive. */
    void delete(SetElement element, boolean exclusive) {
        if (!elements.remove(element) && exclusive) {
            throw new Refused(IpsetNumbers.ERR_EXIST);
        }
    }

    boolean contains(SetElement element) {
        return elements.contains(element);
    }

    void flush() {
        elements.clear();
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
