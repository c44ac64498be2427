// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import io.github.ipvs4j.netlink.Errno;
import io.github.ipvs4j.netlink.GenericRequest;
import io.github.ipvs4j.netlink.MessageWriter;

/** What is asked of the family IPVS. */
sealed interface IpvsRequest extends GenericRequest {
    /** Returns the request that carries out a change. */
    static IpvsRequest of(Change change) {
        if (change instanceof Change.AddDestination add) {
            return new AddDestination(add.service(), add.destination());
        }
        if (change instanceof Change.UpdateDestination update) {
            return new UpdateDestination(update.service(), update.after());
        }
        if (change instanceof Change.DeleteDestination delete) {
            return new DeleteDestination(delete.service(), delete.destination().key());
        }
        if (change instanceof Change.AddService add) {
            return new AddService(add.service());
        }
        return change instanceof Change.UpdateService update
                ? new UpdateService(update.after())
                : new DeleteService(change.key());
    }

    /** Adds a service. */
    record AddService(VirtualService service) implements IpvsRequest {
        @Override
        public int command() {
            return IpvsCommands.NEW_SERVICE;
        }

        @Override
        public void write(MessageWriter out) {
            ServiceEncoder.full(out, service);
        }

        @Override
        public String describe() {
            return "add service " + service.key() + " (" + service.scheduler() + ")";
        }

        @Override
        public String explain(Errno errno) {
            return Explanations.ofAdd(service, errno);
        }
    }

    /** Replaces all attributes of a service. */
    record UpdateService(VirtualService service) implements IpvsRequest {
        @Override
        public int command() {
            return IpvsCommands.SET_SERVICE;
        }

        @Override
        public void write(MessageWriter out) {
            ServiceEncoder.full(out, service);
        }

        @Override
        public String describe() {
            return "update service " + service.key() + " (" + service.scheduler() + ")";
        }

        @Override
        public String explain(Errno errno) {
            return Explanations.ofUpdate(service, errno);
        }
    }

    /** Deletes a service with its destinations. */
    record DeleteService(ServiceKey key) implements IpvsRequest {
        @Override
        public int command() {
            return IpvsCommands.DELETE_SERVICE;
        }

        @Override
        public void write(MessageWriter out) {
            ServiceEncoder.key(out, key);
        }

        @Override
        public String describe() {
            return "delete service " + key;
        }

        @Override
        public String explain(Errno errno) {
            return Explanations.ofKey(key, errno);
        }

        @Override
        public boolean isSatisfiedBy(Errno errno) {
            return errno.equals(Errno.ESRCH);
        }
    }

    /** Reads one service. */
    record GetService(ServiceKey key, String purpose) implements IpvsRequest {
        @Override
        public int command() {
            return IpvsCommands.GET_SERVICE;
        }

        @Override
        public void write(MessageWriter out) {
            ServiceEncoder.key(out, key);
        }

        @Override
        public String describe() {
            return purpose + " " + key;
        }

        @Override
        public String explain(Errno errno) {
            return Explanations.ofKey(key, errno);
        }
    }

    /** Lists all services. */
    record ListServices() implements IpvsRequest {
        @Override
        public int command() {
            return IpvsCommands.GET_SERVICE;
        }

        @Override
        public void write(MessageWriter out) {
            // The kernel ignores attributes here.
        }

        @Override
        public String describe() {
            return "list services";
        }
    }

    /** Adds a destination to a service. */
    record AddDestination(ServiceKey service, Destination destination) implements IpvsRequest {
        @Override
        public int command() {
            return IpvsCommands.NEW_DESTINATION;
        }

        @Override
        public void write(MessageWriter out) {
            ServiceEncoder.key(out, service);
            DestinationEncoder.full(out, destination);
        }

        @Override
        public String describe() {
            return "add destination " + words(destination) + " to service " + service;
        }

        @Override
        public String explain(Errno errno) {
            return Explanations.ofAdd(service, destination, errno);
        }
    }

    /** Replaces all attributes of a destination. */
    record UpdateDestination(ServiceKey service, Destination destination) implements IpvsRequest {
        @Override
        public int command() {
            return IpvsCommands.SET_DESTINATION;
        }

        @Override
        public void write(MessageWriter out) {
            ServiceEncoder.key(out, service);
            DestinationEncoder.full(out, destination);
        }

        @Override
        public String describe() {
            return "update destination " + words(destination) + " of service " + service;
        }

        @Override
        public String explain(Errno errno) {
            return Explanations.ofUpdate(service, destination, errno);
        }
    }

    /** Deletes a destination of a service. */
    record DeleteDestination(ServiceKey service, DestinationKey key) implements IpvsRequest {
        @Override
        public int command() {
            return IpvsCommands.DELETE_DESTINATION;
        }

        @Override
        public void write(MessageWriter out) {
            ServiceEncoder.key(out, service);
            DestinationEncoder.key(out, key);
        }

        @Override
        public String describe() {
            return "delete destination " + key + " of service " + service;
        }

        @Override
        public String explain(Errno errno) {
            return Explanations.ofDelete(service, key, errno);
        }

        @Override
        public boolean isSatisfiedBy(Errno errno) {
            return errno.equals(Errno.ESRCH) || errno.equals(Errno.ENOENT);
        }
    }

    /** Lists the destinations of a service; of a service that is not there, none. */
    record ListDestinations(ServiceKey service) implements IpvsRequest {
        @Override
        public int command() {
            return IpvsCommands.GET_DESTINATION;
        }

        @Override
        public void write(MessageWriter out) {
            ServiceEncoder.key(out, service);
        }

        @Override
        public String describe() {
            return "list destinations of service " + service;
        }
    }

    private static String words(Destination destination) {
        return Ports.join(destination.address(), destination.port()) + " (" + destination.forwarding() + ", weight "
                + destination.weight() + ")";
    }
}
