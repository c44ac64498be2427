// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors

/** Netlink as bytes and as conversations: messages and attributes, sockets, requests, dumps, batches and events. */
module io.github.ipvs4j.netlink {
    requires com.sun.jna;
    requires transitive io.netty.buffer;
    requires io.netty.common;
    requires transitive io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires io.netty.transport.unix.common;
    requires static transitive org.jspecify;
    requires org.slf4j;

    exports io.github.ipvs4j.netlink;
}
