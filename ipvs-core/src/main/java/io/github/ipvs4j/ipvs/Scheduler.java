// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The name of a scheduler, the rule by which a virtual service chooses a destination. The kernel loads the module
 * {@code ip_vs_NAME} when a service asks for it.
 *
 * @param name as the kernel knows it, 1 to 15 ASCII characters without spaces
 */
public record Scheduler(String name) {
    /** Each destination in turn. */
    public static final Scheduler ROUND_ROBIN = new Scheduler("rr");

    /** Each destination in turn, as often as its weight says. */
    public static final Scheduler WEIGHTED_ROUND_ROBIN = new Scheduler("wrr");

    /** The destination with the fewest connections. */
    public static final Scheduler LEAST_CONNECTION = new Scheduler("lc");

    /** The destination with the fewest connections for its weight. */
    public static final Scheduler WEIGHTED_LEAST_CONNECTION = new Scheduler("wlc");

    /** One destination for each virtual address, until it is overloaded; for caches. */
    public static final Scheduler LOCALITY_BASED_LEAST_CONNECTION = new Scheduler("lblc");

    /** A set of destinations for each virtual address; for caches. */
    public static final Scheduler LOCALITY_BASED_LEAST_CONNECTION_WITH_REPLICATION = new Scheduler("lblcr");

    /** A hash of the virtual address. */
    public static final Scheduler DESTINATION_HASHING = new Scheduler("dh");

    /** A hash of the client's address. */
    public static final Scheduler SOURCE_HASHING = new Scheduler("sh");

    /** The shortest expected delay. */
    public static final Scheduler SHORTEST_EXPECTED_DELAY = new Scheduler("sed");

    /** An idle destination if there is one, else the shortest expected delay. */
    public static final Scheduler NEVER_QUEUE = new Scheduler("nq");

    /** The destination of the highest weight that is available. */
    public static final Scheduler WEIGHTED_FAILOVER = new Scheduler("fo");

    /** The destination of the highest weight until its connections reach its weight, then the next. */
    public static final Scheduler WEIGHTED_OVERFLOW = new Scheduler("ovf");

    /** Consistent hashing by Maglev's table. */
    public static final Scheduler MAGLEV_HASHING = new Scheduler("mh");

    /** The better of two destinations drawn by weight. */
    public static final Scheduler TWO_CHOICES = new Scheduler("twos");

    /** No scheduler: the service takes no new connection. */
    public static final Scheduler NONE = new Scheduler("none");

    private static final int MAX_NAME = 15;

    private static final Map<String, Scheduler> KNOWN = Map.ofEntries(
            known(ROUND_ROBIN),
            known(WEIGHTED_ROUND_ROBIN),
            known(LEAST_CONNECTION),
            known(WEIGHTED_LEAST_CONNECTION),
            known(LOCALITY_BASED_LEAST_CONNECTION),
            known(LOCALITY_BASED_LEAST_CONNECTION_WITH_REPLICATION),
            known(DESTINATION_HASHING),
            known(SOURCE_HASHING),
            known(SHORTEST_EXPECTED_DELAY),
            known(NEVER_QUEUE),
            known(WEIGHTED_FAILOVER),
            known(WEIGHTED_OVERFLOW),
            known(MAGLEV_HASHING),
            known(TWO_CHOICES),
            known(NONE));

    /** Checks the name. */
    public Scheduler {
        checkName("scheduler", name, MAX_NAME);
    }

    private static Map.Entry<String, Scheduler> known(Scheduler scheduler) {
        return Map.entry(scheduler.name, scheduler);
    }

    /**
     * Returns the scheduler of the given name, known here or not.
     *
     * @param name as the kernel knows it, 1 to 15 ASCII characters without spaces
     * @return the scheduler
     * @throws IllegalArgumentException if no scheduler can have this name
     */
    public static Scheduler named(String name) {
        Scheduler known = KNOWN.get(name);
        return known == null ? new Scheduler(name) : known;
    }

    /** Checks the name of a kernel module's thing: it ends up in a module name and in a fixed field. */
    static void checkName(String what, String name, int max) {
        boolean plain = name.chars().allMatch(c -> c > ' ' && c < 0x7f);
        if (name.isEmpty() || name.length() > max || !plain) {
            throw new IllegalArgumentException(
                    what + " '" + name + "': expected 1 to " + max + " ASCII characters without spaces");
        }
    }

    /** Returns the name. */
    @Override
    public String toString() {
        return name;
    }

    // Written out: the JVM makes a record's own when it is first called, which a first sync would wait for.
    @Override
    public boolean equals(@Nullable Object object) {
        return object instanceof Scheduler other && name.equals(other.name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }
}
