// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a set is, without its entries.
 *
 * <pre>{@code
 * SetDefinition vips = SetDefinition.hashIpPort("KUBE-CLUSTER-IP", IpFamily.IPV4).withMaxElements(1_000_000);
 * SetDefinition bans = SetDefinition.hash("bans", SetType.HASH_NET, IpFamily.IPV6).withTimeout(600).withComment();
 * }</pre>
 *
 * @param name 1 to 31 bytes in UTF-8
 * @param type what entries it holds
 * @param options of the kind that belongs to the type
 * @param extensions what its entries carry beside what they are
 */
public record SetDefinition(String name, SetType type, SetOptions options, SetExtensions extensions) {
    /** {@code IPSET_MAXNAMELEN} less the NUL. */
    private static final int MAX_NAME_BYTES = 31;

    /** Checks the name, and that the options belong to the type. */
    public SetDefinition {
        requireName(name);
        if (!belongs(type, options)) {
            throw new IllegalArgumentException("set " + name + ": options '" + options + "' do not belong to " + type);
        }
    }

    /**
     * Makes a definition without extensions.
     *
     * @param name 1 to 31 bytes in UTF-8
     * @param type what entries it holds
     * @param options of the kind that belongs to the type
     */
    public SetDefinition(String name, SetType type, SetOptions options) {
        this(name, type, options, SetExtensions.NONE);
    }

    private static boolean belongs(SetType type, SetOptions options) {
        if (options instanceof SetOptions.Hash hash) {
            return type.isHash()
                    && type.hasFamily() == hash.addressFamily().isPresent()
                    && hash.mask().map(mask -> mask.fits(type)).orElse(true);
        }
        if (options instanceof SetOptions.AddressRange range) {
            return type.hasAddressRange() && (type == SetType.BITMAP_IP || range.netmask() == Integer.SIZE);
        }
        return type == (options instanceof SetOptions.PortRange ? SetType.BITMAP_PORT : SetType.LIST_SET);
    }

    /**
     * Defines a hash set of any type with a family, with the kernel's default sizes (1024 buckets, at most 65536
     * entries).
     *
     * @param name 1 to 31 bytes in UTF-8
     * @param type a hash type other than {@code hash:mac}
     * @param family of the addresses
     * @return the definition
     * @throws IllegalArgumentException for any other type
     */
    public static SetDefinition hash(String name, SetType type, IpFamily family) {
        return new SetDefinition(
                name,
                type,
                new SetOptions.Hash(family, SetOptions.Hash.DEFAULT_HASH_SIZE, SetOptions.Hash.DEFAULT_MAX_ELEMENTS));
    }

    /**
     * Defines a set of MAC addresses, with the kernel's default sizes (1024 buckets, at most 65536 entries).
     *
     * @param name 1 to 31 bytes in UTF-8
     * @return the definition
     */
    public static SetDefinition hashMac(String name) {
        return new SetDefinition(
                name,
                SetType.HASH_MAC,
                new SetOptions.Hash(
                        Optional.empty(), SetOptions.Hash.DEFAULT_HASH_SIZE, SetOptions.Hash.DEFAULT_MAX_ELEMENTS));
    }

    /**
     * Defines a bitmap of addresses.
     *
     * @param name 1 to 31 bytes in UTF-8
     * @param type {@code bitmap:ip} or {@code bitmap:ip,mac}
     * @param first lowest IPv4 address
     * @param last highest one, at most 65536 addresses away
     * @return the definition
     * @throws IllegalArgumentException for any other type
     */
    public static SetDefinition bitmap(String name, SetType type, IpAddress first, IpAddress last) {
        return new SetDefinition(name, type, new SetOptions.AddressRange(first, last, Integer.SIZE));
    }

    /**
     * Defines a list of sets, with the kernel's default size of 8.
     *
     * @param name 1 to 31 bytes in UTF-8
     * @return the definition
     */
    public static SetDefinition list(String name) {
        return new SetDefinition(name, SetType.LIST_SET, new SetOptions.ListSize(SetOptions.ListSize.DEFAULT_SIZE));
    }

    /**
     * Defines a set of addresses, with the kernel's default sizes (1024 buckets, at most 65536 entries).
     *
     * @param name 1 to 31 bytes in UTF-8
     * @param family of the addresses
     * @return the definition
     */
    public static SetDefinition hashIp(String name, IpFamily family) {
        return hash(name, SetType.HASH_IP, family);
    }

