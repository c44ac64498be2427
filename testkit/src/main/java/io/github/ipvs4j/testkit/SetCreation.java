// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.IpFamily;
import org.jspecify.annotations.Nullable;

/**
 * Reads the request to create a set.
 *
 * <p>Follows {@code ip_set_create} in {@code net/netfilter/ipset/ip_set_core.c}, the {@code TYPE_create} of
 * {@code ip_set_hash_gen.h} and {@code bitmap_port_create}. Not simulated, and answered with {@code EOPNOTSUPP}:
 * timeouts, counters, comments, forceadd, skbinfo, netmasks.
 */
final class SetCreation {
    private static final int DEFAULT_HASH_SIZE = 1024;
    private static final int SMALLEST_HASH_SIZE = 64;
    private static final int DEFAULT_MAX_ELEMENTS = 65536;
    private static final int LARGEST_BUCKET = 12;
    private static final int SMALLEST_BUCKET = 2;

    /** A table of pointers must be addressable with 31 bits. */
    private static final long LARGEST_HASH_SIZE = 1L << 27;

    private SetCreation() {}

    /** Reads what stands beside name and type; the nest of options may be missing for hash types. */
    static SetSettings read(SetKind kind, int revision, int family, Attributes top) {
        if (!top.has(IpsetNumbers.ATTR_DATA)) {
            return kind.isHash() ? hash(kind, revision, family, null) : malformed();
        }
        Attributes options;
        try {
            options = top.nestedStrict(IpsetNumbers.ATTR_DATA, IpsetPolicies.create(kind));
        } catch (Refused ignored) {
            return malformed();
        }
        return kind.isHash() ? hash(kind, revision, family, options) : bitmap(kind, revision, options);
    }

    private static SetSettings malformed() {
        throw new Refused(IpsetNumbers.ERR_PROTOCOL);
    }

    private static SetSettings hash(SetKind kind, int revision, int family, @Nullable Attributes options) {
        IpFamily known = IpFamily.find(family).orElseThrow(() -> new Refused(IpsetNumbers.ERR_INVALID_FAMILY));
        int hashSize = DEFAULT_HASH_SIZE;
        int maxElements = DEFAULT_MAX_ELEMENTS;
        int bucketSize = LARGEST_BUCKET;
        if (options != null) {
            requireNetworkOrder(
                    options,
                    IpsetNumbers.HASH_SIZE,
                    IpsetNumbers.MAX_ELEMENTS,
                    IpsetNumbers.TIMEOUT,
                    IpsetNumbers.CADT_FLAGS);
            checkNetmask(kind, known, options);
            hashSize = options.has(IpsetNumbers.HASH_SIZE) ? buckets(options.i32be(IpsetNumbers.HASH_SIZE)) : hashSize;
            maxElements =
                    options.has(IpsetNumbers.MAX_ELEMENTS) ? options.i32be(IpsetNumbers.MAX_ELEMENTS) : maxElements;
            bucketSize = options.has(IpsetNumbers.BUCKET_SIZE)
                    ? bucketSize(options.u8(IpsetNumbers.BUCKET_SIZE))
                    : bucketSize;
            refuseExtensions(options);
        }
        return new SetSettings(kind, revision, known, hashSize, maxElements, bucketSize, 0, 0);
    }

    private static SetSettings bitmap(SetKind kind, int revision, Attributes options) {
        if (!options.has(IpsetNumbers.PORT) || !options.has(IpsetNumbers.PORT_TO)) {
            return malformed();
        }
        requireNetworkOrder(
                options, IpsetNumbers.PORT, IpsetNumbers.PORT_TO, IpsetNumbers.TIMEOUT, IpsetNumbers.CADT_FLAGS);
        refuseExtensions(options);
        int from = options.u16be(IpsetNumbers.PORT);
        int to = options.u16be(IpsetNumbers.PORT_TO);
        return new SetSettings(kind, revision, null, 0, 0, 0, Math.min(from, to), Math.max(from, to));
    }

    private static void requireNetworkOrder(Attributes options, int... types) {
        for (int type : types) {
            if (options.has(type) && !options.isNetworkOrder(type)) {
                malformed();
            }
        }
    }

    private static void checkNetmask(SetKind kind, IpFamily family, Attributes options) {
        if (kind == SetKind.HASH_IP && options.has(IpsetNumbers.NETMASK)) {
            int netmask = options.u8(IpsetNumbers.NETMASK);
            if (netmask == 0 || netmask > family.maxPrefixLength()) {
                throw new Refused(IpsetNumbers.ERR_INVALID_NETMASK);
            }
            if (netmask != family.maxPrefixLength()) {
                throw new Refused(ErrorNumbers.EOPNOTSUPP);
            }
        }
    }

    private static void refuseExtensions(Attributes options) {
        boolean flagged = options.has(IpsetNumbers.CADT_FLAGS) && options.i32be(IpsetNumbers.CADT_FLAGS) != 0;
        if (flagged || options.has(IpsetNumbers.TIMEOUT)) {
            throw new Refused(ErrorNumbers.EOPNOTSUPP);
        }
    }

    private static int buckets(int wanted) {
        long size = SMALLEST_HASH_SIZE;
        while (size < Integer.toUnsignedLong(wanted)) {
            size <<= 1;
        }
        if (size > LARGEST_HASH_SIZE) {
            throw new Refused(ErrorNumbers.ENOMEM);
        }
        return (int) size;
    }

    private static int bucketSize(int wanted) {
        int clamped = Math.max(SMALLEST_BUCKET, Math.min(LARGEST_BUCKET, wanted));
        return clamped + clamped % 2;
    }
}
