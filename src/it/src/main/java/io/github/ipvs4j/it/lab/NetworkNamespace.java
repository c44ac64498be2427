// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.lab;

import java.util.List;

/** A network namespace of the lab with a name, and with its loopback device up. */
public final class NetworkNamespace implements Place, AutoCloseable {

    private final String name;

    private NetworkNamespace(String name) {
        this.name = name;
    }

    /**
     * Creates one.
     *
     * @param name as {@code ip netns} knows it
     * @return the namespace, to be closed
     * @throws CommandFailedException if there is one with that name
     */
    public static NetworkNamespace create(String name) {
        NetworkNamespace created = add(name);
        created.configure("link set lo up");
        return created;
    }

    /** Creates one whose loopback device is still down. */
    static NetworkNamespace add(String name) {
        HERE.run("ip", "netns", "add", name);
        return new NetworkNamespace(name);
    }

    @Override
    public void configure(String lines) {
        HERE.feed(lines, "ip", "-netns", name, "-batch", "-");
    }

    /**
     * What {@code ip netns} calls it.
     *
     * @return its name
     */
    public String name() {
        return name;
    }

    @Override
    public List<String> prefix() {
        return List.of("ip", "netns", "exec", name);
    }

    /** Kills all that runs in it, and deletes it with its devices and connections. */
    @Override
    public void close() {
        HERE.run("sh", "-c", "ip netns pids \"$0\" | xargs -r kill -KILL; ip netns delete \"$0\"", name);
    }
}