    /**
     * Defines a set of addresses with protocol and port, with the kernel's default sizes (1024 buckets, at most 65536
     * entries).
     *
     * @param name 1 to 31 bytes in UTF-8
     * @param family of the addresses
     * @return the definition
     */
    public static SetDefinition hashIpPort(String name, IpFamily family) {
        return hash(name, SetType.HASH_IP_PORT, family);
    }

    /**
     * Defines a set of address pairs with protocol and port, with the kernel's default sizes (1024 buckets, at most
     * 65536 entries).
     *
     * @param name 1 to 31 bytes in UTF-8
     * @param family of the addresses
     * @return the definition
     */
    public static SetDefinition hashIpPortIp(String name, IpFamily family) {
        return hash(name, SetType.HASH_IP_PORT_IP, family);
    }

    /**
     * Defines a set of ports.
     *
     * @param name 1 to 31 bytes in UTF-8
     * @param first lowest port, 0 to 65535
     * @param last highest port, at least {@code first}
     * @return the definition
     */
    public static SetDefinition bitmapPort(String name, int first, int last) {
        return new SetDefinition(name, SetType.BITMAP_PORT, new SetOptions.PortRange(first, last));
    }

    /** Returns the argument if a set can have that name. */
    static String requireName(String name) {
        if (!isName(name)) {
            throw new IllegalArgumentException(
                    "set name '" + name + "': expected 1 to " + MAX_NAME_BYTES + " bytes without NUL");
        }
        return name;
    }

    static boolean isName(String name) {
        int length = name.getBytes(StandardCharsets.UTF_8).length;
        return length >= 1 && length <= MAX_NAME_BYTES && name.indexOf('\0') < 0;
    }

    static String familyText(IpFamily family) {
        return family == IpFamily.IPV4 ? "inet" : "inet6";
    }

    /**
     * Returns the family of the set's addresses.
     *
     * @return empty for types without addresses
     */
    public Optional<IpFamily> family() {
        if (options instanceof SetOptions.Hash hash) {
            return hash.addressFamily();
        }
        return options instanceof SetOptions.AddressRange ? Optional.of(IpFamily.IPV4) : Optional.empty();
    }

    /**
     * Returns this definition with another number of buckets at the start.
     *
     * @param hashSize 1 to 2<sup>31</sup>; rounded up by the kernel
     * @return a new definition
     * @throws IllegalArgumentException if the number is out of range or the type is no hash type
     */
    public SetDefinition withHashSize(long hashSize) {
        SetOptions.Hash hash = requireHash("hash size");
        return withOptions(hash.withSizes(hashSize, hash.maxElements()));
    }

    /**
     * Returns this definition with another limit for the number of entries.
     *
     * @param maxElements 0 to 2<sup>32</sup> - 1
     * @return a new definition
     * @throws IllegalArgumentException if the number is out of range or the type is no hash type
     */
    public SetDefinition withMaxElements(long maxElements) {
        SetOptions.Hash hash = requireHash("max elements");
        return withOptions(hash.withSizes(hash.hashSize(), maxElements));
    }

    /**
     * Returns this definition with a mask for its entries.
     *
     * @param mask which bits count
     * @return a new definition
     * @throws IllegalArgumentException if the type has no such mask
     */
    public SetDefinition withMask(SetMask mask) {
        if (mask instanceof SetMask.Netmask net && options instanceof SetOptions.AddressRange range) {
            return withOptions(new SetOptions.AddressRange(range.first(), range.last(), net.length()));
        }
        return withOptions(requireHash("mask").withMask(mask));
    }

    /**
     * Returns this definition with other options.
     *
     * @param options of the kind that belongs to the type
     * @return a new definition
     */
    public SetDefinition withOptions(SetOptions options) {
        return new SetDefinition(name, type, options, extensions);
    }

    /**
     * Returns this definition with other extensions.
     *
     * @param extensions what the entries carry
     * @return a new definition
     */
    public SetDefinition withExtensions(SetExtensions extensions) {
        return new SetDefinition(name, type, options, extensions);
    }

    /**
     * Returns this definition with life times for its entries.
     *
     * @param seconds how long an entry lives unless it says otherwise, 0 for ever
     * @return a new definition
     */
    public SetDefinition withTimeout(long seconds) {
        return withExtensions(new SetExtensions(
                OptionalLong.of(seconds), extensions.counters(), extensions.comment(), extensions.packetInfo()));
    }

