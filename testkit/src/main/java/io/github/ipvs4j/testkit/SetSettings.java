// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.IpFamily;
import org.jspecify.annotations.Nullable;

/**
 * What a set was created with.
 *
 * @param kind its type
 * @param revision of the type, as asked for
 * @param family null for types without addresses
 * @param hashSize number of buckets, a power of two; hash types only
 * @param maxElements unsigned; hash types only
 * @param bucketSize hash types only
 * @param first lowest port; bitmap type only
 * @param last highest port; bitmap type only
 */
record SetSettings(
        SetKind kind,
        int revision,
        @Nullable IpFamily family,
        int hashSize,
        int maxElements,
        int bucketSize,
        int first,
        int last) {
    /**
     * Tells whether the kernel takes a set of the other settings for this one when it is created again. It does not
     * look at the family; that of {@code hash:ip} shows in the netmask, which it does look at.
     *
     * <p>Follows {@code mtype_same_set} in {@code net/netfilter/ipset/ip_set_hash_gen.h}.
     */
    boolean isSame(SetSettings other) {
        return kind == other.kind
                && (kind != SetKind.HASH_IP || family == other.family)
                && maxElements == other.maxElements
                && first == other.first
                && last == other.last;
    }

    boolean isIpv6() {
        return family == IpFamily.IPV6;
    }

    /** Returns the arguments of {@code ipset create} behind the name. */
    @Override
    public String toString() {
        return kind.isHash()
                ? kind.typeName() + " family " + (isIpv6() ? "inet6" : "inet") + " hashsize " + hashSize + " maxelem "
                        + Integer.toUnsignedString(maxElements)
                : kind.typeName() + " range " + first + "-" + last;
    }
}
