// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long the kernel remembers an idle connection. A connection takes a new value with its next packet.
 *
 * @param tcp of an established TCP connection, in whole seconds
 * @param tcpFinWait of a TCP connection whose one side has ended it, in whole seconds
 * @param udp between two UDP packets of a client, in whole seconds
 */
public record Timeouts(Duration tcp, Duration tcpFinWait, Duration udp) {
    /** The longest time that every kernel takes, whatever its tick. */
    public static final Duration MAX = Duration.ofSeconds(2_147_483);

    private static final long MAX_WIRE_SECONDS = 0xffff_ffffL;

    /** Checks that the times have whole seconds and fit the kernel's fields. */
    public Timeouts {
        check("tcp", tcp, MAX_WIRE_SECONDS);
        check("tcp fin wait", tcpFinWait, MAX_WIRE_SECONDS);
        check("udp", udp, MAX_WIRE_SECONDS);
    }

    /** Checks what a caller wants to set, as opposed to what some kernel has kept. */
    void checkWanted() {
        check("tcp", tcp, MAX.toSeconds());
        check("tcp fin wait", tcpFinWait, MAX.toSeconds());
        check("udp", udp, MAX.toSeconds());
    }

    private static void check(String what, Duration timeout, long max) {
        long seconds = timeout.toSeconds();
        if (seconds < 0 || seconds > max || !timeout.equals(Duration.ofSeconds(seconds))) {
            throw new IllegalArgumentException(
                    what + " timeout " + timeout + ": expected whole seconds, 0 to " + max + " (0 keeps what is set)");
        }
    }

    /** Returns for example {@code tcp 900 s, tcp fin wait 120 s, udp 300 s}. */
    @Override
    public String toString() {
        return "tcp " + tcp.toSeconds() + " s, tcp fin wait " + tcpFinWait.toSeconds() + " s, udp " + udp.toSeconds()
                + " s";
    }

    // Written out: the JVM makes a record's own when it is first called, which a first sync would wait for.
    @Override
    public boolean equals(@Nullable Object object) {
        return object instanceof Timeouts other
                && tcp.equals(other.tcp)
                && tcpFinWait.equals(other.tcpFinWait)
                && udp.equals(other.udp);
    }

    @Override
    public int hashCode() {
        return (tcp.hashCode() * 31 + tcpFinWait.hashCode()) * 31 + udp.hashCode();
    }
}
