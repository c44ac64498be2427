// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.NetlinkProtocol;
import io.github.ipvs4j.netlink.Transport;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
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

    /** What a test has planned; what is due at one moment happens in the order in which it was planned. */
    private record Appointment(long due, long number, Runnable action) {}

    private final PriorityQueue<Appointment> appointments =
            new PriorityQueue<>(Comparator.comparingLong(Appointment::due).thenComparingLong(Appointment::number));
    private long planned;

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

    /** Lets something happen after so many milliseconds. */
    void plan(long milliseconds, Runnable action) {
        appointments.add(new Appointment(now + milliseconds, planned++, action));
    }

    /**
     * Lets time pass, up to each moment for which something was planned.
     *
     * @param passed lets what is due happen
     */
    void advance(long milliseconds, Runnable passed) {
        long end = now + milliseconds;
        for (Appointment next = appointments.peek(); next != null && next.due() <= end; next = appointments.peek()) {
            appointments.remove();
            now = Math.max(now, next.due());
            passed.run();
            next.action().run();
        }
        now = Math.max(now, end);
        passed.run();
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

    /** Returns the sockets that are open, and the faults and plans that did not happen, a line each; empty for none. */
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
        if (!appointments.isEmpty()) {
            text.append("\n  planned and not due yet: ")
                    .append(appointments.size())
                    .append(" actions");
        }
        return text.isEmpty() ? "" : text + exchanges.toString();
    }
}
