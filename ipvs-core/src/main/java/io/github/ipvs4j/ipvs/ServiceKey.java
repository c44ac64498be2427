// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import io.github.ipvs4j.netlink.IpAddress;
import io.github.ipvs4j.netlink.IpFamily;
import org.jspecify.annotations.Nullable;

/**
 * What makes a virtual service the one it is, apart from how it balances: an address with protocol and port, or a
 * firewall mark. Two services of a table never share a key; what has the same key and other attributes is the same
 * service changed.
 *
 * <p>Follows {@code __ip_vs_service_find} and {@code __ip_vs_svc_fwm_find} in {@code net/netfilter/ipvs/ip_vs_ctl.c}.
 */
public sealed interface ServiceKey {
    /**
     * Returns the address family of the clients.
     *
     * @return IPv4 or IPv6
     */
    IpFamily family();

    /**
     * Makes the key of a TCP service.
     *
     * @param address the virtual address
     * @param port 0 to 65535; 0 takes every port that has no service of its own
     * @return the key
     */
    static ServiceKey tcp(IpAddress address, int port) {
        return new Address(TransportProtocol.TCP, address, port);
    }

    /**
     * Makes the key of a UDP service.
     *
     * @param address the virtual address
     * @param port 0 to 65535; 0 takes every port that has no service of its own
     * @return the key
     */
    static ServiceKey udp(IpAddress address, int port) {
        return new Address(TransportProtocol.UDP, address, port);
    }

    /**
     * Makes the key of an SCTP service.
     *
     * @param address the virtual address
     * @param port 0 to 65535; 0 takes every port that has no service of its own
     * @return the key
     */
    static ServiceKey sctp(IpAddress address, int port) {
        return new Address(TransportProtocol.SCTP, address, port);
    }

    /**
     * Makes the key of a service on an address.
     *
     * @param protocol of the transport
     * @param address the virtual address
     * @param port 0 to 65535; 0 takes every port that has no service of its own
     * @return the key
     */
    static ServiceKey of(TransportProtocol protocol, IpAddress address, int port) {
        return new Address(protocol, address, port);
    }

    /**
     * Makes the key of a service for packets that a firewall rule has marked.
     *
     * @param family of the packets; the same mark in the other family is another service
     * @param mark any 32 bits but 0
     * @return the key
     */
    static ServiceKey firewallMark(IpFamily family, int mark) {
        return new FirewallMark(family, mark);
    }

    /**
     * A service on a virtual address.
     *
     * @param protocol of the transport
     * @param address the virtual address
     * @param port 0 to 65535; 0 takes every port that has no service of its own
     */
    record Address(TransportProtocol protocol, IpAddress address, int port) implements ServiceKey {
        /** Checks the port. */
        public Address {
            Ports.check("service", port);
        }

        @Override
        public IpFamily family() {
            return address.family();
        }

        /** Returns for example {@code tcp 10.96.0.1:80} or {@code udp [fd00::1]:53}. */
        @Override
        public String toString() {
            return protocol.text() + " " + Ports.join(address, port);
        }

        // Written out: the JVM makes a record's own when it is first called, which a first sync would wait for.
        @Override
        public boolean equals(@Nullable Object object) {
            return object instanceof Address other
                    && port == other.port
                    && protocol == other.protocol
                    && address.equals(other.address);
        }

        @Override
        public int hashCode() {
            return (address.hashCode() * 31 + protocol.number()) * 31 + port;
        }
    }

    /**
     * A service for packets that carry a firewall mark.
     *
     * @param family of the packets
     * @param mark all 32 bits count, as an unsigned number; never 0
     */
    record FirewallMark(IpFamily family, int mark) implements ServiceKey {
        /** Refuses the mark 0, which the kernel would take for the TCP service 0.0.0.0:0. */
        public FirewallMark {
            if (mark == 0) {
                throw new IllegalArgumentException("firewall mark 0: expected any other 32 bits");
            }
        }

        /** Returns for example {@code fwmark 4660} or {@code fwmark 4660 (ipv6)}. */
        @Override
        public String toString() {
            return "fwmark " + Integer.toUnsignedString(mark) + (family == IpFamily.IPV6 ? " (ipv6)" : "");
        }
    }

    /**
     * A service of a protocol other than TCP, UDP and SCTP, as the kernel may list it: it lets any number in and
     * balances none of these. Such a key is carried so that a listing is whole; there is no use in making one.
     *
     * @param protocol number in the IP header, 0 to 65535
     * @param address the virtual address
     * @param port 0 to 65535
     */
    record OtherProtocol(int protocol, IpAddress address, int port) implements ServiceKey {
        /** Checks the port, and that the protocol is none of those with a name. */
        public OtherProtocol {
            Ports.check("service", port);
            if (protocol < 0 || protocol > 0xffff) {
                throw new IllegalArgumentException("protocol " + protocol + ": expected 0 to 65535");
            }
            if (TransportProtocol.ofNumber(protocol).isPresent()) {
                throw new IllegalArgumentException("protocol " + protocol + ": use ServiceKey.Address");
            }
        }

        @Override
        public IpFamily family() {
            return address.family();
        }

        /** Returns for example {@code protocol 47 10.96.0.1:80}. */
        @Override
        public String toString() {
            return "protocol " + protocol + " " + Ports.join(address, port);
        }
    }
}
