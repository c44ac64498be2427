// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.testkit.SetSettings.Range;
import org.jspecify.annotations.Nullable;

/**
 * Reads the request to create a set.
 *
 * <p>Follows {@code ip_set_create} in {@code net/netfilter/ipset/ip_set_core.c}, the {@code TYPE_create} of
 * {@code ip_set_hash_gen.h}, {@code bitmap_ip_create}, {@code bitmap_port_create} and {@code list_set_create}.
 */
final class SetCreation {
    private static final int DEFAULT_HASH_SIZE = 1024;
    private static final int SMALLEST_HASH_SIZE = 64;
    private static final int DEFAULT_MAX_ELEMENTS = 65536;
    private static final int LARGEST_BUCKET = 12;
    private static final int SMALLEST_BUCKET = 2;
    private static final int DEFAULT_LIST_SIZE = 8;
    private static final int SMALLEST_LIST_SIZE = 4;
    private static final int LARGEST_BITMAP = 65536;
    private static final int LONGEST = 32;

    /** A table of pointers must be addressable with 31 bits. */
    private static final long LARGEST_HASH_SIZE = 1L << 27;

    private final SetKind kind;
    private final int revision;
    private final int family;
    private final KernelRelease release;
    private final @Nullable Attributes options;

    private SetCreation(SetKind kind, int revision, int family, KernelRelease release, @Nullable Attributes options) {
        this.kind = kind;
        this.revision = revision;
        this.family = family;
        this.release = release;
        this.options = options;
    }

    /** Reads what stands beside name and type; the nest of options may be missing for hash types and lists. */
    static SetSettings read(SetKind kind, int revision, int family, Attributes top, KernelRelease release) {
        Attributes options = null;
        if (top.has(IpsetNumbers.ATTR_DATA)) {
            try {
                options = top.nestedStrict(IpsetNumbers.ATTR_DATA, IpsetPolicies.create(kind, release));
            } catch (Refused ignored) {
                return malformed();
            }
        }
        SetCreation creation = new SetCreation(kind, revision, family, release, options);
        if (kind.isHash()) {
            return creation.hash();
        }
        if (kind == SetKind.LIST_SET) {
            return creation.list();
        }
        return options == null ? malformed() : creation.bitmap(options);
    }

    /** Cuts a timeout to what the kernel can count. */
    static int timeout(int seconds) {
        return Integer.compareUnsigned(seconds, IpsetNumbers.LONGEST_TIMEOUT) > 0
                ? IpsetNumbers.LONGEST_TIMEOUT
                : seconds;
    }

    private static SetSettings malformed() {
        throw new Refused(IpsetNumbers.ERR_PROTOCOL);
    }

    private SetSettings hash() {
        boolean known =
                kind == SetKind.HASH_MAC ? family == 0 : IpFamily.find(family).isPresent();
        if (!known) {
            throw new Refused(IpsetNumbers.ERR_INVALID_FAMILY);
        }
        requireNetworkOrder(
                IpsetNumbers.HASH_SIZE, IpsetNumbers.MAX_ELEMENTS, IpsetNumbers.TIMEOUT, IpsetNumbers.CADT_FLAGS);
        int markMask = -1;
        if (kind == SetKind.HASH_IP_MARK) {
            requireNetworkOrder(IpsetNumbers.MARK_MASK);
            markMask = u32(IpsetNumbers.MARK_MASK, -1);
            if (markMask == 0) {
                throw new Refused(IpsetNumbers.ERR_INVALID_MARK_MASK);
            }
        }
        int netmask = kind.hasMask(release) ? netmask(longest(family)) : 0;
        IpAddress bitmask = bitmask();
        int hashSize = buckets(u32(IpsetNumbers.HASH_SIZE, DEFAULT_HASH_SIZE));
        int bucketSize = bucketSize(u8(IpsetNumbers.BUCKET_SIZE, LARGEST_BUCKET));
        SetSettings settings = settings(
                hashSize, u32(IpsetNumbers.MAX_ELEMENTS, DEFAULT_MAX_ELEMENTS), bucketSize, netmask, markMask, null, 0);
        return bitmask == null ? settings : settings.withBitmask(bitmask);
    }

    /** Reads which bits count; null where all do, or the netmask says which. */
    private @Nullable IpAddress bitmask() {
        if (options == null || !options.has(IpsetNumbers.BITMASK)) {
            return null;
        }
        if (options.has(IpsetNumbers.NETMASK)) {
            throw new Refused(IpsetNumbers.ERR_TWO_MASKS);
        }
        IpAddress bitmask;
        try {
            bitmask = ElementParser.address(options, IpsetNumbers.BITMASK, settings(0, 0, 0, 0, -1, null, 0));
        } catch (Refused ignored) {
            throw new Refused(IpsetNumbers.ERR_INVALID_NETMASK);
        }
        if (bitmask.isUnspecified()) {
            throw new Refused(IpsetNumbers.ERR_INVALID_NETMASK);
        }
        boolean all = bitmask.equals(AddressTypes.last(bitmask, 0));
        return all ? null : bitmask;
    }

