// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.netlink.Transport;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What all sockets and families of one simulated kernel share. Everything in it is guarded by {@link #lock()}. */
final class KernelContext {
    /** Milliseconds since the start, when the first test looks; anything but 0, which could hide a mistake. */
    private static final long BOOT = 100_000;

    /** Port ids begin where the kernel's random ones may. */
    private static final int FIRST_PORT_ID = 0x8000_0001;

    private final Object lock = new Object();
    private final Map<NetlinkProtocol, Faults> faults = new EnumMap<>(NetlinkProtocol.class);
    private final Set<SimulatedSocket> sockets = new LinkedHashSet<>();
    private final ExchangeLog exchanges = new ExchangeLog();
    private final boolean privileged;
    private final int receiveBuffer;
    private final SocketFeatures features;
    private final KernelRelease release;
    private long now = BOOT;
    private int nextPortId = FIRST_PORT_ID;

    KernelContext(boolean privileged, int receiveBuffer, SocketFeatures features, KernelRelease release) {
        this.release = release;
        this.privileged = privileged;
        this.receiveBuffer = receiveBuffer;
        this.features = features;
        for (NetlinkProtocol protocol : NetlinkProtocol.values()) {
            faults.put(protocol, new Faults(lock));
        }
    }

    Object lock() {
        return lock;
    }

    ExchangeLog exchanges() {
        return exchanges;
    }

    boolean privileged() {
        return privileged;
    }

    int receiveBuffer() {
        return receiveBuffer;
    }

    SocketFeatures features() {
        return features;
    }

    Faults faults(NetlinkProtocol protocol) {
        return Objects.requireNonNull(faults.get(protocol));
    }

    KernelRelease release() {
        return release;
    }

    /** Returns the time that has passed since the kernel was started, in milliseconds. */
    long now() {
        return now;
    }

    void advance(long milliseconds) {
        now += milliseconds;
    }

    /** Opens a socket. */
    Transport open(NetlinkProtocol protocol, ProtocolHandler handler, EventChannel events) {
        synchronized (lock) {
            SimulatedSocket socket = new SimulatedSocket(this, protocol, handler, events, nextPortId++);
            sockets.add(socket);
            return socket;
        }
    }

    void closed(SimulatedSocket socket) {
        sockets.remove(socket);
    }

    /** Returns the sockets that are open and the faults that did not happen, one a line; empty if there are none. */
    String unrest() {
        StringBuilder text = new StringBuilder();
        sockets.forEach(socket -> text.append("\n  open: ").append(socket));
        faults.forEach((protocol, wanted) -> {
            if (!wanted.pending().isEmpty()) {
                text.append("\n  did not happen on ")
                        .append(protocol)
                        .append(": ")
                        .append(wanted.pending());
            }
        });
        return text.isEmpty() ? "" : text + exchanges.toString();
    }
}
