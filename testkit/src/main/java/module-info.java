// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors

/** A simulated kernel that answers netlink requests with the bytes a real one would send. */
module io.github.ipvs4j.testkit {
    requires io.netty.buffer;
    requires transitive io.github.ipvs4j.ipvs;
    requires transitive io.github.ipvs4j.netlink;
    requires static org.jspecify;

    exports io.github.ipvs4j.testkit;
}
