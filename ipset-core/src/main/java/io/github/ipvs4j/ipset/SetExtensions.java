// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What the entries of a set carry beside what they are. {@code toString} gives the text that {@code ipset create}
 * takes, empty for {@link #NONE}.
 *
 * @param timeout seconds that an entry lives unless it says otherwise, 0 for ever; empty if entries have no life time
 * @param counters whether they count packets and bytes
 * @param comment whether they may have comments
 * @param packetInfo whether they may give packets marks, priorities and queues ({@code skbinfo})
 */
public record SetExtensions(OptionalLong timeout, boolean counters, boolean comment, boolean packetInfo) {
    /** Nothing. */
    public static final SetExtensions NONE = new SetExtensions(OptionalLong.empty(), false, false, false);

    /** Checks the time. */
    public SetExtensions {
        if (timeout.isPresent() && (timeout.getAsLong() < 0 || timeout.getAsLong() > EntryOptions.MAX_TIMEOUT)) {
            throw new IllegalArgumentException(
                    "timeout " + timeout.getAsLong() + ": expected 0 to " + EntryOptions.MAX_TIMEOUT + " seconds");
        }
    }

    /** Tells whether an entry of a set with these can carry the options. */
    boolean allow(EntryOptions options) {
        return (timeout.isPresent() || options.timeout().isEmpty())
                && (counters || options.counters().isEmpty())
                && (comment || options.comment().isEmpty())
                && (packetInfo || !options.hasPacketInfo());
    }

    /** Returns the text that {@code ipset create} takes. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        timeout.ifPresent(seconds -> text.append(" timeout ").append(seconds));
        text.append(counters ? " counters" : "");
        text.append(comment ? " comment" : "");
        text.append(packetInfo ? " skbinfo" : "");
        return text.isEmpty() ? "" : text.substring(1);
    }

    // Written out: the JVM makes a record's own when it is first called, which a first sync would wait for.
    @Override
    public boolean equals(@Nullable Object object) {
        return object instanceof SetExtensions other
                && timeout.equals(other.timeout)
                && counters == other.counters
                && comment == other.comment
                && packetInfo == other.packetInfo;
    }

    @Override
    public int hashCode() {
        return Objects.hash(timeout, counters, comment, packetInfo);
    }
}
