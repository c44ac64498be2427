// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** The set types of Linux: what their elements are made of, and their highest revisions. */
enum SetKind {
    BITMAP_IP("bitmap:ip", 3, 3, Part.HOST),
    BITMAP_IP_MAC("bitmap:ip,mac", 3, 3, Part.HOST, Part.MAC),
    BITMAP_PORT("bitmap:port", 3, 3, Part.PORT),
    HASH_IP("hash:ip", 5, 6, Part.HOST),
    HASH_MAC("hash:mac", 1, 1, Part.MAC),
    HASH_IP_MAC("hash:ip,mac", 1, 1, Part.HOST, Part.MAC),
    HASH_IP_MARK("hash:ip,mark", 3, 3, Part.HOST, Part.MARK),
    HASH_NET("hash:net", 7, 7, Part.NET),
    HASH_NET_NET("hash:net,net", 3, 4, Part.NET, Part.SECOND_NET),
    HASH_IP_PORT("hash:ip,port", 6, 7, Part.HOST, Part.PORT),
    HASH_NET_PORT("hash:net,port", 8, 8, Part.NET, Part.PORT),
    HASH_IP_PORT_IP("hash:ip,port,ip", 6, 6, Part.HOST, Part.PORT, Part.SECOND_HOST),
    HASH_IP_PORT_NET("hash:ip,port,net", 8, 8, Part.HOST, Part.PORT, Part.SECOND_NET),
    HASH_NET_PORT_NET("hash:net,port,net", 3, 3, Part.NET, Part.PORT, Part.SECOND_NET),
    HASH_NET_INTERFACE("hash:net,iface", 8, 8, Part.NET, Part.DEVICE),
    LIST_SET("list:set", 3, 3, Part.SET);

    /** What an element can be made of; the number is a bit of what sets must share to be swapped. */
    enum Part {
        HOST(1),
        NET(1),
        PORT(2),
        MAC(4),
        SECOND_HOST(8),
        SECOND_NET(8),
        SET(16),
        DEVICE(32),
        MARK(64);

        private final int feature;

        Part(int feature) {
            this.feature = feature;
        }
    }

    private static final int NOMATCH_FEATURE = 128;

    private final String typeName;
    private final int revisionOf61;
    private final int revisionSince612;

    @SuppressWarnings("ImmutableEnumChecker") // Filled here and never changed.
    private final Set<Part> parts;

    SetKind(String typeName, int revisionOf61, int revisionSince612, Part first, Part... more) {
        this.typeName = typeName;
        this.revisionOf61 = revisionOf61;
        this.revisionSince612 = revisionSince612;
        this.parts = EnumSet.of(first, more);
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

    /** Returns for example {@code ip_set_hash_netport}. */
    String module() {
        return "ip_set_" + typeName.replace(":", "_").replace(",", "");
    }

    int revision(KernelRelease release) {
        return release == KernelRelease.LINUX_6_1 ? revisionOf61 : revisionSince612;
    }

    /** Returns what must be the same in two sets that are to be swapped, as bits. */
    int features() {
        int features = hasNetworks() ? NOMATCH_FEATURE : 0;
        for (Part part : parts) {
            features |= part.feature;
        }
        return features;
    }

    /** Tells whether sets of this kind can be of a family; the hash types say no in another way. */
    boolean takes(int family) {
        return family == IpsetNumbers.FAMILY_IPV4 || (this != BITMAP_IP && this != BITMAP_IP_MAC);
    }

    boolean isHash() {
        return typeName.startsWith("hash:");
    }

    boolean isBitmap() {
        return typeName.startsWith("bitmap:");
    }

    boolean has(Part part) {
        return parts.contains(part);
    }

    /** Tells whether an element has a first address, of a host or a network. */
    boolean hasAddress() {
        return has(Part.HOST) || has(Part.NET);
    }

    boolean hasSecond() {
        return has(Part.SECOND_HOST) || has(Part.SECOND_NET);
    }

    boolean hasProtocol() {
        return has(Part.PORT) && isHash();
    }

    boolean hasNetworks() {
        return has(Part.NET) || has(Part.SECOND_NET);
    }

    /** Tells whether a set may count a part of its addresses only. */
    boolean hasMask(KernelRelease release) {
        return this == HASH_IP || (release.hasBitmasks() && (this == HASH_IP_PORT || this == HASH_NET_NET));
    }

    /** Tells whether a request may name a last address. */
    boolean hasRange() {
        return hasAddress() && !has(Part.MAC);
    }
}
