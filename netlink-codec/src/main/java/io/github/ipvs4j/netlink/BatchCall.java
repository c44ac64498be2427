// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Many requests, a datagram of them a round: asks for an acknowledgement of each datagram's last request only, and
 * finds an outcome for every one.
 *
 * <p>The kernel works through a datagram in order, goes on after a refusal, and reports each refusal with its own
 * sequence number. The acknowledgement of the last request therefore proves that all before it were carried out, unless
 * they were refused by name. Where it is missing, or answers were dropped, the outcome is unknown.
 */
final class BatchCall extends Call<List<Outcome>> {
    private final List<? extends Request> requests;
    private final @Nullable Outcome[] outcomes;
    private int first;
    private int sent;
    private boolean overrun;

    BatchCall(List<? extends Request> requests) {
        this.requests = requests;
        this.outcomes = new Outcome[requests.size()];
    }

    @Override
    void write(Outbox out) {
        first = sent;
        while (sent < outcomes.length && append(out)) {
            sent++;
        }
        if (sent > first) {
            out.acknowledgeLast();
        }
    }

    /** Appends the next request that can be written; false where the datagram is to end before it. */
    private boolean append(Outbox out) {
        while (sent < outcomes.length) {
            try {
                return out.append(requests.get(sent), 0);
            } catch (IllegalStateException | IllegalArgumentException e) {
                if (sent > first) {
                    // It is met again as the first of the next datagram, so that places stay without gaps.
                    return false;
                }
                String what = requests.get(sent).describe();
                outcomes[sent] = new Outcome.Unknown(
                        new SocketFailed(what + ": not sent, because it cannot be written: " + e.getMessage(), e));
                sent++;
                first = sent;
            }
        }
        return false;
    }

    @Override
    boolean take(int place, MessageReader message) {
        if (message.type() != NetlinkHeader.TYPE_ERROR) {
            return false;
        }
        int index = first + place;
        if (Reply.error(message) != 0) {
            outcomes[index] = refusal(requests.get(index), message);
        }
        if (index == first && refusesDatagram(message)) {
            for (int i = first + 1; i < sent; i++) {
                outcomes[i] = new Outcome.Rejected(Reply.rejection(requests.get(i), Errno.EPERM, Complaint.NONE));
            }
            return true;
        }
        if (overrun || index != sent - 1) {
            return false;
        }
        for (int i = first; i < sent; i++) {
            if (outcomes[i] == null) {
                outcomes[i] = Outcome.DONE;
            }
        }
        return true;
    }

    private Outcome refusal(Request request, MessageReader message) {
        return request.isSatisfiedBy(new Errno(Reply.error(message)))
                ? Outcome.ALREADY_SO
                : new Outcome.Rejected(rejection(request, message));
    }

    /** nfnetlink checks the capability once for a datagram: it answers the first request and leaves out the others. */
    private boolean refusesDatagram(MessageReader message) {
        // Only where it is negative, as errors should be: hash:ip,mac answers 1 for a bad entry.
        return protocol() == NetlinkProtocol.NETFILTER && message.headerU32(0) == -Errno.EPERM.number();
    }

    @Override
    boolean again() {
        return sent < outcomes.length;
    }

    @Override
    void overrun() {
        // What is still queued names some outcomes; those are worth having.
        overrun = true;
    }

    @Override
    void idle() {
        if (overrun) {
            throw overrun(describe());
        }
    }

    @Override
    List<Outcome> result() {
        return Arrays.asList(outcomes);
    }

    @Override
    List<Outcome> giveUp(NetlinkException failure) {
        for (int i = first; i < sent; i++) {
            if (outcomes[i] == null) {
                outcomes[i] = new Outcome.Unknown(failure);
            }
        }
        for (int i = sent; i < outcomes.length; i++) {
            outcomes[i] = new Outcome.Unknown(new SocketFailed(
                    requests.get(i).describe() + ": not sent, because an earlier request of the batch failed: "
                            + failure.getMessage(),
                    failure));
        }
        return result();
    }

    @Override
    String describe() {
        return requests.get(sent - 1).describe() + " (and " + (sent - first - 1) + " requests before it)";
    }
}
