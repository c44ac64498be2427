// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What an entry carries beside what it is. Adding an entry that is there already, where that is allowed, replaces all
 * of it. {@code toString} gives the text that {@code ipset} uses, for example {@code timeout 5 comment "web"}, and is
 * empty for {@link #NONE}. Immutable.
 *
 * <pre>{@code
 * EntryOptions options = EntryOptions.NONE.withTimeout(60).withComment("web");
 * }</pre>
 */
public final class EntryOptions {
    /** Nothing: the set's own timeout, counters of zero, no comment. */
    public static final EntryOptions NONE =
            new EntryOptions(false, OptionalLong.empty(), null, "", null, null, OptionalInt.empty(), null);

    /** Longest time that the kernel can tell, in seconds; it cuts longer ones to that. */
    public static final long MAX_TIMEOUT = 2_147_483;

    private static final int MAX_COMMENT_BYTES = 255;

    private final boolean nomatch;
    private final OptionalLong timeout;
    private final @Nullable Counters counters;
    private final String comment;
    private final @Nullable Mark mark;
    private final @Nullable Priority priority;
    private final OptionalInt queue;
    private final @Nullable Placement placement;

    private EntryOptions(
            boolean nomatch,
            OptionalLong timeout,
            @Nullable Counters counters,
            String comment,
            @Nullable Mark mark,
            @Nullable Priority priority,
            OptionalInt queue,
            @Nullable Placement placement) {
        this.nomatch = nomatch;
        this.timeout = timeout;
        this.counters = counters;
        this.comment = comment;
        this.mark = mark;
        this.priority = priority;
        this.queue = queue;
        this.placement = placement;
    }

    /**
     * What matched the entry so far.
     *
     * @param packets number of packets, 64 bits without sign; all ones count as not said
     * @param bytes number of bytes, 64 bits without sign; all ones count as not said
     */
    public record Counters(long packets, long bytes) {
        @Override
        public String toString() {
            return "packets " + Long.toUnsignedString(packets) + " bytes " + Long.toUnsignedString(bytes);
        }
    }

    /**
     * The mark that a packet is given.
     *
     * @param mark the bits
     * @param mask which bits are set
     */
    public record Mark(int mark, int mask) {
        @Override
        public String toString() {
            return "skbmark 0x" + Integer.toHexString(mark) + (mask == -1 ? "" : "/0x" + Integer.toHexString(mask));
        }
    }

    /**
     * The traffic-control class that a packet is given.
     *
     * @param major 0 to 65535
     * @param minor 0 to 65535
     */
    public record Priority(int major, int minor) {
        /** Checks the numbers. */
        public Priority {
            requireU16("priority", major);
            requireU16("priority", minor);
        }

        @Override
        public String toString() {
            return "skbprio " + Integer.toHexString(major) + ":" + Integer.toHexString(minor);
        }
    }

    /**
     * Where in a {@code list:set} a member goes; of use only while it is added, deleted or tested.
     *
     * @param before whether directly before the other member, else directly after it
     * @param set name of the other member
     */
    public record Placement(boolean before, String set) {
        /** Checks the name. */
        public Placement {
            SetDefinition.requireName(set);
        }

        @Override
        public String toString() {
            return (before ? "before " : "after ") + set;
        }
    }

    private static void requireU16(String what, int number) {
        if (number < 0 || number > 0xffff) {
            throw new IllegalArgumentException(what + " " + number + ": expected 0 to 65535");
        }
    }

    /**
     * Returns these options with the exception of a network from a larger one that is in the set, or without.
     *
     * @param nomatch whether what matches the entry counts as not in the set
     * @return new options
     */
    public EntryOptions withNomatch(boolean nomatch) {
        return new EntryOptions(nomatch, timeout, counters, comment, mark, priority, queue, placement);
    }

    /**
     * Returns these options with a life time.
     *
     * @param seconds 0 for ever, at most {@link #MAX_TIMEOUT}
     * @return new options
     */
    public EntryOptions withTimeout(long seconds) {
        if (seconds < 0 || seconds > MAX_TIMEOUT) {
            throw new IllegalArgumentException("timeout " + seconds + ": expected 0 to " + MAX_TIMEOUT + " seconds");
        }
        return new EntryOptions(nomatch, OptionalLong.of(seconds), counters, comment, mark, priority, queue, placement);
    }

    /**
     * Returns these options with start values of the counters.
     *
     * @param packets number of packets
     * @param bytes number of bytes
     * @return new options
     */
    public EntryOptions withCounters(long packets, long bytes) {
        return new EntryOptions(
                nomatch, timeout, new Counters(packets, bytes), comment, mark, priority, queue, placement);
    }

    /**
     * Returns these options with a comment.
     *
     * @param text at most 255 bytes in UTF-8 without NUL; empty for none
     * @return new options
     */
    public EntryOptions withComment(String text) {
        if (text.getBytes(StandardCharsets.UTF_8).length > MAX_COMMENT_BYTES || text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException(
                    "comment '" + text + "': expected at most " + MAX_COMMENT_BYTES + " bytes without NUL");
        }
        return new EntryOptions(nomatch, timeout, counters, text, mark, priority, queue, placement);
    }

    /**
     * Returns these options with a mark for the packets.
     *
     * @param bits the mark
     * @param mask which bits are set, -1 for all
     * @return new options
     */
    public EntryOptions withMark(int bits, int mask) {
        return new EntryOptions(nomatch, timeout, counters, comment, new Mark(bits, mask), priority, queue, placement);
    }

    /**
     * Returns these options with a traffic-control class for the packets.
     *
     * @param major 0 to 65535
     * @param minor 0 to 65535
     * @return new options
     */
    public EntryOptions withPriority(int major, int minor) {
        return new EntryOptions(
                nomatch, timeout, counters, comment, mark, new Priority(major, minor), queue, placement);
    }

    /**
     * Returns these options with a hardware queue for the packets.
     *
     * @param number 0 to 65535
     * @return new options
     */
    public EntryOptions withQueue(int number) {
        requireU16("queue", number);
        return new EntryOptions(nomatch, timeout, counters, comment, mark, priority, OptionalInt.of(number), placement);
    }

    /**
     * Returns these options with a place in a {@code list:set}.
     *
     * @param place next to which member
     * @return new options
     */
    public EntryOptions withPlacement(Placement place) {
        return new EntryOptions(nomatch, timeout, counters, comment, mark, priority, queue, place);
    }

    /** Takes over what runs in the kernel, the time left and the counters, where these options leave it open. */
    EntryOptions inheriting(EntryOptions running) {
        return new EntryOptions(
                nomatch,
                timeout.isPresent() ? timeout : running.timeout,
                counters == null ? running.counters : counters,
                comment,
                mark,
                priority,
                queue,
                placement);
    }

    /**
     * Tells whether an entry with these options must be added anew where one with others stands; running ones aside.
     */
    boolean differsFrom(EntryOptions present) {
        boolean permanent = timeout.isPresent() && timeout.getAsLong() == 0;
        boolean staysForEver = present.timeout.isPresent() && present.timeout.getAsLong() == 0;
        return nomatch != present.nomatch
                || !comment.equals(present.comment)
                || !Objects.equals(mark, present.mark)
                || !Objects.equals(priority, present.priority)
                || !queue.equals(present.queue)
                || (timeout.isPresent() && permanent != staysForEver);
    }

    /**
     * Tells whether the entry is an exception.
     *
     * @return whether what matches it counts as not in the set
     */
    public boolean nomatch() {
        return nomatch;
    }

    /**
     * Returns how long the entry lives, or in a listing, still lives.
     *
     * @return in seconds, 0 for ever; empty if it is not said
     */
    public OptionalLong timeout() {
        return timeout;
    }

    /**
     * Returns the counters.
     *
     * @return empty if they are not said
     */
    public Optional<Counters> counters() {
        return Optional.ofNullable(counters);
    }

    /**
     * Returns the comment.
     *
     * @return empty if there is none
     */
    public String comment() {
        return comment;
    }

    /**
     * Returns the mark for packets.
     *
     * @return empty if there is none
     */
    public Optional<Mark> mark() {
        return Optional.ofNullable(mark);
    }

    /**
     * Returns the traffic-control class for packets.
     *
     * @return empty if there is none
     */
    public Optional<Priority> priority() {
        return Optional.ofNullable(priority);
    }

    /**
     * Returns the hardware queue for packets.
     *
     * @return empty if there is none
     */
    public OptionalInt queue() {
        return queue;
    }

    /**
     * Returns the place in a list.
     *
     * @return empty if it is left open
     */
    public Optional<Placement> placement() {
        return Optional.ofNullable(placement);
    }

    /** Tells whether there is nothing. */
    boolean isNone() {
        return !nomatch
                && timeout.isEmpty()
                && counters == null
                && comment.isEmpty()
                && !hasPacketInfo()
                && placement == null;
    }

    /** Tells whether packets get anything. */
    boolean hasPacketInfo() {
        return mark != null || priority != null || queue.isPresent();
    }

    @Override
    public boolean equals(@Nullable Object object) {
        return object instanceof EntryOptions other
                && nomatch == other.nomatch
                && timeout.equals(other.timeout)
                && Objects.equals(counters, other.counters)
                && comment.equals(other.comment)
                && Objects.equals(mark, other.mark)
                && Objects.equals(priority, other.priority)
                && queue.equals(other.queue)
                && Objects.equals(placement, other.placement);
    }

    @Override
    public int hashCode() {
        return Objects.hash(nomatch, timeout, counters, comment, mark, priority, queue, placement);
    }

    /** Returns the text that {@code ipset} uses; a comment with a quotation mark cannot be read again. */
    @Override
    public String toString() {
        return text(false);
    }

    /** Returns the text with the word that belongs to the entry but stands among its options. */
    String text(boolean wildcard) {
        StringBuilder text = new StringBuilder();
        timeout.ifPresent(seconds -> text.append(" timeout ").append(seconds));
        text.append(nomatch ? " nomatch" : "").append(wildcard ? " wildcard" : "");
        append(text, counters);
        if (!comment.isEmpty()) {
            text.append(" comment \"").append(comment).append('"');
        }
        append(text, mark);
        append(text, priority);
        queue.ifPresent(number -> text.append(" skbqueue ").append(number));
        append(text, placement);
        return text.isEmpty() ? "" : text.substring(1);
    }

    private static void append(StringBuilder text, @Nullable Object option) {
        if (option != null) {
            text.append(' ').append(option);
        }
    }
}
