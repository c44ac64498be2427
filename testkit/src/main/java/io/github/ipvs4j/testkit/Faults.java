// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.Errno;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

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
        FOREIGN_FIRST
    }

    private final Object lock;
    private final Map<Long, Errno> failures = new HashMap<>();
    private final Map<Long, Fate> fates = new HashMap<>();
    private long requests;
    private long replies;
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

    void beforeRequest() {
        Errno errno = failures.remove(++requests);
        if (errno != null) {
            throw new Refused(errno.number());
        }
    }

    Fate beforeReply() {
        Fate fate = fates.remove(++replies);
        return fate == null ? Fate.DELIVER : fate;
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
        for (long number : new TreeSet<>(failures.keySet())) {
            text.append("refuse request ").append(number - requests).append(" from now; ");
        }
        for (long number : new TreeSet<>(fates.keySet())) {
            text.append(fates.get(number))
                    .append(" reply ")
                    .append(number - replies)
                    .append(" from now; ");
        }
        if (interruptions > 0) {
            text.append("interrupt ").append(interruptions).append(" listings; ");
        }
        return text.toString();
    }
}
