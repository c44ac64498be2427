// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

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
    private static final Comparator<ServiceKey> IN_THE_ORDER_OF_THE_STATE = (unusedOne, unusedOther) -> 0;

    private final List<Change> changes;

    /** Whole servers that the plan leads to, for services which it changes; not part of its value. */
    private final Map<ServiceKey, VirtualServer> goals;

    /** Takes over both. */
    Plan(List<Change> changes, Map<ServiceKey, VirtualServer> goals) {
        this.changes = changes;
        this.goals = goals;
    }

    /**
     * Makes a plan of changes. To take some out of another plan, use {@link #filter}.
     *
     * @param changes in the order in which they are to be carried out
     * @return the plan
     */
    public static Plan of(List<Change> changes) {
        return new Plan(List.copyOf(changes), Map.of());
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
        return between(actual, desired, ownership, IN_THE_ORDER_OF_THE_STATE);
    }

    /**
     * Finds the changes that lead from one state to another, the most urgent services first: in the plan's order, all
     * additions come first, then all updates, then all deletions, and within each of these the services follow each
     * other by their urgency.
     *
     * @param actual what is there
     * @param desired what shall be there
     * @param ownership what may be changed; keys outside it are left as they are, whether they are there or desired
     * @param urgency puts what is more urgent in front; services that it does not tell apart keep the state's order
     * @return a plan, empty if nothing differs
     */
    public static Plan between(
            IpvsState actual, IpvsState desired, Ownership ownership, Comparator<? super ServiceKey> urgency) {
        return new Difference(actual, desired, ownership, urgency).plan();
    }

    /**
     * Finds the changes that lead from one server to another with the same key. The cost does not depend on the table:
     * this is for who knows what has changed.
     *
     * @param actual what is there
     * @param desired what shall be there
     * @return a plan, empty if nothing differs
     * @throws IllegalArgumentException if the keys differ
     */
    public static Plan between(VirtualServer actual, VirtualServer desired) {
        if (!actual.key().equals(desired.key())) {
            throw new IllegalArgumentException("service " + actual.key() + ": cannot become " + desired.key());
        }
        return new Difference(actual, desired).plan();
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
     * Takes changes out, and with them those that would not be right without them: what is done to a service or a
     * destination whose addition, or earlier change, is taken out; and deletions, and settings of the weight 0, in a
     * service of which anything earlier is taken out. So what is left can be carried out and undone, and a service that
     * has destinations before and after it, or some that take new connections, has them all the time.
     *
     * @param condition true for what is to stay
     * @return a plan with some of these changes, in the same order
     */
    public Plan filter(Predicate<? super Change> condition) {
        return PlanFilter.filter(this, condition);
    }

    /**
     * Returns the plan that leads back, provided that this one has been carried out as a whole.
     *
     * @return the changes that undo these, in reverse order
     */
    public Plan inverse() {
        return new Plan(inverse(changes), Map.of());
    }

    /** Returns what a service shall be after the plan, if the plan was made from two states of it. */
    Optional<VirtualServer> goal(ServiceKey key) {
        return Optional.ofNullable(goals.get(key));
    }

    Map<ServiceKey, VirtualServer> goals() {
        return goals;
    }

    static List<Change> inverse(List<Change> changes) {
        List<Change> inverse = new ArrayList<>(changes.size());
        for (int i = changes.size() - 1; i >= 0; i--) {
            inverse.addAll(changes.get(i).inverse());
        }
        return Collections.unmodifiableList(inverse);
    }

    @Override
    public boolean equals(@Nullable Object object) {
        return object instanceof Plan other && changes.equals(other.changes);
    }

    @Override
    public int hashCode() {
        return changes.hashCode();
    }

    /**
     * Returns the plan as {@code ipvsadm -R} takes it. What that cannot say is a line that begins with {@code #}, which
     * is to be taken out: {@code ipvsadm} knows no comments and stops there.
     */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        changes.forEach(change -> IpvsadmText.append(text, change));
        return text.toString();
    }
}
