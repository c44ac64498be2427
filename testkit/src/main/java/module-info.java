// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors

/** A simulated kernel that answers netlink requests with the bytes a real one would send. */
module io.github.ipvs4j.testkit {
    requires io.netty.buffer;
    requires transitive io.github.ipvs4j.ipset;
    requires transitive io.github.ipvs4j.ipvs;
    requires transitive io.github.ipvs4j.netlink;
    requires static org.jspecify;
    requires static transitive net.jqwik.api;
    requires static transitive org.junit.jupiter.api;

    exports io.github.ipvs4j.testkit;

    // jqwik finds it on the class path by META-INF/services.
    provides net.jqwik.api.providers.ArbitraryProvider with
            io.github.ipvs4j.testkit.LibraryValuesProvider;
}
