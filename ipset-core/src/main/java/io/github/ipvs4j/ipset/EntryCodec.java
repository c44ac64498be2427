// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipset;

import io.github.ipvs4j.netlink.AttributeReader;
import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import io.github.ipvs4j.netlink.MessageWriter;
import org.jspecify.annotations.Nullable;

/**
 * Entries as attributes, both ways. A codec remembers what it reads until the entry is complete; it serves one thread.
 *
 * <p>Follows {@code hash_ip4_uadt} and its like in {@code net/netfilter/ipset/ip_set_hash_*.c}.
 */
final class EntryCodec {
    private @Nullable IpAddress address;
    private @Nullable IpAddress second;
    private int protocol;
    private int port;
    private boolean hasPort;

    /** Appends the attributes of an entry to the nest that is open. */
    static void write(MessageWriter out, SetEntry entry) {
        if (entry instanceof SetEntry.Ip ip) {
            address(out, IpsetEntryAttributes.IP, ip.address());
        } else if (entry instanceof SetEntry.IpPort ipPort) {
            address(out, IpsetEntryAttributes.IP, ipPort.address());
            port(out, ipPort.port());
            out.u8(IpsetEntryAttributes.PROTOCOL, ipPort.protocol().number());
        } else if (entry instanceof SetEntry.IpPortIp both) {
            address(out, IpsetEntryAttributes.IP, both.address());
            port(out, both.port());
            out.u8(IpsetEntryAttributes.PROTOCOL, both.protocol().number());
            address(out, IpsetEntryAttributes.IP2, both.second());
        } else if (entry instanceof SetEntry.Port single) {
            port(out, single.port());
        }
    }

    private static void port(MessageWriter out, int port) {
        out.u16be(IpsetEntryAttributes.PORT | MessageWriter.NETWORK_ORDER, port);
    }

    private static void address(MessageWriter out, int type, IpAddress address) {
        int nest = out.beginNested(type);
        int inner = address.family() == IpFamily.IPV4
                ? IpsetEntryAttributes.ADDRESS_IPV4
                : IpsetEntryAttributes.ADDRESS_IPV6;
        out.address(inner | MessageWriter.NETWORK_ORDER, address);
        out.endNested(nest);
    }

    /**
     * Reads the entry in the nest under the cursor; attributes of extensions are stepped over.
     *
     * @return null if the attributes are not those of the type
     */
    @Nullable
    SetEntry read(SetType type, AttributeReader in) {
        address = null;
        second = null;
        protocol = 0;
        port = 0;
        hasPort = false;
        in.enter();
        while (in.next()) {
            switch (in.type()) {
                case IpsetEntryAttributes.IP -> address = address(in);
                case IpsetEntryAttributes.IP2 -> second = address(in);
                case IpsetEntryAttributes.PROTOCOL -> protocol = in.u8();
                case IpsetEntryAttributes.PORT -> {
                    port = in.u16be();
                    hasPort = true;
                }
                default -> {
                    // Time left, counters, comment and the like, and what a newer kernel may say.
                }
            }
        }
        in.leave();
        return switch (type) {
            case HASH_IP -> address == null ? null : new SetEntry.Ip(address);
            case HASH_IP_PORT ->
                address == null || !isPortOfProtocol()
                        ? null
                        : new SetEntry.IpPort(address, new SetProtocol(protocol), port);
            case HASH_IP_PORT_IP ->
                address == null || second == null || address.family() != second.family() || !isPortOfProtocol()
                        ? null
                        : new SetEntry.IpPortIp(address, new SetProtocol(protocol), port, second);
            case BITMAP_PORT -> hasPort ? new SetEntry.Port(port) : null;
        };
    }

    private boolean isPortOfProtocol() {
        return hasPort && SetProtocol.isNumber(protocol) && (port == 0 || new SetProtocol(protocol).hasPorts());
    }

    private static @Nullable IpAddress address(AttributeReader in) {
        IpAddress address = null;
        in.enter();
        while (in.next()) {
            switch (in.type()) {
                case IpsetEntryAttributes.ADDRESS_IPV4 -> address = in.address(IpFamily.IPV4);
                case IpsetEntryAttributes.ADDRESS_IPV6 -> address = in.address(IpFamily.IPV6);
                default -> {
                    // No third family is known.
                }
            }
        }
        in.leave();
        return address;
    }
}
