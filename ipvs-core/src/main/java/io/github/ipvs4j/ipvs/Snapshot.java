// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;

/**
 * The whole table, or some of its services, as it was read from the kernel.
 *
 * <p>The kernel gives no picture of one moment, and does not say when others disturb a listing. Therefore everything
 * that a change by others can hide is looked at again until two looks agree, a few times at most;
 * {@link #consistent()} tells whether they did.
 */
public final class Snapshot {
    private final Map<ServiceKey, ObservedServer> servers;
    private final boolean consistent;

    /**
     * Puts together what was read.
     *
     * @param servers by their keys; not to be changed any more
     * @param consistent whether all looks agreed
     */
    Snapshot(Map<ServiceKey, ObservedServer> servers, boolean consistent) {
        this.servers = Collections.unmodifiableMap(servers);
        this.consistent = consistent;
    }

    /**
     * Returns the servers.
     *
     * @return unmodifiable, in the kernel's order, which means nothing
     */
    public Collection<ObservedServer> servers() {
        return servers.values();
    }

    /**
     * Finds a server.
     *
     * @param key of its service
     * @return empty if there is none
     */
    public Optional<ObservedServer> find(ServiceKey key) {
        return Optional.ofNullable(servers.get(key));
    }

    /**
     * Tells whether the reading was completed undisturbed: the services were listed before and after their destinations
     * with the same result, nothing was listed twice, and each list of destinations that may have come in several
     * pieces, or came empty, was the same when it was read again. Each service was as it is here at some moment of the
     * reading, if not all at the same.
     *
     * @return false if others kept changing the table; then something may be missing, or be there that has gone
     */
    public boolean consistent() {
        return consistent;
    }

    /**
     * Forgets what is observed only.
     *
     * @return the table as one would want it to have this
     */
    public IpvsState state() {
        return IpvsState.of(
                servers.values().stream().map(ObservedServer::server).toList());
    }
}
