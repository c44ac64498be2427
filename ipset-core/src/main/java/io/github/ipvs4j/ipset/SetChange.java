// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import java.util.ArrayList;
import java.util.List;

/** One step of a {@link SetPlan}. {@code toString} gives the line that {@code ipset restore} takes. */
public sealed interface SetChange {
    /**
     * Returns the steps that take this one back.
     *
     * @return in the order in which to carry them out
     */
    List<SetChange> inverse();

    /**
     * Returns the set that this step is about.
     *
     * @return its definition
     */
    SetDefinition set();

    /**
     * Creates a set without entries.
     *
     * @param set what to create
     */
    record CreateSet(SetDefinition set) implements SetChange {
        @Override
        public List<SetChange> inverse() {
            return List.of(new DestroySet(IpSet.empty(set)));
        }

        @Override
        public String toString() {
            return "create " + set;
        }
    }

    /**
     * Adds an entry.
     *
     * @param set where to add it
     * @param entry what to add
     */
    record AddEntry(SetDefinition set, SetEntry entry) implements SetChange {
        @Override
        public List<SetChange> inverse() {
            return List.of(new DeleteEntry(set, entry));
        }

        @Override
        public String toString() {
            return "add " + set.name() + " " + entry;
        }
    }

    /**
     * Deletes an entry.
     *
     * @param set where to delete it
     * @param entry what to delete
     */
    record DeleteEntry(SetDefinition set, SetEntry entry) implements SetChange {
        @Override
        public List<SetChange> inverse() {
            return List.of(new AddEntry(set, entry));
        }

        @Override
        public String toString() {
            return "del " + set.name() + " " + entry;
        }
    }

    /**
     * Destroys a set together with its entries.
     *
     * @param contents what is destroyed, as it was when the plan was made
     */
    record DestroySet(IpSet contents) implements SetChange {
        @Override
        public SetDefinition set() {
            return contents.definition();
        }

        @Override
        public List<SetChange> inverse() {
            List<SetChange> inverse = new ArrayList<>(contents.entries().size() + 1);
            inverse.add(new CreateSet(set()));
            contents.entries().forEach(entry -> inverse.add(new AddEntry(set(), entry)));
            return inverse;
        }

        @Override
        public String toString() {
            return "destroy " + contents.name();
        }
    }
}
