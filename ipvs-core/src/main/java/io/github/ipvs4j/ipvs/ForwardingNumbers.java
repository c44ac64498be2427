// SPDX-License-Identifier: Apache-2.0
// Copyright the ipvs4j authors
package io.github.ipvs4j.ipvs;

import io.github.ipvs4j.ipvs.Forwarding.Checksum;
import io.github.ipvs4j.ipvs.Forwarding.Encapsulation;
import org.jspecify.annotations.Nullable;

/** The forwarding methods as the four numbers that the kernel keeps for each destination, and back. */
final class ForwardingNumbers {
    private static final Encapsulation[] ENCAPSULATIONS = {Encapsulation.IPIP, Encapsulation.GUE, Encapsulation.GRE};
    private static final Checksum[] CHECKSUMS = {Checksum.NONE, Checksum.FULL, Checksum.REMOTE};

    private ForwardingNumbers() {}

    static Forwarding of(int method, int tunnelType, int tunnelPort, int tunnelFlags) {
        Forwarding named = named(method, tunnelType, tunnelPort, tunnelFlags);
        return named == null ? new Forwarding.Unrecognised(method, tunnelType, tunnelPort, tunnelFlags) : named;
    }

    /** Returns the method that has a type of its own, or null. */
    static @Nullable Forwarding named(int method, int tunnelType, int tunnelPort, int tunnelFlags) {
        boolean plain = (tunnelType | tunnelPort | tunnelFlags) == 0;
        return switch (method) {
            case DestinationAttributes.METHOD_MASQUERADE -> plain ? Forwarding.MASQUERADE : null;
            case DestinationAttributes.METHOD_DIRECT_ROUTE -> plain ? Forwarding.DIRECT_ROUTE : null;
            case DestinationAttributes.METHOD_TUNNEL ->
                plain ? Forwarding.IPIP : tunnel(tunnelType, tunnelPort, tunnelFlags);
            default -> null;
        };
    }

    private static @Nullable Forwarding tunnel(int type, int port, int flags) {
        boolean known = type < ENCAPSULATIONS.length && flags < CHECKSUMS.length;
        if (!known || (ENCAPSULATIONS[type] == Encapsulation.GUE && port == 0)) {
            return null;
        }
        return new Forwarding.Tunnel(ENCAPSULATIONS[type], port, CHECKSUMS[flags]);
    }

    static int method(Forwarding forwarding) {
        if (forwarding instanceof Forwarding.Masquerade) {
            return DestinationAttributes.METHOD_MASQUERADE;
        }
        if (forwarding instanceof Forwarding.DirectRoute) {
            return DestinationAttributes.METHOD_DIRECT_ROUTE;
        }
        return forwarding instanceof Forwarding.Unrecognised other
                ? other.method()
                : DestinationAttributes.METHOD_TUNNEL;
    }

    static int tunnelType(Forwarding forwarding) {
        if (forwarding instanceof Forwarding.Tunnel tunnel) {
            return switch (tunnel.encapsulation()) {
                case IPIP -> DestinationAttributes.TUNNEL_IPIP;
                case GUE -> DestinationAttributes.TUNNEL_GUE;
                case GRE -> DestinationAttributes.TUNNEL_GRE;
            };
        }
        return forwarding instanceof Forwarding.Unrecognised other ? other.tunnelType() : 0;
    }

    static int tunnelPort(Forwarding forwarding) {
        if (forwarding instanceof Forwarding.Tunnel tunnel) {
            return tunnel.port();
        }
        return forwarding instanceof Forwarding.Unrecognised other ? other.tunnelPort() : 0;
    }

    static int tunnelFlags(Forwarding forwarding) {
        if (forwarding instanceof Forwarding.Tunnel tunnel) {
            return switch (tunnel.checksum()) {
                case NONE -> 0;
                case FULL -> DestinationAttributes.TUNNEL_CHECKSUM;
                case REMOTE -> DestinationAttributes.TUNNEL_REMOTE_CHECKSUM;
            };
        }
        return forwarding instanceof Forwarding.Unrecognised other ? other.tunnelFlags() : 0;
    }
}
