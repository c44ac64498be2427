// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a set is created with beside its name, type and extensions. {@code toString} gives the text that {@code ipset}
 * uses.
 */
public sealed interface SetOptions {
    /**
     * Options of the hash types.
     *
     * @param addressFamily what addresses the set holds; empty for {@code hash:mac}
     * @param hashSize buckets at the start, 1 to 2<sup>31</sup>; the kernel rounds it up to a power of two of at least
     *     64 and enlarges it as the set grows, so that it is a hint and no part of what a set is
     * @param maxElements most entries, 0 to 2<sup>32</sup> - 1
     * @param mask which bits of an address or mark count; empty for all
     * @param bucketSize most entries of a bucket, 2 to 12; empty for the kernel's 12; a hint like the number of buckets
     * @param initialValue start value of the hash, 32 bits; empty for a random one; a hint too
     * @param forceAdd whether a full set makes room by dropping an entry
     */
    record Hash(
            Optional<IpFamily> addressFamily,
            long hashSize,
            long maxElements,
            Optional<SetMask> mask,
            OptionalInt bucketSize,
            OptionalLong initialValue,
            boolean forceAdd)
            implements SetOptions {
        /** What the kernel takes if nothing is said. */
        static final long DEFAULT_HASH_SIZE = 1024;

        /** What the kernel takes if nothing is said. */
        static final long DEFAULT_MAX_ELEMENTS = 65536;

        /** What the kernel takes if nothing is said. */
        static final int DEFAULT_BUCKET_SIZE = 12;

        /** How far the kernel enlarges the buckets of {@code hash:net,iface} by itself: {@code AHASH_MAX_TUNED}. */
        static final int LARGEST_BUCKET_SIZE = 64;

        static final long LARGEST_HASH_SIZE = 1L << 31;
        static final long LARGEST_MAX_ELEMENTS = 0xffff_ffffL;

        /** Checks the numbers, and leaves out a mask that masks nothing. */
        public Hash {
            if (hashSize < 1 || hashSize > LARGEST_HASH_SIZE) {
                throw new IllegalArgumentException("hash size " + hashSize + ": expected 1 to " + LARGEST_HASH_SIZE);
            }
            if (maxElements < 0 || maxElements > LARGEST_MAX_ELEMENTS) {
                throw new IllegalArgumentException(
                        "max elements " + maxElements + ": expected 0 to " + LARGEST_MAX_ELEMENTS);
            }
            if (bucketSize.isPresent() && (bucketSize.getAsInt() < 2 || bucketSize.getAsInt() > DEFAULT_BUCKET_SIZE)) {
                throw new IllegalArgumentException(
                        "bucket size " + bucketSize.getAsInt() + ": expected 2 to " + DEFAULT_BUCKET_SIZE);
            }
            if (initialValue.isPresent() && initialValue.getAsLong() >>> Integer.SIZE != 0) {
                throw new IllegalArgumentException(
                        "initial value " + initialValue.getAsLong() + ": expected 32 bits without sign");
            }
            Optional<IpFamily> family = addressFamily;
            mask.filter(some -> !some.fits(family)).ifPresent(some -> {
                throw new IllegalArgumentException("mask '" + some + "' does not fit the addresses of the set");
            });
            mask = mask.filter(some -> !some.isWhole(family));
        }

        /**
         * Makes options without the rarer ones.
         *
         * @param family what addresses the set holds
         * @param hashSize buckets at the start
         * @param maxElements most entries
         */
        public Hash(IpFamily family, long hashSize, long maxElements) {
            this(Optional.of(family), hashSize, maxElements);
        }

        Hash(Optional<IpFamily> family, long hashSize, long maxElements) {
            this(family, hashSize, maxElements, Optional.empty(), OptionalInt.empty(), OptionalLong.empty(), false);
        }

        /**
         * Returns what addresses the set holds.
         *
         * @return the family
         * @throws java.util.NoSuchElementException for {@code hash:mac}
         */
        public IpFamily family() {
            return addressFamily.orElseThrow();
        }

        Hash withSizes(long buckets, long limit) {
            return new Hash(addressFamily, buckets, limit, mask, bucketSize, initialValue, forceAdd);
        }

        Hash withMask(SetMask some) {
            return new Hash(
                    addressFamily, hashSize, maxElements, Optional.of(some), bucketSize, initialValue, forceAdd);
        }

        Hash withHashing(OptionalInt size, OptionalLong start) {
            return new Hash(addressFamily, hashSize, maxElements, mask, size, start, forceAdd);
        }

        Hash withForceAdd(boolean force) {
            return new Hash(addressFamily, hashSize, maxElements, mask, bucketSize, initialValue, force);
        }

        // Written out: the JVM makes a record's own when it is first called, which a first sync would wait for.
        @Override
        public boolean equals(@Nullable Object object) {
            return object instanceof Hash other
                    && addressFamily.equals(other.addressFamily)
                    && hashSize == other.hashSize
                    && maxElements == other.maxElements
                    && mask.equals(other.mask)
                    && bucketSize.equals(other.bucketSize)
                    && initialValue.equals(other.initialValue)
                    && forceAdd == other.forceAdd;
        }

        @Override
        public int hashCode() {
            return Objects.hash(addressFamily, hashSize, maxElements, mask, bucketSize, initialValue, forceAdd);
        }

        @Override
        public String toString() {
            return (head(false) + " " + tail()).strip();
        }

        /** Returns what {@code ipset save} prints before the extensions; of marks the mask, also a whole one. */
        String head(boolean marks) {
            StringBuilder text = new StringBuilder();
            addressFamily.ifPresent(some -> text.append("family ")
                    .append(SetDefinition.familyText(some))
                    .append(' '));
            if (marks) {
                text.append(mask.orElse(new SetMask.Markmask(-1))).append(' ');
            }
            text.append("hashsize ").append(hashSize).append(" maxelem ").append(maxElements);
            mask.filter(some -> !marks && !(some instanceof SetMask.Bitmask))
                    .ifPresent(some -> text.append(' ').append(some));
            return text.toString();
        }

        /** Returns what {@code ipset save} prints after the extensions. */
        String tail() {
            StringBuilder text = new StringBuilder(forceAdd ? "forceadd " : "");
            bucketSize.ifPresent(size -> text.append("bucketsize ").append(size).append(' '));
            initialValue.ifPresent(start -> text.append(String.format("initval 0x%08x ", start)));
            mask.filter(some -> some instanceof SetMask.Bitmask).ifPresent(text::append);
            return text.toString().strip();
        }
    }

