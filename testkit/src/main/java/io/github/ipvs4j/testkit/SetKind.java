// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import java.util.Optional;

/** The set types of the simulated kernel, with the highest revisions of Linux 6.1. */
enum SetKind {
    HASH_IP("hash:ip", "ip_set_hash_ip", 5, 1),
    HASH_IP_PORT("hash:ip,port", "ip_set_hash_ipport", 6, 1 | 2),
    HASH_IP_PORT_IP("hash:ip,port,ip", "ip_set_hash_ipportip", 6, 1 | 2 | 4),
    HASH_IP_PORT_NET("hash:ip,port,net", "ip_set_hash_ipportnet", 8, 1 | 2 | 4 | 8),
    BITMAP_PORT("bitmap:port", "ip_set_bitmap_port", 3, 2);

    private final String typeName;
    private final String module;
    private final int revision;
    private final int features;

    SetKind(String typeName, String module, int revision, int features) {
        this.typeName = typeName;
        this.module = module;
        this.revision = revision;
        this.features = features;
    }

    static Optional<SetKind> named(String name) {
        for (SetKind kind : values()) {
            if (kind.typeName.equals(name)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    String typeName() {
        return typeName;
    }

    String module() {
        return module;
    }

    int revision() {
        return revision;
    }

    /** Returns as bits: address, port, second address, exceptions. Only sets with the same ones can be swapped. */
    int features() {
        return features;
    }

    boolean isHash() {
        return this != BITMAP_PORT;
    }

    boolean hasAddress() {
        return isHash();
    }

    boolean hasPort() {
        return this != HASH_IP;
    }

    boolean hasProtocol() {
        return this == HASH_IP_PORT || hasSecondAddress();
    }

    boolean hasSecondAddress() {
        return this == HASH_IP_PORT_IP || this == HASH_IP_PORT_NET;
    }

    /** Tells whether the second address is that of a network, with its length beside it. */
    boolean hasNetwork() {
        return this == HASH_IP_PORT_NET;
    }
}
