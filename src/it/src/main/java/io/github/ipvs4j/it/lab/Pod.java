// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.it.lab;

import java.util.ArrayList;
import java.util.List;

/** A pod: a network namespace with one device on its node's bridge, an address of each family, and echo servers. */
public final class Pod implements Place, AutoCloseable {

    private final NetworkNamespace namespace;
    private final String ipv4;
    private final String ipv6;
    private final List<EchoServer> servers = new ArrayList<>();

    Pod(NetworkNamespace namespace, String ipv4, String ipv6) {
        this.namespace = namespace;
        this.ipv4 = ipv4;
        this.ipv6 = ipv6;
    }

    /**
     * The pod's name, with which its servers answer.
     *
     * @return also the name of its namespace
     */
    public String name() {
        return namespace.name();
    }

    /**
     * Its IPv4 address.
     *
     * @return in the usual notation
     */
    public String ipv4() {
        return ipv4;
    }

    /**
     * Its IPv6 address.
     *
     * @return in the usual notation
     */
    public String ipv6() {
        return ipv6;
    }

    /**
     * Starts an echo server in the pod; it listens when this returns, and ends with the pod.
     *
     * @param listeners its ports
     * @return this pod
     */
    public Pod serve(Protocol.Listener... listeners) {
        servers.add(EchoServer.start(this, name(), listeners));
        return this;
    }

    @Override
    public List<String> prefix() {
        return namespace.prefix();
    }

    @Override
    public void configure(String lines) {
        namespace.configure(lines);
    }

    /** Ends its servers, and all else that runs in it, and deletes it. */
    @Override
    public void close() {
        servers.forEach(EchoServer::close);
        servers.clear();
        namespace.close();
    }
}
