// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors

/** A simulated kernel that answers netlink requests with the bytes a real one would send. */
module io.github.ipvs4j.testkit {
    requires io.netty.buffer;
    requires transitive io.github.ipvs4j.ipset;
    requires transitive io.github.ipvs4j.ipvs;
    requires transitive io.github.ipvs4j.netlink;
    requires static org.jspecify;
    // Not transitive: whoever uses the kernel without these engines would have to have them all the same.
    requires static net.jqwik.api;
    requires static org.junit.jupiter.api;

    exports io.github.ipvs4j.testkit;

// The provider for jqwik is named in META-INF/services only: a module that provides it cannot be without jqwik.
}
