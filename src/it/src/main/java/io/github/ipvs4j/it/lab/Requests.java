// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Requests that are being sent again and again until stopped. */
public final class Requests implements AutoCloseable {

    static final String READY = "ready";

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final BackgroundCommand requester;

    private Requests(BackgroundCommand requester) {
        this.requester = requester;
    }

    static String[] words(Protocol protocol, String address, int port, String... options) {
        List<String> words =
                new ArrayList<>(List.of(Lab.script("requester.py"), protocol.word(), address, Integer.toString(port)));
        words.addAll(List.of(options));
        return words.toArray(String[]::new);
    }

    /** Returns after the first answer (or failure), so that what is done next happens between requests. */
    static Requests start(Place from, String... words) {
        Requests requests = new Requests(from.start(words));
        requests.requester.awaitLine(line -> !line.equals(READY), PATIENCE);
        return requests;
    }

    /**
     * The answers so far; it goes on.
     *
     * @return those that have come
     */
    public Answers soFar() {
        return Answers.parse(String.join("\n", requester.lines()));
    }

    /**
     * Waits until further requests have been answered, or failed.
     *
     * @param count how many more than now
     */
    public void await(int count) {
        int[] left = {requester.lines().size() + count};
        requester.awaitLine(line -> --left[0] <= 0, PATIENCE);
    }

    /**
     * Ends it after the request under way.
     *
     * @return all the answers
     */
    public Answers stop() {
        requester.endInput();
        return Answers.parse(requester.await().output());
    }

    /** Ends it without asking for the answers. */
    @Override
    public void close() {
        requester.close();
    }
}
