// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

/** A listing, begun anew a few times when the kernel calls it disturbed. */
final class DumpCall extends Call<DumpResult> {
    private static final int ATTEMPTS = 5;

    private final Request request;
    private final DumpConsumer consumer;
    private int attempt;
    private int messages;
    private boolean consistent;

    DumpCall(Request request, DumpConsumer consumer) {
        this.request = request;
        this.consumer = consumer;
    }

    @Override
    void write(Outbox out) {
        if (attempt > 0) {
            consumer.restart();
        }
        attempt++;
        messages = 0;
        consistent = true;
        out.append(request, MessageFlags.DUMP);
    }

    @Override
    void carriedOut(Transport transport) {
        consumer.prepared(transport::waitingMemory);
    }

    @Override
    boolean take(int place, MessageReader message) {
        refuse(request, message);
        // The flag may stand on any message and be gone on later ones.
        consistent &= (message.flags() & MessageFlags.DUMP_INTERRUPTED) == 0;
        if (message.type() == NetlinkHeader.TYPE_DONE) {
            return true;
        }
        if (message.type() != NetlinkHeader.TYPE_ERROR) {
            messages++;
            consumer.accept(message);
        }
        return false;
    }

    @Override
    boolean again() {
        return !consistent && attempt < ATTEMPTS;
    }

    @Override
    DumpResult result() {
        return new DumpResult(consistent, messages);
    }

    @Override
    String describe() {
        return request.describe();
    }
}