    /**
     * Options of {@code bitmap:port}.
     *
     * @param first lowest port, 0 to 65535
     * @param last highest port, at least {@code first}
     */
    record PortRange(int first, int last) implements SetOptions {
        /** Checks the range. */
        public PortRange {
            if (!isRange(first, last)) {
                throw new IllegalArgumentException(
                        "port range " + first + "-" + last + ": expected two ports in ascending order");
            }
        }

        static boolean isRange(int first, int last) {
            return 0 <= first && first <= last && last <= 0xffff;
        }

        // Written out: the JVM makes a record's own when it is first called, which a first sync would wait for.
        @Override
        public boolean equals(@Nullable Object object) {
            return object instanceof PortRange other && first == other.first && last == other.last;
        }

        @Override
        public int hashCode() {
            return first * 31 + last;
        }

        @Override
        public String toString() {
            return "range " + first + "-" + last;
        }
    }

    /**
     * Options of {@code bitmap:ip} and {@code bitmap:ip,mac}.
     *
     * @param first lowest IPv4 address
     * @param last highest one, at least {@code first}; the set has at most 65536 entries
     * @param netmask prefix length of the networks that are the entries of a {@code bitmap:ip}, 32 for addresses
     */
    record AddressRange(IpAddress first, IpAddress last, int netmask) implements SetOptions {
        /** Checks the range and the netmask. */
        public AddressRange {
            if (!isRange(first, last, netmask)) {
                throw new IllegalArgumentException("address range " + first + "-" + last + " netmask " + netmask
                        + ": expected two IPv4 addresses in ascending order, with at most 65536 entries between them");
            }
        }

        static boolean isRange(IpAddress first, IpAddress last, int netmask) {
            return first.family() == IpFamily.IPV4
                    && last.family() == IpFamily.IPV4
                    && netmask >= 1
                    && netmask <= Integer.SIZE
                    && first.compareTo(last) <= 0
                    && (EntryParts.bits(last) - EntryParts.bits(first)) >>> (Integer.SIZE - netmask) <= 0xffff;
        }

        boolean contains(IpAddress address) {
            return address.family() == IpFamily.IPV4
                    && first.masked(netmask).compareTo(address) <= 0
                    && address.compareTo(last) <= 0;
        }

        @Override
        public String toString() {
            return "range " + first + "-" + last + (netmask == Integer.SIZE ? "" : " netmask " + netmask);
        }
    }

    /**
     * Options of {@code list:set}.
     *
     * @param size how many members there is room for, at least 4; the kernel does not keep to it
     */
    record ListSize(long size) implements SetOptions {
        /** What the kernel takes if nothing is said. */
        static final long DEFAULT_SIZE = 8;

        private static final long SMALLEST = 4;

        /** Checks the number. */
        public ListSize {
            if (size < SMALLEST || size > Hash.LARGEST_MAX_ELEMENTS) {
                throw new IllegalArgumentException("size " + size + ": expected at least " + SMALLEST);
            }
        }

        @Override
        public String toString() {
            return "size " + size;
        }
    }
}
