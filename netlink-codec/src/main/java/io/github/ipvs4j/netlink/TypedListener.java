// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Turns the messages of a subscription, its losses and its end into the events of one family.
 *
 * @param reader makes an event of a message; empty for messages about other things
 * @param lost tells that events were lost
 * @param ended tells that the subscription ended
 * @param consumer takes the events
 * @param <E> type of the events
 */
record TypedListener<E>(
        Function<MessageReader, Optional<E>> reader,
        E lost,
        Function<NetlinkException, E> ended,
        Consumer<? super E> consumer)
        implements NetlinkEvents.Listener {
    @Override
    public void message(MessageReader message) {
        reader.apply(message).ifPresent(consumer);
    }

    @Override
    public void overrun() {
        consumer.accept(lost);
    }

    @Override
    public void failed(NetlinkException failure) {
        consumer.accept(ended.apply(failure));
    }
}
