// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import java.util.Optional;

/** One line of a script for {@code ipset restore}. {@code toString} gives that line, without its newline. */
public sealed interface IpsetCommand {
    /**
     * Creates a set.
     *
     * @param definition what to create
     * @param tolerant whether a set of the same definition may be there already
     */
    record Create(SetDefinition definition, boolean tolerant) implements IpsetCommand {
        @Override
        public String toString() {
            return "create " + definition + tail(tolerant);
        }
    }

    /**
     * Adds an entry.
     *
     * @param set name of the set
     * @param member the entry
     * @param tolerant whether it may be there already
     */
    record Add(String set, SetMember member, boolean tolerant) implements IpsetCommand {
        @Override
        public String toString() {
            return "add " + set + " " + member + tail(tolerant);
        }
    }

    /**
     * Deletes an entry.
     *
     * @param set name of the set
     * @param member the entry
     * @param tolerant whether it may be missing
     */
    record Delete(String set, SetMember member, boolean tolerant) implements IpsetCommand {
        @Override
        public String toString() {
            return "del " + set + " " + member + tail(tolerant);
        }
    }

    /**
     * Destroys a set or all.
     *
     * @param set name of the set, empty for all
     */
    record Destroy(Optional<String> set) implements IpsetCommand {
        @Override
        public String toString() {
            return set.map(name -> "destroy " + name).orElse("destroy");
        }
    }

    /**
     * Removes the entries of a set or of all.
     *
     * @param set name of the set, empty for all
     */
    record Flush(Optional<String> set) implements IpsetCommand {
        @Override
        public String toString() {
            return set.map(name -> "flush " + name).orElse("flush");
        }
    }

    /**
     * Gives a set another name.
     *
     * @param set name of the set
     * @param newName its new name
     */
    record Rename(String set, String newName) implements IpsetCommand {
        @Override
        public String toString() {
            return "rename " + set + " " + newName;
        }
    }

    /**
     * Lets two sets change names.
     *
     * @param set name of a set
     * @param other name of the other one
     */
    record Swap(String set, String other) implements IpsetCommand {
        @Override
        public String toString() {
            return "swap " + set + " " + other;
        }
    }

    private static String tail(boolean tolerant) {
        return tolerant ? " -exist" : "";
    }
}
