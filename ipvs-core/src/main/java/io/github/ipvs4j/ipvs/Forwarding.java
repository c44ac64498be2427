// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import org.jspecify.annotations.Nullable;

/**
 * How packets reach a destination. What has no name here is carried as {@link Unrecognised}.
 *
 * <p>Follows {@code IP_VS_CONN_F_FWD_MASK} and the tunnel constants of {@code include/uapi/linux/ip_vs.h}.
 */
public sealed interface Forwarding {
    /** The destination's address replaces the virtual one (NAT). */
    Forwarding MASQUERADE = new Masquerade();

    /** Packets go unchanged to the link address of the destination, which has the virtual address, too. */
    Forwarding DIRECT_ROUTE = new DirectRoute();

    /** Packets go to the destination within IP packets. */
    Forwarding IPIP = new Tunnel(Encapsulation.IPIP, 0, Checksum.NONE);

    /**
     * Says that packets travel in GUE (generic UDP encapsulation).
     *
     * @param port of the destination's GUE socket, 1 to 65535
     * @param checksum what protects the outer packet
     * @return the method
     */
    static Forwarding gue(int port, Checksum checksum) {
        return new Tunnel(Encapsulation.GUE, port, checksum);
    }

    /**
     * Says that packets travel in GRE (generic routing encapsulation).
     *
     * @param checksum what protects the outer packet
     * @return the method
     */
    static Forwarding gre(Checksum checksum) {
        return new Tunnel(Encapsulation.GRE, 0, checksum);
    }

    /** What the packets of a tunnel are wrapped in. */
    enum Encapsulation {
        /** IP in IP. */
        IPIP,

        /** Generic UDP encapsulation, since kernel 5.2. */
        GUE,

        /** Generic routing encapsulation, since kernel 5.3. */
        GRE
    }

    /** What protects the outer packet of a tunnel. */
    enum Checksum {
        /** Nothing. */
        NONE,

        /** A checksum. */
        FULL,

        /** A checksum of the inner packet, computed by the receiving network card (GUE). */
        REMOTE
    }

    /** The destination's address replaces the virtual one (NAT). */
    record Masquerade() implements Forwarding {
        @Override
        public String toString() {
            return "masquerade";
        }

        // Written out: the JVM makes a record's own when it is first called, which a first sync would wait for.
        @Override
        public boolean equals(@Nullable Object object) {
            return object instanceof Masquerade;
        }

        @Override
        public int hashCode() {
            return Masquerade.class.hashCode();
        }
    }

    /** Packets go unchanged to the link address of the destination, which has the virtual address, too. */
    record DirectRoute() implements Forwarding {
        @Override
        public String toString() {
            return "direct route";
        }
    }

    /**
     * Packets go to the destination within other packets. A kernel that does not know an encapsulation takes it for
     * IPIP in silence: who needs another one reads the destination back.
     *
     * @param encapsulation the outer packet
     * @param port of the outer packet, 0 to 65535; only GUE uses it, and needs one
     * @param checksum what protects the outer packet
     */
    record Tunnel(Encapsulation encapsulation, int port, Checksum checksum) implements Forwarding {
        /** Checks the port. */
        public Tunnel {
            Ports.check("tunnel", port);
            if (encapsulation == Encapsulation.GUE && port == 0) {
                throw new IllegalArgumentException("tunnel port 0: GUE needs a port from 1 to 65535");
            }
        }

        @Override
        public String toString() {
            return switch (encapsulation) {
                case IPIP -> "tunnel ipip";
                case GUE -> "tunnel gue port " + port;
                case GRE -> "tunnel gre";
            };
        }
    }

    /**
     * Anything else that a kernel listed, number by number, so that it can be written back unchanged. There is no use
     * in making one: methods 1 (local node) and 4 (bypass) are the kernel's own, the others mean nothing to the kernels
     * this library knows.
     *
     * @param method all 32 bits count
     * @param tunnelType 0 to 255
     * @param tunnelPort 0 to 65535
     * @param tunnelFlags 0 to 65535
     */
    record Unrecognised(int method, int tunnelType, int tunnelPort, int tunnelFlags) implements Forwarding {
        /** Refuses what has a name, so that equal methods are equal values. */
        public Unrecognised {
            if ((tunnelType & ~0xff) != 0 || ((tunnelPort | tunnelFlags) & ~0xffff) != 0) {
                throw new IllegalArgumentException("tunnel type " + tunnelType + ", port " + tunnelPort + ", flags "
                        + tunnelFlags + ": a number does not fit its field");
            }
            if (ForwardingNumbers.named(method, tunnelType, tunnelPort, tunnelFlags) != null) {
                throw new IllegalArgumentException("forwarding method " + method + " has a type of its own: use that");
            }
        }

        @Override
        public String toString() {
            return "forwarding method " + Integer.toUnsignedString(method);
        }
    }
}
