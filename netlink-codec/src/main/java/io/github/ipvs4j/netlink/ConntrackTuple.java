// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.netlink;

/**
 * One direction of a tracked connection: who sends to whom, and what tells this connection from others between them.
 *
 * @param source address of the sender
 * @param destination address of the receiver, of the same family
 * @param protocol IP protocol number, for example 17 for UDP
 * @param selector ports or the like
 */
public record ConntrackTuple(IpAddress source, IpAddress destination, int protocol, Selector selector) {
    private static final int ICMP = 1;
    private static final int TCP = 6;
    private static final int UDP = 17;
    static final int ICMPV6 = 58;
    private static final int SCTP = 132;
    private static final int MAX_U8 = 0xff;
    private static final int MAX_U16 = 0xffff;

    /** What tells connections between two hosts from each other, by the kind of protocol. */
    public sealed interface Selector {
        /** Nothing: the protocol has one connection between two hosts as far as the kernel knows. */
        Selector NONE = new None();
    }

    /**
     * Ports, as TCP, UDP, SCTP and DCCP have; for GRE the keys of the tunnel.
     *
     * @param source 0 to 65535
     * @param destination 0 to 65535
     */
    public record Ports(int source, int destination) implements Selector {
        /** Checks the ports. */
        public Ports {
            check("source port", source, MAX_U16);
            check("destination port", destination, MAX_U16);
        }
    }

    /**
     * What an ICMP or ICMPv6 request says.
     *
     * @param id identifier, 0 to 65535
     * @param type 0 to 255
     * @param code 0 to 255
     */
    public record Icmp(int id, int type, int code) implements Selector {
        /** Checks the ranges. */
        public Icmp {
            check("ICMP id", id, MAX_U16);
            check("ICMP type", type, MAX_U8);
            check("ICMP code", code, MAX_U8);
        }
    }

    /** Nothing; see {@link Selector#NONE}. */
    public record None() implements Selector {}

    /** Checks that the parts fit together. */
    public ConntrackTuple {
        check("protocol", protocol, MAX_U8);
        if (source.family() != destination.family()) {
            throw new IllegalArgumentException(
                    "destination " + destination + ": expected " + source.family() + " like the source " + source);
        }
        if (selector instanceof Icmp && !isIcmp(protocol)) {
            throw new IllegalArgumentException("protocol " + protocol + ": only 1 and 58 have an ICMP type");
        }
    }

    static boolean isIcmp(int protocol) {
        return protocol == ICMP || protocol == ICMPV6;
    }

    private static void check(String name, int value, int max) {
        if (value < 0 || value > max) {
            throw new IllegalArgumentException(name + " " + value + ": expected 0 to " + max);
        }
    }

    /**
     * Makes a direction of a TCP connection.
     *
     * @param source address of the sender
     * @param sourcePort its port
     * @param destination address of the receiver
     * @param destinationPort its port
     * @return the tuple
     */
    public static ConntrackTuple tcp(IpAddress source, int sourcePort, IpAddress destination, int destinationPort) {
        return new ConntrackTuple(source, destination, TCP, new Ports(sourcePort, destinationPort));
    }

    /**
     * Makes a direction of a UDP exchange.
     *
     * @param source address of the sender
     * @param sourcePort its port
     * @param destination address of the receiver
     * @param destinationPort its port
     * @return the tuple
     */
    public static ConntrackTuple udp(IpAddress source, int sourcePort, IpAddress destination, int destinationPort) {
        return new ConntrackTuple(source, destination, UDP, new Ports(sourcePort, destinationPort));
    }

    /**
     * Returns the family of the addresses.
     *
     * @return IPv4 or IPv6
     */
    public IpFamily family() {
        return source.family();
    }

    /**
     * Returns the port of the sender.
     *
     * @return 0 where the protocol has no ports
     */
    public int sourcePort() {
        return selector instanceof Ports ports ? ports.source() : 0;
    }

    /**
     * Returns the port of the receiver.
     *
     * @return 0 where the protocol has no ports
     */
    public int destinationPort() {
        return selector instanceof Ports ports ? ports.destination() : 0;
    }

    /** Returns for example {@code udp 10.1.0.1:1001 -> 10.0.0.10:53}. */
    @Override
    public String toString() {
        String prefix = protocolName() + " ";
        if (selector instanceof Ports ports) {
            return prefix + endpoint(source, ports.source()) + " -> " + endpoint(destination, ports.destination());
        }
        String hosts = prefix + source + " -> " + destination;
        return selector instanceof Icmp icmp
                ? hosts + " (id " + icmp.id() + ", type " + icmp.type() + ", code " + icmp.code() + ")"
                : hosts;
    }

    private String protocolName() {
        return switch (protocol) {
            case ICMP -> "icmp";
            case TCP -> "tcp";
            case UDP -> "udp";
            case ICMPV6 -> "icmpv6";
            case SCTP -> "sctp";
            default -> "protocol " + protocol;
        };
    }

    private static String endpoint(IpAddress address, int port) {
        return address.family() == IpFamily.IPV4 ? address + ":" + port : "[" + address + "]:" + port;
    }
}
