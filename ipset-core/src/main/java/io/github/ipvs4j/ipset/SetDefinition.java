// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import io.github.ipvs4j.netlink.IpFamily;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What a set is, without its entries.
 *
 * <pre>{@code
 * SetDefinition vips = SetDefinition.hashIpPort("KUBE-CLUSTER-IP", IpFamily.IPV4).withMaxElements(1_000_000);
 * }</pre>
 *
 * @param name 1 to 31 bytes in UTF-8
 * @param type what entries it holds
 * @param options the rest; of the kind that belongs to the type
 */
public record SetDefinition(String name, SetType type, SetOptions options) {
    /** {@code IPSET_MAXNAMELEN} less the NUL. */
    private static final int MAX_NAME_BYTES = 31;

    /** Checks the name, and that the options belong to the type. */
    public SetDefinition {
        requireName(name);
        if (type.isHash() != options instanceof SetOptions.Hash) {
            throw new IllegalArgumentException("set " + name + ": options '" + options + "' do not belong to " + type);
        }
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

    private static SetDefinition hash(String name, SetType type, IpFamily family) {
        return new SetDefinition(
                name,
                type,
                new SetOptions.Hash(family, SetOptions.Hash.DEFAULT_HASH_SIZE, SetOptions.Hash.DEFAULT_MAX_ELEMENTS));
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
        return options instanceof SetOptions.Hash hash ? Optional.of(hash.family()) : Optional.empty();
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
        return new SetDefinition(name, type, new SetOptions.Hash(hash.family(), hashSize, hash.maxElements()));
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
        return new SetDefinition(name, type, new SetOptions.Hash(hash.family(), hash.hashSize(), maxElements));
    }

    /**
     * Returns this definition under another name.
     *
     * @param name 1 to 31 bytes in UTF-8
     * @return a new definition
     */
    public SetDefinition withName(String name) {
        return new SetDefinition(name, type, options);
    }

    private SetOptions.Hash requireHash(String option) {
        if (options instanceof SetOptions.Hash hash) {
            return hash;
        }
        throw new IllegalArgumentException("set " + name + ": " + type + " has no " + option);
    }

    /**
     * Tells whether a set of the other definition can stand in for one of this: all is equal but for the number of
     * buckets, which the kernel chooses in the end.
     *
     * @param other another definition
     * @return whether name, type, family, limit and range are the same
     */
    public boolean matches(SetDefinition other) {
        if (options instanceof SetOptions.Hash mine && other.options instanceof SetOptions.Hash) {
            return equals(other.withHashSize(mine.hashSize()));
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
        return type.holds(entry) && fits(entry);
    }

    private boolean fits(SetEntry entry) {
        if (options instanceof SetOptions.PortRange range) {
            return entry instanceof SetEntry.Port port && port.port() >= range.first() && port.port() <= range.last();
        }
        return entry.family().equals(family());
    }

    /** Returns the arguments of {@code ipset create}. */
    @Override
    public String toString() {
        return name + " " + type + " " + options;
    }
}
