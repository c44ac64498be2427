// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import java.util.Optional;

/** The types of sets, all that the kernel has. */
public enum SetType {
    /** IPv4 addresses of a range: {@code bitmap:ip}, with entries {@link SetEntry.Ip}. */
    BITMAP_IP("bitmap:ip", "ip_set_bitmap_ip", SetEntry.Ip.class),

    /**
     * IPv4 addresses of a range, each with a MAC address: {@code bitmap:ip,mac}, with entries {@link SetEntry.IpMac}.
     */
    BITMAP_IP_MAC("bitmap:ip,mac", "ip_set_bitmap_ipmac", SetEntry.IpMac.class),

    /** Ports of a range: {@code bitmap:port}, with entries {@link SetEntry.Port}. */
    BITMAP_PORT("bitmap:port", "ip_set_bitmap_port", SetEntry.Port.class),

    /** Addresses: {@code hash:ip}, with entries {@link SetEntry.Ip}. */
    HASH_IP("hash:ip", "ip_set_hash_ip", SetEntry.Ip.class),

    /** MAC addresses: {@code hash:mac}, with entries {@link SetEntry.Mac}. */
    HASH_MAC("hash:mac", "ip_set_hash_mac", SetEntry.Mac.class),

    /** Addresses with MAC addresses: {@code hash:ip,mac}, with entries {@link SetEntry.IpMac}. */
    HASH_IP_MAC("hash:ip,mac", "ip_set_hash_ipmac", SetEntry.IpMac.class),

    /** Addresses with packet marks: {@code hash:ip,mark}, with entries {@link SetEntry.IpMark}. */
    HASH_IP_MARK("hash:ip,mark", "ip_set_hash_ipmark", SetEntry.IpMark.class),

    /** Networks: {@code hash:net}, with entries {@link SetEntry.Net}. */
    HASH_NET("hash:net", "ip_set_hash_net", SetEntry.Net.class),

    /** Pairs of networks: {@code hash:net,net}, with entries {@link SetEntry.NetNet}. */
    HASH_NET_NET("hash:net,net", "ip_set_hash_netnet", SetEntry.NetNet.class),

    /** Addresses with protocol and port: {@code hash:ip,port}, with entries {@link SetEntry.IpPort}. */
    HASH_IP_PORT("hash:ip,port", "ip_set_hash_ipport", SetEntry.IpPort.class),

    /** Networks with protocol and port: {@code hash:net,port}, with entries {@link SetEntry.NetPort}. */
    HASH_NET_PORT("hash:net,port", "ip_set_hash_netport", SetEntry.NetPort.class),

    /** Two addresses with protocol and port: {@code hash:ip,port,ip}, with entries {@link SetEntry.IpPortIp}. */
    HASH_IP_PORT_IP("hash:ip,port,ip", "ip_set_hash_ipportip", SetEntry.IpPortIp.class),

    /** Address, protocol and port, network: {@code hash:ip,port,net}, with entries {@link SetEntry.IpPortNet}. */
    HASH_IP_PORT_NET("hash:ip,port,net", "ip_set_hash_ipportnet", SetEntry.IpPortNet.class),

    /** Two networks with protocol and port: {@code hash:net,port,net}, with entries {@link SetEntry.NetPortNet}. */
    HASH_NET_PORT_NET("hash:net,port,net", "ip_set_hash_netportnet", SetEntry.NetPortNet.class),

    /** Networks with interfaces: {@code hash:net,iface}, with entries {@link SetEntry.NetInterface}. */
    HASH_NET_INTERFACE("hash:net,iface", "ip_set_hash_netiface", SetEntry.NetInterface.class),

    /** Other sets, in order: {@code list:set}, with entries {@link SetEntry.Member}. */
    LIST_SET("list:set", "ip_set_list_set", SetEntry.Member.class);

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
     * Tells whether sets of this type are hash tables; all of these but {@code hash:mac} belong to one address family.
     *
     * @return false for bitmaps and lists
     */
    public boolean isHash() {
        return kernelName.startsWith("hash:");
    }

    /**
     * Tells whether entries of this type hold networks, so that one can be excepted with {@code nomatch}.
     *
     * @return true for the types with {@code net} in their name
     */
    public boolean hasNetworks() {
        return kernelName.contains("net");
    }

    /** Tells whether sets of this type are hash tables that belong to one address family. */
    boolean hasFamily() {
        return isHash() && this != HASH_MAC;
    }

    /** Tells whether sets of this type have a range of IPv4 addresses. */
    boolean hasAddressRange() {
        return this == BITMAP_IP || this == BITMAP_IP_MAC;
    }

    /** Tells whether the first part of an entry is one address, of which a block stands for many entries. */
    boolean beginsWithAddress() {
        return kernelName.startsWith("ip", kernelName.indexOf(':') + 1);
    }

    /** Tells whether an entry has a protocol and a port. */
    boolean hasProtocol() {
        return isHash() && kernelName.contains("port");
    }

    /**
     * Tells whether sets of this type hold entries of that kind, family and range not considered.
     *
     * @param entry the entry
     * @return whether the kind of the entry is the type's
     */
    public boolean holds(SetEntry entry) {
        return entryType.isInstance(entry)
                && (this != HASH_IP_MAC
                        || (entry instanceof SetEntry.IpMac both && both.mac().isPresent()));
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
