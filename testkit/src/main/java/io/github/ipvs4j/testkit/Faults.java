// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.Errno;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is to go wrong with one protocol of a {@link SimulatedKernel}. Requests and replies are counted over all sockets
 * of the protocol, from the moment a fault is asked for: 1 is the next one. Every part of a listing is a reply. A fault
 * happens once.
 *
 * <pre>{@code
 * kernel.faults(NetlinkProtocol.GENERIC).failRequest(3, Errno.EBUSY);
 * }</pre>
 */
public final class Faults {
    /** What becomes of a reply. */
    enum Fate {
        DELIVER,
        LOSE,
        OVERRUN,
        FOREIGN_FIRST,
        DUPLICATE,
        OVERTAKEN
    }

    private final Object lock;
    private final Map<Long, Errno> failures = new HashMap<>();
    private final Map<Long, Fate> fates = new HashMap<>();
    private final Map<Long, Integer> delays = new HashMap<>();
    private final Map<Long, Runnable> requestActions = new HashMap<>();
    private final Map<Long, Runnable> datagramActions = new HashMap<>();
    private final Map<Long, Runnable> dumpActions = new HashMap<>();
    private final Set<Long> refusedDatagrams = new TreeSet<>();
    private long requests;
    private long replies;
    private long datagrams;
    private long dumps;
    private int interruptions;

    Faults(Object lock) {
        this.lock = lock;
    }

    /**
     * Refuses a request instead of carrying it out.
     *
     * @param number 1 for the next request
     * @param errno what it is answered with
     * @return this
     */
    public Faults failRequest(int number, Errno errno) {
        synchronized (lock) {
            failures.put(requests + positive(number), errno);
            return this;
        }
    }

    /**
     * Loses a reply without a trace; what it answers was carried out.
     *
     * @param number 1 for the next reply
     * @return this
     */
    public Faults loseReply(int number) {
        return arm(number, Fate.LOSE);
    }

    /**
     * Lets the client's receive buffer be full when a reply comes: this and every later reply is dropped until the
     * client has emptied the buffer, and the client is told so ({@code ENOBUFS}).
     *
     * @param number 1 for the next reply
     * @return this
     */
    public Faults overrunAtReply(int number) {
        return arm(number, Fate.OVERRUN);
    }

    /**
     * Lets two errors come before a reply, one for a request that was never sent, one for that of another socket.
     *
     * @param number 1 for the next reply
     * @return this
     */
    public Faults foreignReplyBefore(int number) {
        return arm(number, Fate.FOREIGN_FIRST);
    }

    /**
     * Calls listings disturbed, as if somebody had changed the objects between their first and second part. Only links
     * and addresses can tell.
     *
     * @param count how many of the next listings
     * @return this
     */
    public Faults interruptDumps(int count) {
        synchronized (lock) {
            interruptions += positive(count);
            return this;
        }
    }

    /**
     * Lets a reply come twice.
     *
     * @param number 1 for the next reply
     * @return this
     */
    public Faults duplicateReply(int number) {
        return arm(number, Fate.DUPLICATE);
    }

    /**
     * Lets a reply be overtaken by the one after it on the same socket, if there is one by the time the client looks.
     *
     * @param number 1 for the next reply
     * @return this
     */
    public Faults reorderReply(int number) {
        return arm(number, Fate.OVERTAKEN);
    }

    /**
     * Lets a reply, and all that come after it on its socket, be late.
     *
     * @param number 1 for the next reply
     * @param looks how often the client looks for it in vain; each time it waits about a millisecond
     * @return this
     */
    public Faults delayReply(int number, int looks) {
        synchronized (lock) {
            delays.put(replies + positive(number), positive(looks));
            return this;
        }
    }

    /**
     * Lets the system refuse a datagram, so that sending it fails and nothing in it is carried out.
     *
     * @param number 1 for the next datagram
     * @return this
     */
    public Faults refuseDatagram(int number) {
        synchronized (lock) {
            refusedDatagrams.add(datagrams + positive(number));
            return this;
        }
    }

    /**
     * Lets somebody else act before a request is carried out. The action may use other clients of the same kernel, on
     * its own thread, but not the client whose request it is.
     *
     * @param number 1 for the next request
     * @param action what the other one does
     * @return this
     */
    public Faults beforeRequest(int number, Runnable action) {
        return arm(requestActions, requests + positive(number), action);
    }

    /**
     * Lets somebody else act before the first request of a datagram: between two batches, for example.
     *
     * @param number 1 for the next datagram
     * @param action what the other one does; see {@link #beforeRequest}
     * @return this
     */
    public Faults beforeDatagram(int number, Runnable action) {
        return arm(datagramActions, datagrams + positive(number), action);
    }

    /**
     * Lets somebody else act between the first and the second part of a listing. The second part of a short listing is
     * its end.
     *
     * @param number 1 for the next listing
     * @param action what the other one does; see {@link #beforeRequest}
     * @return this
     */
    public Faults duringDump(int number, Runnable action) {
        return arm(dumpActions, dumps + positive(number), action);
    }

    private Faults arm(Map<Long, Runnable> actions, long number, Runnable action) {
        synchronized (lock) {
            actions.put(number, action);
            return this;
        }
    }

    private Faults arm(int number, Fate fate) {
        synchronized (lock) {
            fates.put(replies + positive(number), fate);
            return this;
        }
    }

    private static int positive(int number) {
        if (number < 1) {
            throw new IllegalArgumentException("number " + number + ": expected 1 for the next one, or more");
        }
        return number;
    }

    /** Returns false if the system refuses the datagram that is about to be sent. */
    boolean beforeDatagram() {
        run(datagramActions.remove(++datagrams));
        return !refusedDatagrams.remove(datagrams);
    }

    private static void run(@Nullable Runnable action) {
        if (action != null) {
            action.run();
        }
    }

    void beforeRequest() {
        long number = ++requests;
        run(requestActions.remove(number));
        Errno errno = failures.remove(number);
        if (errno != null) {
            throw new Refused(errno.number());
        }
    }

    Fate beforeReply() {
        Fate fate = fates.remove(++replies);
        return fate == null ? Fate.DELIVER : fate;
    }

    /** Returns how often the client looks in vain for the reply that {@link #beforeReply} was called for last. */
    int delay() {
        Integer looks = delays.remove(replies);
        return looks == null ? 0 : looks;
    }

    /** Returns what is to happen before the second part of the listing that begins. */
    @Nullable
    Runnable beginDump() {
        return dumpActions.remove(++dumps);
    }

    boolean interruptsDump() {
        if (interruptions == 0) {
            return false;
        }
        interruptions--;
        return true;
    }

    /** Returns what was asked for and has not happened, in words. */
    String pending() {
        StringBuilder text = new StringBuilder();
        append(text, failures.keySet(), requests, "refuse request ");
        for (long number : new TreeSet<>(fates.keySet())) {
            append(text, Set.of(number), replies, fates.get(number) + " reply ");
        }
        append(text, delays.keySet(), replies, "delay reply ");
        append(text, refusedDatagrams, datagrams, "refuse datagram ");
        append(text, requestActions.keySet(), requests, "act before request ");
        append(text, datagramActions.keySet(), datagrams, "act before datagram ");
        append(text, dumpActions.keySet(), dumps, "act during listing ");
        if (interruptions > 0) {
            text.append("interrupt ").append(interruptions).append(" listings; ");
        }
        return text.toString();
    }

    private static void append(StringBuilder text, Set<Long> numbers, long past, String what) {
        for (long number : new TreeSet<>(numbers)) {
            text.append(what).append(number - past).append(" from now; ");
        }
    }
}
