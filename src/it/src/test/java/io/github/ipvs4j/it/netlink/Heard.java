// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.netlink;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Keeps the events of a subscription until a test asks for them.
 *
 * @param <E> type of the events
 */
final class Heard<E> implements Consumer<E> {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final BlockingQueue<E> events = new LinkedBlockingQueue<>();

    @Override
    public void accept(E event) {
        events.add(event);
    }

    /** Takes events until one fits, and returns it; fails with those that came instead. */
    E await(Predicate<? super E> wanted) throws InterruptedException {
        List<E> others = new ArrayList<>();
        return await(wanted, PATIENCE, others)
                .orElseThrow(() -> new AssertionError("the event awaited did not come; these did: " + others));
    }

    /** Takes events until one fits, or none has come for so long, and adds to some others those that do not fit. */
    Optional<E> await(Predicate<? super E> wanted, Duration patience, List<E> others) throws InterruptedException {
        while (true) {
            E event = events.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (event == null || wanted.test(event)) {
                return Optional.ofNullable(event);
            }
            others.add(event);
        }
    }
}
