// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One request with one answer: an acknowledgement, or an object.
 *
 * @param <T> type of the result
 */
final class SingleCall<T> extends Call<T> {
    private final Request request;
    private final @Nullable Function<MessageReader, T> decoder;
    private @Nullable T result;

    private SingleCall(Request request, @Nullable Function<MessageReader, T> decoder) {
        this.request = request;
        this.decoder = decoder;
    }

    /** A request that is only acknowledged. */
    static SingleCall<Void> acknowledged(Request request) {
        return new SingleCall<>(request, null);
    }

    /** A request that is answered by one object; no acknowledgement is asked for. */
    static <T> SingleCall<T> answered(Request request, Function<MessageReader, T> decoder) {
        return new SingleCall<>(request, decoder);
    }

    @Override
    void write(Outbox out) {
        out.append(request, decoder == null ? MessageFlags.ACK : 0);
    }

    @Override
    boolean take(int place, MessageReader message) {
        refuse(request, message);
        if (decoder == null) {
            // A request that is only acknowledged may still be echoed or notified to us; its ACK is what counts.
            return message.type() == NetlinkHeader.TYPE_ERROR;
        }
        if (message.type() == NetlinkHeader.TYPE_ERROR) {
            return false;
        }
        settle();
        result = decoder.apply(message);
        return true;
    }

    @Override
    @SuppressWarnings("NullAway") // null is what the acknowledged form and a decoder may well return
    T result() {
        return result;
    }

    @Override
    String describe() {
        return request.describe();
    }
}
