// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.netlink;

import java.util.ArrayList;
import java.util.List;
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
    private static final int PATIENCE_SECONDS = 20;

    private final BlockingQueue<E> events = new LinkedBlockingQueue<>();

    @Override
    public void accept(E event) {
        events.add(event);
    }

    /** Takes events until one fits, and returns it; fails with those that came instead. */
    E await(Predicate<? super E> wanted) throws InterruptedException {
        return take(wanted, new ArrayList<>());
    }

    /** Takes events until one fits, and returns those before it. */
    List<E> takeUntil(Predicate<? super E> wanted) throws InterruptedException {
        List<E> others = new ArrayList<>();
        take(wanted, others);
        return others;
    }

    private E take(Predicate<? super E> wanted, List<E> others) throws InterruptedException {
        while (true) {
            E event = events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (event == null) {
                throw new AssertionError("the event awaited did not come; these did: " + others);
            }
            if (wanted.test(event)) {
                return event;
            }
            others.add(event);
        }
    }

    /** Takes events until none has come for a second. */
    void awaitSilence() throws InterruptedException {
        while (events.poll(1, TimeUnit.SECONDS) != null) {
            // Not of interest.
        }
    }
}