    private static int longest(int family) {
        return (family == IpFamily.IPV6.number() ? IpFamily.IPV6 : IpFamily.IPV4).maxPrefixLength();
    }

    private int netmask(int longest) {
        int netmask = u8(IpsetNumbers.NETMASK, longest);
        if (netmask == 0 || netmask > longest) {
            throw new Refused(IpsetNumbers.ERR_INVALID_NETMASK);
        }
        return netmask;
    }

    private SetSettings list() {
        requireNetworkOrder(IpsetNumbers.SIZE, IpsetNumbers.TIMEOUT, IpsetNumbers.CADT_FLAGS);
        int size = u32(IpsetNumbers.SIZE, DEFAULT_LIST_SIZE);
        boolean small = Integer.compareUnsigned(size, SMALLEST_LIST_SIZE) < 0;
        return settings(0, 0, 0, 0, -1, null, small ? SMALLEST_LIST_SIZE : size);
    }

    private SetSettings bitmap(Attributes given) {
        if (kind == SetKind.BITMAP_PORT) {
            require(given.isNetworkOrder(IpsetNumbers.PORT) && given.isNetworkOrder(IpsetNumbers.PORT_TO));
            requireNetworkOrder(IpsetNumbers.TIMEOUT, IpsetNumbers.CADT_FLAGS);
            int from = given.u16be(IpsetNumbers.PORT);
            int to = given.u16be(IpsetNumbers.PORT_TO);
            return settings(0, 0, 0, 0, -1, new Range(Math.min(from, to), Math.max(from, to)), 0);
        }
        require(given.has(IpsetNumbers.IP));
        requireNetworkOrder(IpsetNumbers.TIMEOUT, IpsetNumbers.CADT_FLAGS);
        Range range = addresses(given);
        if (!given.has(IpsetNumbers.NETMASK)) {
            return bitmap(range, range.last() - range.first() + 1, kind == SetKind.BITMAP_IP ? LONGEST : 0);
        }
        int netmask = given.u8(IpsetNumbers.NETMASK);
        if (netmask > LONGEST) {
            throw new Refused(IpsetNumbers.ERR_INVALID_NETMASK);
        }
        Range whole = new Range(Ipv4Range.firstOf(range.first(), netmask), Ipv4Range.lastOf(range.last(), netmask));
        if (netmask == LONGEST) {
            return bitmap(whole, whole.last() - whole.first() + 1, netmask);
        }
        boolean everything = whole.first() == 0 && whole.last() == Ipv4Range.LAST;
        int block = Ipv4Range.blockAround(whole.first(), whole.last());
        if ((block == 0 && !everything) || netmask <= block) {
            throw new Refused(IpsetNumbers.ERR_BITMAP_RANGE);
        }
        return bitmap(whole, 1L << (netmask - block), netmask);
    }

    private Range addresses(Attributes given) {
        SetSettings plain = settings(0, 0, 0, 0, -1, null, 0);
        long from = Ipv4Range.number(ElementParser.address(given, IpsetNumbers.IP, plain));
        if (given.has(IpsetNumbers.IP_TO)) {
            long to = Ipv4Range.number(ElementParser.address(given, IpsetNumbers.IP_TO, plain));
            return new Range(Math.min(from, to), Math.max(from, to));
        }
        require(given.has(IpsetNumbers.CIDR));
        int length = given.u8(IpsetNumbers.CIDR);
        if (length >= LONGEST) {
            throw new Refused(IpsetNumbers.ERR_INVALID_CIDR);
        }
        return new Range(Ipv4Range.firstOf(from, length), Ipv4Range.lastOf(from, length));
    }

    private SetSettings bitmap(Range range, long elements, int netmask) {
        if (elements > LARGEST_BITMAP) {
            throw new Refused(IpsetNumbers.ERR_BITMAP_RANGE_SIZE);
        }
        return settings(0, 0, 0, netmask, -1, range, 0);
    }

    private SetSettings settings(
            int hashSize, int maxElements, int bucketSize, int netmask, int markMask, @Nullable Range range, int size) {
        boolean timed = options != null && options.has(IpsetNumbers.TIMEOUT);
        return new SetSettings(
                kind,
                revision,
                revision == kind.revision(release),
                kind == SetKind.BITMAP_PORT ? 0 : family,
                hashSize,
                maxElements,
                bucketSize,
                u32(IpsetNumbers.INITVAL, System.identityHashCode(this)),
                netmask,
                null,
                markMask,
                range,
                size,
                timed ? timeout(u32(IpsetNumbers.TIMEOUT, 0)) : IpsetNumbers.NO_TIMEOUT,
                u32(IpsetNumbers.CADT_FLAGS, 0));
    }

    private static void require(boolean wellFormed) {
        if (!wellFormed) {
            malformed();
        }
    }

    private void requireNetworkOrder(int... types) {
        for (int type : types) {
            if (options != null && options.has(type) && !options.isNetworkOrder(type)) {
                malformed();
            }
        }
    }

    private int u32(int type, int otherwise) {
        return options != null && options.has(type) ? options.i32be(type) : otherwise;
    }

    private int u8(int type, int otherwise) {
        return options != null && options.has(type) ? options.u8(type) : otherwise;
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
