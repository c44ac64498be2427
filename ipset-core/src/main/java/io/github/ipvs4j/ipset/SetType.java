// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import java.util.Optional;

/** The types of sets that this library reads and writes. */
public enum SetType {
    /** Addresses: {@code hash:ip}, with entries {@link SetEntry.Ip}. */
    HASH_IP("hash:ip", "ip_set_hash_ip", SetEntry.Ip.class),

    /** Addresses with protocol and port: {@code hash:ip,port}, with entries {@link SetEntry.IpPort}. */
    HASH_IP_PORT("hash:ip,port", "ip_set_hash_ipport", SetEntry.IpPort.class),

    /** Two addresses with protocol and port: {@code hash:ip,port,ip}, with entries {@link SetEntry.IpPortIp}. */
    HASH_IP_PORT_IP("hash:ip,port,ip", "ip_set_hash_ipportip", SetEntry.IpPortIp.class),

    /** Ports of a range: {@code bitmap:port}, with entries {@link SetEntry.Port}. */
    BITMAP_PORT("bitmap:port", "ip_set_bitmap_port", SetEntry.Port.class);

    private final String kernelName;
    private final String module;
    private final Class<? extends SetEntry> entryType;

    SetType(String kernelName, String module, Class<? extends SetEntry> entryType) {
        this.kernelName = kernelName;
        this.module = module;
        this.entryType = entryType;
    }

    /**
     * Finds the type of a name.
     *
     * @param kernelName for example {@code hash:ip,port}
     * @return empty if this library does not know it
     */
    public static Optional<SetType> named(String kernelName) {
        for (SetType type : values()) {
            if (type.kernelName.equals(kernelName)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /**
     * Returns the kernel's name of the type.
     *
     * @return for example {@code hash:ip,port}
     */
    public String kernelName() {
        return kernelName;
    }

    /**
     * Tells whether sets of this type are hash tables, which belong to one address family.
     *
     * @return false for bitmaps
     */
    public boolean isHash() {
        return this != BITMAP_PORT;
    }

    /**
     * Tells whether sets of this type hold entries of that kind, family and range not considered.
     *
     * @param entry the entry
     * @return whether the kind of the entry is the type's
     */
    public boolean holds(SetEntry entry) {
        return entryType.isInstance(entry);
    }

    /** Returns the kernel module that brings the type. */
    String module() {
        return module;
    }

    /** Returns the kernel's name of the type. */
    @Override
    public String toString() {
        return kernelName;
    }
}
