// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A process that answers all who ask with its name, see {@code src/it/lab/echo-server.py}. */
public final class EchoServer implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final BackgroundCommand process;

    private EchoServer(BackgroundCommand process) {
        this.process = process;
    }

    /**
     * Starts one and returns when it listens on all its ports.
     *
     * @param where its network namespace
     * @param name its answer
     * @param listeners its ports
     * @return the running server, to be closed
     */
    public static EchoServer start(Place where, String name, Protocol.Listener... listeners) {
        List<String> words = new ArrayList<>(List.of(Lab.script("echo-server.py"), name));
        for (Protocol.Listener listener : listeners) {
            words.add("--" + listener.protocol().word());
            words.add(Integer.toString(listener.port()));
        }
        BackgroundCommand process = where.start(words.toArray(String[]::new));
        process.awaitLine("ready"::equals, PATIENCE);
        return new EchoServer(process);
    }

    /** Kills it: what it has not answered yet stays so. */
    @Override
    public void close() {
        process.close();
    }
}
