// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A table to which lines of {@code ipvsadm} are applied, and the changes that they are. */
final class IpvsadmTable {
    private final Map<ServiceKey, VirtualService> services = new LinkedHashMap<>();
    private final Map<ServiceKey, Map<DestinationKey, Destination>> destinations = new LinkedHashMap<>();
    private final List<Change> changes = new ArrayList<>();

    IpvsadmTable(IpvsState state) {
        for (VirtualServer server : state.servers()) {
            services.put(server.key(), server.service());
            Map<DestinationKey, Destination> present = new LinkedHashMap<>();
            server.destinations().forEach(destination -> present.put(destination.key(), destination));
            destinations.put(server.key(), present);
        }
    }

    List<Change> changes() {
        return changes;
    }

    IpvsState state() {
        return IpvsState.of(services.keySet().stream().map(this::server).toList());
    }

    private VirtualServer server(ServiceKey key) {
        return new VirtualServer(serviceOf(key), List.copyOf(destinationsOf(key).values()));
    }

    private VirtualService serviceOf(ServiceKey key) {
        return Objects.requireNonNull(services.get(key));
    }

    private Map<DestinationKey, Destination> destinationsOf(ServiceKey key) {
        return Objects.requireNonNull(destinations.get(key));
    }

    void carryOut(IpvsadmLine line) {
        switch (line.command()) {
            case ADD_SERVICE -> addService(line);
            case EDIT_SERVICE -> {
                VirtualService after = IpvsadmValues.service(line);
                changes.add(new Change.UpdateService(serviceOf(existing(line)), after));
                services.put(after.key(), after);
            }
            case DELETE_SERVICE -> deleteService(existing(line));
            case CLEAR -> List.copyOf(services.keySet()).forEach(this::deleteService);
            case ADD_DESTINATION -> addDestination(line);
            case EDIT_DESTINATION -> editDestination(line);
            default -> deleteDestination(line);
        }
    }

    private void addService(IpvsadmLine line) {
        VirtualService service = IpvsadmValues.service(line);
        if (services.putIfAbsent(service.key(), service) != null) {
            throw line.commandWord().wrong("service " + service.key() + " is there already");
        }
        destinations.put(service.key(), new LinkedHashMap<>());
        changes.add(new Change.AddService(service));
    }

    private void deleteService(ServiceKey key) {
        changes.add(new Change.DeleteService(server(key)));
        services.remove(key);
        destinations.remove(key);
    }

    private void addDestination(IpvsadmLine line) {
        ServiceKey service = existing(line);
        Destination destination = IpvsadmValues.destination(line, service);
        if (destinationsOf(service).putIfAbsent(destination.key(), destination) != null) {
            throw line.require(IpvsadmOption.REAL_SERVER)
                    .wrong("service " + service + " has the destination " + destination.key() + " already");
        }
        changes.add(new Change.AddDestination(service, destination));
    }

    private void editDestination(IpvsadmLine line) {
        ServiceKey service = existing(line);
        Destination after = IpvsadmValues.destination(line, service);
        Destination before = present(line, service, after.key());
        destinationsOf(service).put(after.key(), after);
        changes.add(new Change.UpdateDestination(service, before, after));
    }

    private void deleteDestination(IpvsadmLine line) {
        ServiceKey service = existing(line);
        DestinationKey key = IpvsadmValues.destinationKey(line, service);
        Destination before = present(line, service, key);
        destinationsOf(service).remove(key);
        changes.add(new Change.DeleteDestination(service, before));
    }

    private ServiceKey existing(IpvsadmLine line) {
        ServiceKey key = IpvsadmValues.key(line);
        if (!services.containsKey(key)) {
            throw line.commandWord().wrong("there is no service " + key);
        }
        return key;
    }

    private Destination present(IpvsadmLine line, ServiceKey service, DestinationKey key) {
        Destination destination = destinationsOf(service).get(key);
        if (destination == null) {
            throw line.require(IpvsadmOption.REAL_SERVER).wrong("service " + service + " has no destination " + key);
        }
        return destination;
    }
}
