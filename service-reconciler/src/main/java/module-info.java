// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors

/** Kubernetes Services, EndpointSlices and Nodes turned into kernel state and kept in step with it. */
module io.github.ipvs4j.reconciler {
    exports io.github.ipvs4j.reconciler;

    requires transitive io.github.ipvs4j.ipset;
    requires transitive io.github.ipvs4j.ipvs;
    requires io.netty.common;
    requires io.netty.transport.classes.epoll;
    requires jdk.jfr;
    requires static micrometer.core;
    requires static org.jspecify;
    requires org.slf4j;
}
