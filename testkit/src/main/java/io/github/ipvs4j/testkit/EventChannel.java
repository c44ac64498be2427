// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.MessageWriter;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Tells the sockets of one protocol in one network namespace what happened, as far as they have joined the groups. */
final class EventChannel {
    private final Map<Integer, Set<SimulatedSocket>> listeners = new LinkedHashMap<>();

    void join(SimulatedSocket socket, int group) {
        listeners.computeIfAbsent(group, number -> new LinkedHashSet<>()).add(socket);
    }

    void leave(SimulatedSocket socket) {
        listeners.values().forEach(sockets -> sockets.remove(socket));
    }

    /**
     * Sends an event.
     *
     * @param group who hears of it
     * @param sequence of the request that caused it, 0 where the family does not tell
     * @param portId of the client that caused it, 0 for none
     */
    void send(int group, int sequence, int portId, int type, int flags, Consumer<MessageWriter> body) {
        Set<SimulatedSocket> sockets = listeners.getOrDefault(group, Set.of());
        if (sockets.isEmpty()) {
            return;
        }
        Datagram datagram = new Datagram(sequence, portId, Integer.MAX_VALUE);
        body.accept(datagram.begin(type, flags));
        datagram.end();
        byte[] event = datagram.toBytes();
        sockets.forEach(socket -> socket.notify(event));
    }
}
