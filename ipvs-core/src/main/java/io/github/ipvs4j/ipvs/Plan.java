// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * An ordered list of changes that leads from one state to another, as a value: it can be looked at, printed, applied by
 * {@link IpvsClient#apply} and undone by its {@link #inverse()}.
 *
 * <p>{@link #between} orders changes so that new things stand before old ones go: services are added with their
 * destinations first, then destinations are added to services that exist, then attributes are updated in place, and
 * what is no longer wanted is deleted last. After each change, a service that has destinations before and after the
 * whole plan has some, and if some of them take new connections (their weight is not 0) before and after, some do.
 * Nothing is ever deleted and added again.
 */
public final class Plan {
    private final List<Change> changes;

    private Plan(List<Change> changes) {
        this.changes = changes;
    }

    /**
     * Makes a plan of changes, for example of some of another plan's.
     *
     * @param changes in the order in which they are to be carried out
     * @return the plan
     */
    public static Plan of(List<Change> changes) {
        return new Plan(List.copyOf(changes));
    }

    /**
     * Finds the changes that lead from one state to another. Services with the same key are the same service, whatever
     * their attributes, and so are destinations within a service.
     *
     * @param actual what is there
     * @param desired what shall be there
     * @param ownership what may be changed; keys outside it are left as they are, whether they are there or desired
     * @return a plan, empty if nothing differs
     */
    public static Plan between(IpvsState actual, IpvsState desired, Ownership ownership) {
        return of(new Difference(actual, desired, ownership).changes());
    }

    /**
     * Returns the changes.
     *
     * @return unmodifiable, in the order in which they are carried out
     */
    public List<Change> changes() {
        return changes;
    }

    /**
     * Tells whether there is nothing to do.
     *
     * @return true if there is no change
     */
    public boolean isEmpty() {
        return changes.isEmpty();
    }

    /**
     * Returns how many changes there are.
     *
     * @return the number of requests that applying the plan takes
     */
    public int size() {
        return changes.size();
    }

    /**
     * Returns the plan that leads back, provided that this one has been carried out as a whole.
     *
     * @return the changes that undo these, in reverse order
     */
    public Plan inverse() {
        return new Plan(inverse(changes));
    }

    static List<Change> inverse(List<Change> changes) {
        List<Change> inverse = new ArrayList<>(changes.size());
        for (int i = changes.size() - 1; i >= 0; i--) {
            inverse.addAll(changes.get(i).inverse());
        }
        return Collections.unmodifiableList(inverse);
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof Plan other && changes.equals(other.changes);
    }

    @Override
    public int hashCode() {
        return changes.hashCode();
    }

    /** Returns the plan as {@code ipvsadm -R} takes it; what that cannot say is a comment, to be taken out. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        changes.forEach(change -> IpvsadmText.append(text, change));
        return text.toString();
    }
}
