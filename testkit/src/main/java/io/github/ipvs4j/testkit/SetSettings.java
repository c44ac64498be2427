// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.testkit;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a set was created with.
 *
 * @param kind its type
 * @param revision of the type, as asked for
 * @param highestRevision whether it is the highest one, which alone tells all settings
 * @param family its number, as asked for
 * @param hashSize number of buckets, a power of two; hash types only
 * @param maxElements unsigned; hash types only
 * @param bucketSize hash types only
 * @param initialValue of the hash; hash types only
 * @param netmask length of the prefix that counts, where the kind has one
 * @param bitmask which bits count where that is no prefix; null for others
 * @param markMask what counts of a mark
 * @param range of a bitmap; null for others
 * @param size of a list
 * @param timeout in seconds, {@link IpsetNumbers#NO_TIMEOUT} where elements stay
 * @param flags extensions, as {@code CADT_FLAGS} has them
 */
record SetSettings(
        SetKind kind,
        int revision,
        boolean highestRevision,
        int family,
        int hashSize,
        int maxElements,
        int bucketSize,
        int initialValue,
        int netmask,
        @Nullable IpAddress bitmask,
        int markMask,
        @Nullable Range range,
        int size,
        int timeout,
        int flags) {
    private static final int EXTENSIONS =
            IpsetNumbers.FLAG_COUNTERS | IpsetNumbers.FLAG_COMMENT | IpsetNumbers.FLAG_SKBINFO;

    /**
     * The elements that a bitmap can have.
     *
     * @param first lowest address or port
     * @param last highest address or port
     */
    record Range(long first, long last) {}

    /**
     * Tells whether the kernel takes a set of the other settings for this one when it is created again. The size of the
     * table does not matter, as it grows.
     *
     * <p>Follows {@code ip_set_create} and {@code mtype_same_set} in {@code net/netfilter/ipset/}.
     */
    boolean isSame(SetSettings other, KernelRelease release) {
        return kind == other.kind
                && maxElements == other.maxElements
                && hasSameMask(other, release)
                && markMask == other.markMask
                && (range == null || range.equals(other.range))
                && size == other.size
                && timeout == other.timeout
                && (flags & EXTENSIONS) == (other.flags & EXTENSIONS);
    }

    /** Later kernels compare masks as bits, of which an IPv4 address has as many as one of IPv6. */
    private boolean hasSameMask(SetSettings other, KernelRelease release) {
        boolean asBits = kind.isHash() && release.hasBitmasks();
        return asBits ? Arrays.equals(bits(), other.bits()) : netmask == other.netmask;
    }

    private byte[] bits() {
        byte[] bits = new byte[IpFamily.IPV6.addressLength()];
        Arrays.fill(bits, (byte) -1);
        byte[] own = Arrays.copyOf(bits, addressFamily().addressLength());
        byte[] counted = masked(IpAddress.of(own)).bytes();
        System.arraycopy(counted, 0, bits, 0, counted.length);
        return bits;
    }

    SetSettings withBitmask(IpAddress counted) {
        return new SetSettings(
                kind,
                revision,
                highestRevision,
                family,
                hashSize,
                maxElements,
                bucketSize,
                initialValue,
                netmask,
                counted,
                markMask,
                range,
                size,
                timeout,
                flags);
    }

    boolean isIpv6() {
        return family == IpFamily.IPV6.number();
    }

    IpFamily addressFamily() {
        return isIpv6() ? IpFamily.IPV6 : IpFamily.IPV4;
    }

    boolean hasTimeout() {
        return timeout != IpsetNumbers.NO_TIMEOUT;
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** Returns the arguments of {@code ipset create} behind the name. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(kind.typeName());
        if (kind.isHash()) {
            if (kind != SetKind.HASH_MAC) {
                text.append(" family ").append(isIpv6() ? "inet6" : "inet");
            }
            text.append(" hashsize ").append(hashSize);
            text.append(" maxelem ").append(Integer.toUnsignedString(maxElements));
        } else if (range != null) {
            boolean ports = kind == SetKind.BITMAP_PORT;
            text.append(" range ").append(ports ? Long.toString(range.first()) : Ipv4Range.address(range.first()));
            text.append('-').append(ports ? Long.toString(range.last()) : Ipv4Range.address(range.last()));
        } else {
            text.append(" size ").append(size);
        }
        if (kind == SetKind.HASH_IP_MARK && markMask != -1) {
            text.append(" markmask 0x").append(String.format("%08x", markMask));
        }
        if (netmask != 0 && netmask != addressFamily().maxPrefixLength()) {
            text.append(" netmask ").append(netmask);
        }
        text.append(hasTimeout() ? " timeout " + timeout : "");
        text.append(has(IpsetNumbers.FLAG_COUNTERS) ? " counters" : "");
        text.append(has(IpsetNumbers.FLAG_COMMENT) ? " comment" : "");
        text.append(has(IpsetNumbers.FLAG_FORCE_ADD) ? " forceadd" : "");
        text.append(has(IpsetNumbers.FLAG_SKBINFO) ? " skbinfo" : "");
        return text.append(bitmask == null ? "" : " bitmask " + bitmask).toString();
    }

    /** Returns what the mask leaves of an address of the set's family. */
    IpAddress masked(IpAddress address) {
        if (bitmask == null) {
            return netmask == 0 ? address : address.masked(netmask);
        }
        byte[] bytes = address.bytes();
        byte[] mask = bitmask.bytes();
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] &= mask[i];
        }
        return IpAddress.of(bytes);
    }
}
