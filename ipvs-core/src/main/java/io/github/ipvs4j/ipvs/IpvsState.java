// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A whole table, or the part of it that matters, as it is wanted: virtual services by their keys. Immutable.
 *
 * <p>Two states are equal if they hold equal servers in whatever order.
 */
public final class IpvsState {
    /** The state without any service. */
    public static final IpvsState EMPTY = new IpvsState(new LinkedHashMap<>());

    private final Map<ServiceKey, VirtualServer> servers;

    private IpvsState(Map<ServiceKey, VirtualServer> servers) {
        this.servers = Collections.unmodifiableMap(servers);
    }

    /**
     * Makes a state of servers.
     *
     * @param servers no two of them with the same key; plans keep their order
     * @return the state
     * @throws IllegalArgumentException if two have the same key
     */
    public static IpvsState of(Collection<VirtualServer> servers) {
        Map<ServiceKey, VirtualServer> byKey = new LinkedHashMap<>(servers.size() * 4 / 3 + 1);
        for (VirtualServer server : servers) {
            if (byKey.put(server.key(), server) != null) {
                throw new IllegalArgumentException("service " + server.key() + " is there twice");
            }
        }
        return new IpvsState(byKey);
    }

    /**
     * Makes a state of servers.
     *
     * @param servers no two of them with the same key; plans keep their order
     * @return the state
     * @throws IllegalArgumentException if two have the same key
     */
    public static IpvsState of(VirtualServer... servers) {
        return of(Arrays.asList(servers));
    }

    /**
     * Returns the servers by their keys.
     *
     * @return unmodifiable, in the order in which they were given
     */
    public Map<ServiceKey, VirtualServer> byKey() {
        return servers;
    }

    /**
     * Returns the servers.
     *
     * @return unmodifiable, in the order in which they were given
     */
    public Collection<VirtualServer> servers() {
        return servers.values();
    }

    /**
     * Finds a server.
     *
     * @param key of its service
     * @return empty if there is none
     */
    public Optional<VirtualServer> find(ServiceKey key) {
        return Optional.ofNullable(servers.get(key));
    }

    /**
     * Returns how many services there are.
     *
     * @return the number of keys
     */
    public int size() {
        return servers.size();
    }

    /**
     * Puts a server in, in the place of one with the same key.
     *
     * @param server the new one
     * @return a state that differs in this alone
     */
    public IpvsState with(VirtualServer server) {
        Map<ServiceKey, VirtualServer> copy = new LinkedHashMap<>(servers);
        copy.put(server.key(), server);
        return new IpvsState(copy);
    }

    /**
     * Takes a server out.
     *
     * @param key of its service; one that is not there is no fault
     * @return a state that differs in this alone
     */
    public IpvsState without(ServiceKey key) {
        Map<ServiceKey, VirtualServer> copy = new LinkedHashMap<>(servers);
        copy.remove(key);
        return new IpvsState(copy);
    }

    @Override
    public boolean equals(@Nullable Object object) {
        return object instanceof IpvsState other && servers.equals(other.servers);
    }

    @Override
    public int hashCode() {
        return servers.hashCode();
    }

    /** Returns the state as lines that {@code ipvsadm -R} takes. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        IpvsadmText.state(text, this, true);
        return text.toString();
    }
}
