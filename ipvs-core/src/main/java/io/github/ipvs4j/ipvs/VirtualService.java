// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import io.github.ipvs4j.netlink.IpFamily;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A virtual service as it is wanted: its key and how it balances, without its destinations.
 *
 * <p>Immutable. An update in the kernel replaces all attributes at once, therefore one begins with the service as it
 * was read and changes that by the {@code with} methods.
 *
 * <pre>{@code
 * VirtualService web = VirtualService.of(ServiceKey.tcp(IpAddress.of("10.96.0.10"), 80), Scheduler.ROUND_ROBIN)
 *         .withPersistence(Duration.ofHours(3));
 * }</pre>
 *
 * @param key what makes it the service it is
 * @param scheduler chooses a destination for each new connection
 * @param flags switches beyond persistence
 * @param persistence empty if each connection is scheduled anew
 * @param persistenceEngine name of the engine that finds what connections belong together, such as {@code sip}; empty
 *     for the client's address; 1 to 16 ASCII characters
 */
public record VirtualService(
        ServiceKey key,
        Scheduler scheduler,
        ServiceFlags flags,
        Optional<Persistence> persistence,
        Optional<String> persistenceEngine) {
    private static final int MAX_ENGINE_NAME = 16;

    /** Checks that the granularity fits the family and the engine's name the kernel's field. */
    public VirtualService {
        persistence.ifPresent(wanted -> checkGranularity(key.family(), wanted.granularity()));
        persistenceEngine.ifPresent(name -> Scheduler.checkName("persistence engine", name, MAX_ENGINE_NAME));
    }

    private static void checkGranularity(IpFamily family, Granularity granularity) {
        boolean fits = granularity instanceof Granularity.Prefix prefix
                ? prefix.length() <= family.maxPrefixLength() && (family == IpFamily.IPV4 || prefix.length() > 0)
                : family == IpFamily.IPV4;
        if (!fits) {
            throw new IllegalArgumentException("persistence granularity " + granularity + ": expected "
                    + (family == IpFamily.IPV4 ? "a mask, or a prefix of 0 to 32" : "a prefix of 1 to 128"));
        }
    }

    /**
     * Makes a service without persistence, engine and flags.
     *
     * @param key what makes it the service it is
     * @param scheduler chooses a destination for each new connection
     * @return the service
     */
    public static VirtualService of(ServiceKey key, Scheduler scheduler) {
        return new VirtualService(key, scheduler, ServiceFlags.NONE, Optional.empty(), Optional.empty());
    }

    /**
     * Changes the scheduler; flags that only the old one understands should be changed with it.
     *
     * @param scheduler the new one
     * @return a service that differs in this alone
     */
    public VirtualService withScheduler(Scheduler scheduler) {
        return new VirtualService(key, scheduler, flags, persistence, persistenceEngine);
    }

    /**
     * Changes the flags.
     *
     * @param flags the new ones
     * @return a service that differs in this alone
     */
    public VirtualService withFlags(ServiceFlags flags) {
        return new VirtualService(key, scheduler, flags, persistence, persistenceEngine);
    }

    /**
     * Makes each client address come back to its destination.
     *
     * @param timeout whole seconds, 1 to 4,294,967
     * @return a service that differs in this alone
     */
    public VirtualService withPersistence(Duration timeout) {
        return withPersistence(timeout, new Granularity.Prefix(key.family().maxPrefixLength()));
    }

    /**
     * Makes each group of clients come back to its destination.
     *
     * @param timeout whole seconds, 1 to 4,294,967
     * @param granularity which clients count as one
     * @return a service that differs in this alone
     */
    public VirtualService withPersistence(Duration timeout, Granularity granularity) {
        Persistence.checkWanted(timeout);
        return new VirtualService(
                key, scheduler, flags, Optional.of(new Persistence(timeout, granularity)), persistenceEngine);
    }

    /**
     * Makes each connection be scheduled anew.
     *
     * @return a service that differs in this alone
     */
    public VirtualService withoutPersistence() {
        return new VirtualService(key, scheduler, flags, Optional.empty(), persistenceEngine);
    }

    /**
     * Sets the persistence engine.
     *
     * @param name for example {@code sip}; the kernel loads the module {@code ip_vs_pe_NAME}
     * @return a service that differs in this alone
     */
    public VirtualService withPersistenceEngine(String name) {
        return new VirtualService(key, scheduler, flags, persistence, Optional.of(name));
    }

    // Written out: the JVM makes a record's own when it is first called, which a first sync would wait for.
    @Override
    public boolean equals(@Nullable Object object) {
        return object instanceof VirtualService other
                && key.equals(other.key)
                && scheduler.equals(other.scheduler)
                && flags.equals(other.flags)
                && persistence.equals(other.persistence)
                && persistenceEngine.equals(other.persistenceEngine);
    }

    @Override
    public int hashCode() {
        return (((key.hashCode() * 31 + scheduler.hashCode()) * 31 + flags.hashCode()) * 31 + persistence.hashCode())
                        * 31
                + persistenceEngine.hashCode();
    }
}
