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
     * @param options what it carries
     */
    record AddEntry(SetDefinition set, SetEntry entry, EntryOptions options) implements SetChange {
        /**
         * Adds an entry that carries nothing.
         *
         * @param set where to add it
         * @param entry what to add
         */
        public AddEntry(SetDefinition set, SetEntry entry) {
            this(set, entry, EntryOptions.NONE);
        }

        @Override
        public List<SetChange> inverse() {
            return List.of(new DeleteEntry(set, entry, options));
        }

        @Override
        public String toString() {
            return "add " + set.name() + " " + new SetMember(entry, options);
        }
    }

    /**
     * Gives an entry other options.
     *
     * @param set where it is
     * @param entry the entry
     * @param before what it carries
     * @param after what it is to carry
     */
    record UpdateEntry(SetDefinition set, SetEntry entry, EntryOptions before, EntryOptions after)
            implements SetChange {
        @Override
        public List<SetChange> inverse() {
            return List.of(new UpdateEntry(set, entry, after, before));
        }

        @Override
        public String toString() {
            return "add " + set.name() + " " + new SetMember(entry, after) + " -exist";
        }
    }

    /**
     * Deletes an entry.
     *
     * @param set where to delete it
     * @param entry what to delete
     * @param options what it carried when the plan was made
     */
    record DeleteEntry(SetDefinition set, SetEntry entry, EntryOptions options) implements SetChange {
        /**
         * Deletes an entry that carries nothing.
         *
         * @param set where to delete it
         * @param entry what to delete
         */
        public DeleteEntry(SetDefinition set, SetEntry entry) {
            this(set, entry, EntryOptions.NONE);
        }

        @Override
        public List<SetChange> inverse() {
            return List.of(new AddEntry(set, entry, options));
        }

        @Override
        public String toString() {
            return "del " + set.name() + " " + entry;
        }
    }

    /**
     * Lets two sets change names at one stroke.
     *
     * @param set a set
     * @param other the other one, of the same type and family
     */
    record SwapSets(SetDefinition set, SetDefinition other) implements SetChange {
        @Override
        public List<SetChange> inverse() {
            return List.of(new SwapSets(other.withName(set.name()), set.withName(other.name())));
        }

        @Override
        public String toString() {
            return "swap " + set.name() + " " + other.name();
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
            contents.entries().forEach(entry -> inverse.add(new AddEntry(set(), entry, contents.optionsOf(entry))));
            return inverse;
        }

        @Override
        public String toString() {
            return "destroy " + contents.name();
        }
    }
}
