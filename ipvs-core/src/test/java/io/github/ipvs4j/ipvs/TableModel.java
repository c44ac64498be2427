// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a kernel's table would be after changes: as strict as the kernel, it refuses to add what is there and to change
 * or delete what is not.
 */
final class TableModel {
    private final Map<ServiceKey, VirtualService> services = new LinkedHashMap<>();
    private final Map<ServiceKey, Map<DestinationKey, Destination>> destinations = new LinkedHashMap<>();

    TableModel(IpvsState state) {
        for (VirtualServer server : state.servers()) {
            addService(server.service());
            server.destinations().forEach(destination -> addDestination(server.key(), destination));
        }
    }

    TableModel carryOut(Iterable<Change> changes) {
        changes.forEach(this::carryOut);
        return this;
    }

    void carryOut(Change change) {
        if (change instanceof Change.AddService add) {
            addService(add.service());
        } else if (change instanceof Change.UpdateService update) {
            require(update.before().equals(services.put(update.key(), update.after())), change);
        } else if (change instanceof Change.DeleteService delete) {
            require(delete.server().equals(server(delete.key())), change);
            services.remove(delete.key());
            destinations.remove(delete.key());
        } else if (change instanceof Change.AddDestination add) {
            addDestination(add.service(), add.destination());
        } else if (change instanceof Change.UpdateDestination update) {
            Map<DestinationKey, Destination> present = of(update.service());
            require(update.before().equals(present.put(update.after().key(), update.after())), change);
        } else if (change instanceof Change.DeleteDestination delete) {
            Map<DestinationKey, Destination> present = of(delete.service());
            require(
                    delete.destination()
                            .equals(present.remove(delete.destination().key())),
                    change);
        }
    }

    private void addService(VirtualService service) {
        require(services.put(service.key(), service) == null, service);
        destinations.put(service.key(), new LinkedHashMap<>());
    }

    private void addDestination(ServiceKey service, Destination destination) {
        require(of(service).put(destination.key(), destination) == null, destination);
    }

    private Map<DestinationKey, Destination> of(ServiceKey service) {
        Map<DestinationKey, Destination> present = destinations.get(service);
        require(present != null, service);
        return present == null ? Map.of() : present;
    }

    private static void require(boolean condition, Object what) {
        if (!condition) {
            throw new AssertionError("the kernel would refuse: " + what);
        }
    }

    /** Returns a server if it is there. */
    Optional<VirtualServer> find(ServiceKey key) {
        return services.containsKey(key) ? Optional.of(server(key)) : Optional.empty();
    }

    private VirtualServer server(ServiceKey key) {
        VirtualService service = services.get(key);
        require(service != null, key);
        return new VirtualServer(
                service, destinations.get(key).values().stream().toList());
    }

    IpvsState state() {
        return IpvsState.of(services.keySet().stream().map(this::server).toList());
    }
}