    /**
     * Returns this definition with counters for its entries.
     *
     * @return a new definition
     */
    public SetDefinition withCounters() {
        return withExtensions(
                new SetExtensions(extensions.timeout(), true, extensions.comment(), extensions.packetInfo()));
    }

    /**
     * Returns this definition with comments for its entries.
     *
     * @return a new definition
     */
    public SetDefinition withComment() {
        return withExtensions(
                new SetExtensions(extensions.timeout(), extensions.counters(), true, extensions.packetInfo()));
    }

    /**
     * Returns this definition with marks, priorities and queues for its entries.
     *
     * @return a new definition
     */
    public SetDefinition withPacketInfo() {
        return withExtensions(
                new SetExtensions(extensions.timeout(), extensions.counters(), extensions.comment(), true));
    }

    /**
     * Returns this definition under another name.
     *
     * @param name 1 to 31 bytes in UTF-8
     * @return a new definition
     */
    public SetDefinition withName(String name) {
        return new SetDefinition(name, type, options, extensions);
    }

    private SetOptions.Hash requireHash(String option) {
        if (options instanceof SetOptions.Hash hash) {
            return hash;
        }
        throw new IllegalArgumentException("set " + name + ": " + type + " has no " + option);
    }

    /**
     * Tells whether a set of the other definition can stand in for one of this: all is equal but for how the kernel
     * hashes, which it chooses in the end.
     *
     * @param other another definition
     * @return whether all is the same but for number and size of buckets and the start value of the hash
     */
    public boolean matches(SetDefinition other) {
        if (options instanceof SetOptions.Hash mine && other.options instanceof SetOptions.Hash its) {
            SetOptions.Hash alike = its.withSizes(mine.hashSize(), its.maxElements())
                    .withHashing(mine.bucketSize(), mine.initialValue());
            return equals(other.withOptions(alike));
        }
        return equals(other);
    }

    /**
     * Tells whether an entry belongs into a set of this definition.
     *
     * @param entry the entry
     * @return whether kind, family and range fit
     */
    public boolean accepts(SetEntry entry) {
        return type.holds(entry) && entry.family().equals(family()) && isWithinRange(entry);
    }

    /**
     * Tells whether an entry or range, with what it carries, can be added to a set of this definition.
     *
     * @param member the entry or range
     * @return whether kind, family, range and extensions fit
     */
    public boolean accepts(SetMember member) {
        return accepts(member.entry())
                && (!(member.spec() instanceof EntryRange range) || accepts(range.last()))
                && accepts(member.options());
    }

    boolean accepts(EntryOptions carried) {
        return carried.isNone()
                || (extensions.allow(carried)
                        && (type.hasNetworks() || !carried.nomatch())
                        && (type == SetType.LIST_SET || carried.placement().isEmpty()));
    }

    private boolean isWithinRange(SetEntry entry) {
        if (options instanceof SetOptions.PortRange range) {
            return entry instanceof SetEntry.Port port && port.port() >= range.first() && port.port() <= range.last();
        }
        if (options instanceof SetOptions.AddressRange range) {
            return (entry instanceof SetEntry.Ip ip && range.contains(ip.address()))
                    || (entry instanceof SetEntry.IpMac both && range.contains(both.address()));
        }
        return true;
    }

    /** Returns the arguments of {@code ipset create}, in the order of {@code ipset save}. */
    @Override
    public String toString() {
        boolean hash = options instanceof SetOptions.Hash;
        String head = hash ? ((SetOptions.Hash) options).head(type == SetType.HASH_IP_MARK) : options.toString();
        String tail = hash ? ((SetOptions.Hash) options).tail() : "";
        return Stream.of(name, type.kernelName(), head, extensions.toString(), tail)
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(" "));
    }

    // Written out: the JVM makes a record's own when it is first called, which a first sync would wait for.
    @Override
    public boolean equals(@Nullable Object object) {
        return this == object
                || (object instanceof SetDefinition other
                        && name.equals(other.name)
                        && type == other.type
                        && options.equals(other.options)
                        && extensions.equals(other.extensions));
    }

    @Override
    public int hashCode() {
        return ((name.hashCode() * 31 + type.hashCode()) * 31 + options.hashCode()) * 31 + extensions.hashCode();
    }
}
