// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import java.util.ArrayList;
import java.util.List;

/**
 * One step of a plan: what is done by one request to the kernel, together with what it takes to undo it.
 */
public sealed interface Change {
    /**
     * Returns the service which is changed, or whose destination is.
     *
     * @return its key
     */
    ServiceKey key();

    /**
     * Returns what undoes this change once it has been carried out.
     *
     * @return one change; more where a service is added again with its destinations
     */
    List<Change> inverse();

    /**
     * Says in words what is done.
     *
     * @return for example {@code add service tcp 10.96.0.10:80 (rr)}
     */
    default String describe() {
        return IpvsRequest.of(this).describe();
    }

    /**
     * Adds a service, without destinations.
     *
     * @param service the new one
     */
    record AddService(VirtualService service) implements Change {
        @Override
        public ServiceKey key() {
            return service.key();
        }

        @Override
        public List<Change> inverse() {
            return List.of(new DeleteService(VirtualServer.of(service)));
        }
    }

    /**
     * Replaces the attributes of a service; its destinations and connections stay.
     *
     * @param before what it is
     * @param after what it shall be, with the same key
     */
    record UpdateService(VirtualService before, VirtualService after) implements Change {
        /** Refuses two services that are not the same one. */
        public UpdateService {
            if (!before.key().equals(after.key())) {
                throw new IllegalArgumentException(
                        "update of service " + before.key() + ": cannot become " + after.key());
            }
        }

        @Override
        public ServiceKey key() {
            return after.key();
        }

        @Override
        public List<Change> inverse() {
            return List.of(new UpdateService(after, before));
        }
    }

    /**
     * Deletes a service; the kernel drops its destinations with it.
     *
     * @param server what it is, with its destinations
     */
    record DeleteService(VirtualServer server) implements Change {
        @Override
        public ServiceKey key() {
            return server.key();
        }

        @Override
        public List<Change> inverse() {
            List<Change> changes = new ArrayList<>(1 + server.destinations().size());
            changes.add(new AddService(server.service()));
            server.destinations().forEach(destination -> changes.add(new AddDestination(server.key(), destination)));
            return List.copyOf(changes);
        }
    }

    /**
     * Adds a destination to a service.
     *
     * @param service key of the service
     * @param destination the new one
     */
    record AddDestination(ServiceKey service, Destination destination) implements Change {
        @Override
        public ServiceKey key() {
            return service;
        }

        @Override
        public List<Change> inverse() {
            return List.of(new DeleteDestination(service, destination));
        }
    }

    /**
     * Replaces the attributes of a destination; its place in the service and its connections stay.
     *
     * @param service key of the service
     * @param before what it is
     * @param after what it shall be, with the same key
     */
    record UpdateDestination(ServiceKey service, Destination before, Destination after) implements Change {
        /** Refuses two destinations that are not the same one. */
        public UpdateDestination {
            if (!before.hasKeyOf(after)) {
                throw new IllegalArgumentException("update of destination " + before.key() + " of service " + service
                        + ": cannot become " + after.key());
            }
        }

        @Override
        public ServiceKey key() {
            return service;
        }

        @Override
        public List<Change> inverse() {
            return List.of(new UpdateDestination(service, after, before));
        }
    }

    /**
     * Deletes a destination of a service; the kernel drops the packets of its connections from then on.
     *
     * @param service key of the service
     * @param destination what it is
     */
    record DeleteDestination(ServiceKey service, Destination destination) implements Change {
        @Override
        public ServiceKey key() {
            return service;
        }

        @Override
        public List<Change> inverse() {
            return List.of(new AddDestination(service, destination));
        }
    }
}
