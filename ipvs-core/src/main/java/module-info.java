// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors

/** IPVS virtual services and destinations as values, with plans and transactions that bring the kernel to them. */
module io.github.ipvs4j.ipvs {
    requires transitive io.github.ipvs4j.netlink;
    requires static org.jspecify;
    requires org.slf4j;

    exports io.github.ipvs4j.ipvs;
}
