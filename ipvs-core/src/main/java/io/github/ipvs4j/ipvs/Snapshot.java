// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The whole table as it was read from the kernel, service by service.
 *
 * <p>The kernel gives no picture of one moment: what others change while it is read may be missing or half there, and
 * the kernel does not say so. {@link #consistent()} tells whether something of the kind was noticed.
 */
public final class Snapshot {
    private final Map<ServiceKey, ObservedServer> servers;
    private final boolean consistent;

    /**
     * Puts together what was read.
     *
     * @param servers no two of them with the same key
     * @param consistent whether no sign of a change during the reading was seen
     */
    Snapshot(Collection<ObservedServer> servers, boolean consistent) {
        Map<ServiceKey, ObservedServer> byKey = new LinkedHashMap<>(servers.size() * 4 / 3 + 1);
        servers.forEach(server -> byKey.put(server.key(), server));
        this.servers = Collections.unmodifiableMap(byKey);
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
     * Tells whether no sign was seen of others having changed the table during the reading: no entry listed twice, no
     * service gone between the list of services and that of its destinations. It proves nothing: a change can leave no
     * sign.
     *
     * @return false if the table should be read again before it is relied upon
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
